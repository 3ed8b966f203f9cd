// followUps.ts: what the network sends after an approval: reversals and clearings that never exceed what was approved,
// unless the fate is to be cleared above it.

import { CHANCES } from './balance.ts';
import { acquirerReferenceNumber, type Stamp } from './identity.ts';
import type { Life, SimulatedMessage } from './message.ts';
import { convert } from './places.ts';

export type Step =
  /** Minor units of the transaction's currency. */
  | { readonly kind: 'clearing'; readonly amount: number; readonly final: boolean }
  /** Without an amount: all that is open. */
  | {
      readonly kind: 'reversal';
      readonly advice: boolean;
      readonly amount?: number;
      readonly remainingAmount?: number;
    };

/** The steps after an approval of `approved` minor units (above zero), in the order they are sent. */
export function stepsAfter(life: Life, approved: number): readonly Step[] {
  const { fate, draws } = life.plan;
  const draw = (index: number) => draws[index] ?? 0;
  const advice = draw(1) < CHANCES.reversalIsAdvice;
  const closing = (amount: number): Step => ({ kind: 'clearing', amount, final: true });

  switch (fate) {
    case 'never_cleared':
      return [];
    case 'cleared_exactly':
      return [closing(approved)];
    case 'cleared_below':
      return [closing(Math.max(1, Math.round(approved * (0.6 + 0.39 * draw(0)))))];
    case 'cleared_above':
      return [closing(approved + Math.max(1, Math.floor(approved * (0.05 + 0.15 * draw(0)))))];
    case 'cleared_in_parts':
      return parts(approved, draw(0) < 0.6 ? [draw(2)] : [draw(2), draw(3)]).map((amount, index, all) => ({
        kind: 'clearing',
        amount,
        final: index === all.length - 1,
      }));
    case 'reversed': {
      const requested = life.message.amount;
      // A full reversal is sent either way: without an amount, or with the one that was first requested.
      return [{ kind: 'reversal', advice, ...(draw(0) < 0.5 || requested === undefined ? {} : { amount: requested }) }];
    }
    case 'reversed_by_amount': {
      const [released, kept] = parts(approved, [draw(0)]);
      if (released === undefined || kept === undefined) return [{ kind: 'reversal', advice }];
      return [{ kind: 'reversal', advice, amount: released }, closing(kept)];
    }
    case 'reversed_to_remaining': {
      const [released, kept] = parts(approved, [draw(0)]);
      if (released === undefined || kept === undefined) return [{ kind: 'reversal', advice }];
      return [{ kind: 'reversal', advice, remainingAmount: kept }, closing(kept)];
    }
    default:
      return fate satisfies never;
  }
}

/**
 * `total` in one part more than there are cuts (each in [0, 1)): a cut takes 20 to 80 % of what is left. Every part is at
 * least 1; there are fewer where `total` is too small.
 */
function parts(total: number, cuts: readonly number[]): readonly number[] {
  const result: number[] = [];
  let rest = total;
  for (const cut of cuts) {
    if (rest < 2) break;
    const part = Math.max(1, Math.floor(rest * (0.2 + 0.6 * cut)));
    result.push(part);
    rest -= part;
  }
  return [...result, rest];
}

/** The message of a step. It keeps the RRN of the authorization, has a STAN of its own, and names its original. */
export function followUp(
  life: Life,
  step: Step,
  authorizationCode: string | undefined,
  stamp: Stamp,
  nowMs: number,
): SimulatedMessage {
  const { message, plan, accountCurrency } = life;
  const common = {
    network: message.network,
    card: message.card,
    currency: message.currency,
    merchant: message.merchant,
    acquirer_id: message.acquirer_id,
    acquirer_country: message.acquirer_country,
    terminal_id: message.terminal_id,
    stan: stamp.stan,
    rrn: message.rrn,
    transmitted_at: new Date(nowMs).toISOString(),
    ...(authorizationCode === undefined ? {} : { authorization_code: authorizationCode }),
    ...(plan.link === 'network_transaction_id' && message.network_transaction_id !== undefined
      ? { network_transaction_id: message.network_transaction_id }
      : {}),
    ...(plan.link === 'original'
      ? {
          original: {
            type: 'authorization' as const,
            stan: message.stan,
            transmitted_at: message.transmitted_at,
            acquirer_id: message.acquirer_id,
          },
        }
      : {}),
  };
  if (step.kind === 'reversal') {
    return {
      ...common,
      type: step.advice ? 'reversal_advice' : 'reversal',
      ...(step.amount === undefined ? {} : { amount: step.amount }),
      ...(step.remainingAmount === undefined ? {} : { remaining_amount: step.remainingAmount }),
      reason: 'customer_cancellation',
    };
  }
  const converted = message.billing === undefined ? undefined : convert(step.amount, message.currency, accountCurrency);
  return {
    ...common,
    type: 'clearing',
    amount: step.amount,
    final: step.final,
    ...(converted === undefined
      ? {}
      : { billing: { amount: converted.amount, currency: accountCurrency, rate: converted.rate } }),
    arn: acquirerReferenceNumber(message.acquirer_id, stamp, nowMs),
  };
}
