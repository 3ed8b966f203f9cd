// written.ts: a step as the message that goes out, with its numbers and its time, and the name of what it means.

import { acquirerReferenceNumber, networkTransactionId, type Stamp } from './identity.ts';
import { isDecided, type SimulatedMessage } from './message.ts';
import { convert } from './places.ts';
import type { Purchase } from './purchase.ts';
import type { Step } from './step.ts';

/** What the messages of one purchase share. */
export type Thread = {
  readonly purchase: Purchase;
  /** How follow-ups name their original. */
  readonly link: Purchase['plan']['link'];
  readonly networkTransactionId: string;
  readonly rrn: string;
};

/** `stamp` is that of its first message. */
export function threadOf(purchase: Purchase, link: Thread['link'], stamp: Stamp, nowMs: number): Thread {
  return {
    purchase,
    link,
    networkTransactionId: networkTransactionId(purchase.network, stamp, nowMs),
    rrn: stamp.rrn,
  };
}

export type Known = {
  /** The first message of the purchase; undefined when this is it. */
  readonly first: SimulatedMessage | undefined;
  /** The message that the step names, when it names another one. */
  readonly meant: SimulatedMessage | undefined;
  readonly authorizationCode: string | undefined;
};

/**
 * The message of a step. It keeps the RRN of its purchase, unless it raises it: an advice with the RRN of an increment
 * says the same increment again. It has a STAN of its own.
 */
export function written(
  { purchase, link, ...thread }: Thread,
  step: Step,
  { first, meant, authorizationCode }: Known,
  stamp: Stamp,
  sentAtMs: number,
): SimulatedMessage {
  const { type, amount } = step;
  const { shop, currency, accountCurrency } = purchase;
  const raises = type === 'increment' || type === 'increment_advice';
  const releases = type === 'reversal' || type === 'reversal_advice';
  const converted =
    amount === undefined || releases || currency === accountCurrency
      ? undefined
      : convert(amount, currency, accountCurrency);
  return {
    type,
    network: purchase.network,
    ...(first === undefined || link === 'network_transaction_id'
      ? { network_transaction_id: thread.networkTransactionId }
      : {}),
    card: { id: purchase.cardId },
    ...(amount === undefined ? {} : { amount }),
    ...(step.remaining === undefined ? {} : { remaining_amount: step.remaining }),
    currency,
    ...(converted === undefined
      ? {}
      : { billing: { amount: converted.amount, currency: accountCurrency, rate: converted.rate } }),
    ...(step.cash === undefined ? {} : { cash_amount: step.cash }),
    ...(step.surcharge === undefined ? {} : { surcharge_amount: step.surcharge }),
    ...(step.final === undefined ? {} : { final: step.final }),
    merchant: shop.merchant,
    acquirer_id: shop.acquirerId,
    acquirer_country: shop.merchant.country,
    terminal_id: purchase.terminalId,
    stan: stamp.stan,
    rrn: raises ? stamp.rrn : thread.rrn,
    ...(authorizationCode === undefined ? {} : { authorization_code: authorizationCode }),
    ...arnOf(step, meant, shop.acquirerId, stamp, sentAtMs),
    transmitted_at: new Date(sentAtMs).toISOString(),
    ...(isDecided(type) ? { entry_mode: purchase.entryMode, card_present: purchase.present } : {}),
    ...(first === undefined && type === 'authorization' ? { partial_approval: purchase.takesPartialApproval } : {}),
    ...originalOf(link, type, first, meant),
    ...(step.declinedByNetwork === true ? { network_decision: 'declined' as const } : {}),
    ...(releases ? { reason: 'customer_cancellation' } : {}),
  };
}

/** A reversal of an increment names that; a clearing reversal has its clearing's reference number, or names it. */
function originalOf(
  link: Thread['link'],
  type: SimulatedMessage['type'],
  first: SimulatedMessage | undefined,
  meant: SimulatedMessage | undefined,
): Pick<SimulatedMessage, 'original'> {
  if (meant !== undefined && (link === 'original' || type !== 'clearing_reversal')) return { original: named(meant) };
  return link === 'original' && first !== undefined ? { original: named(first) } : {};
}

function named({ type, stan, transmitted_at, acquirer_id }: SimulatedMessage) {
  return { type, stan, transmitted_at, acquirer_id };
}

function arnOf(
  { type }: Step,
  meant: SimulatedMessage | undefined,
  acquirerId: string,
  stamp: Stamp,
  sentAtMs: number,
): Pick<SimulatedMessage, 'arn'> {
  if (type === 'clearing_reversal' && meant?.arn !== undefined) return { arn: meant.arn };
  return type === 'clearing' || type === 'refund' ? { arn: acquirerReferenceNumber(acquirerId, stamp, sentAtMs) } : {};
}
