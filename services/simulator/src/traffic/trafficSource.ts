// trafficSource.ts: simulated traffic: new purchases, and whatever is due of those that were approved before.

import type { Answer } from '../answer.ts';
import type { Expectation } from '../expectations.ts';
import type { Outgoing, Source } from '../source.ts';
import { purchase, type SimulatedCard } from './authorization.ts';
import { CHANCES, DELAYS_S } from './balance.ts';
import { dueQueue } from './dueQueue.ts';
import { followUp, type Step, stepsAfter } from './followUps.ts';
import { stampsFrom } from './identity.ts';
import { merchantsOf } from './merchants.ts';
import type { Life, SimulatedMessage } from './message.ts';

/** What waits is bounded: beyond this, purchases are left to expire. */
export const MOST_WAITING = 100_000;
/** A run of this length or more takes the delays as they stand. */
const FULL_DELAYS_AFTER_MS = 30_000;

export type TrafficOptions = {
  /** 32 bits. */
  readonly seed: number;
  /** At least one; the order matters to what is drawn. */
  readonly cards: readonly SimulatedCard[];
  readonly startedAtMs: number;
  readonly durationMs: number;
};

/** Endless traffic of a seed. What is due goes first, so a run at a fixed rate sends fewer new purchases later on. */
export function trafficSource({ seed, cards, startedAtMs, durationMs }: TrafficOptions): Source {
  const merchants = merchantsOf(seed);
  const stamp = stampsFrom(startedAtMs);
  const due = dueQueue<(nowMs: number) => Outgoing>(MOST_WAITING);
  const scale = Math.min(1, durationMs / FULL_DELAYS_AFTER_MS);
  let purchases = 0;

  const later = (nowMs: number, delay: readonly [number, number], draw: number, make: (nowMs: number) => Outgoing) => {
    due.add(nowMs + 1_000 * scale * (delay[0] + (delay[1] - delay[0]) * draw), make);
  };

  const duplicateLater = (message: SimulatedMessage, answer: Answer, draw: number, nowMs: number) => {
    later(nowMs, DELAYS_S.duplicate, draw, () => ({
      message: { ...message, repeat: true },
      expectation: { of: 'same', answer },
    }));
  };

  const stepLater = (
    life: Life,
    approval: Answer,
    steps: readonly Step[],
    index: number,
    answeredAtMs: number,
  ): void => {
    const step = steps[index];
    if (step === undefined) return;
    const [wait, again] = [life.plan.draws[4 + 2 * index] ?? 0, life.plan.draws[5 + 2 * index] ?? 0];
    const delay =
      step.kind === 'reversal' ? DELAYS_S.reversal : index === 0 ? DELAYS_S.clearing : DELAYS_S.furtherClearing;
    later(answeredAtMs, delay, wait, (nowMs) => {
      const message = followUp(life, step, approval.authorization_code, stamp(), nowMs);
      const expectation: Expectation = { of: 'fact', message, transactionId: approval.transaction_id };
      return {
        message,
        expectation,
        answered: (answer, atMs) => {
          if (again < CHANCES.duplicate) duplicateLater(message, answer, again / CHANCES.duplicate, atMs);
          stepLater(life, approval, steps, index + 1, atMs);
        },
      };
    });
  };

  const newPurchase = (nowMs: number): Outgoing => {
    const made = purchase(seed, purchases++, cards, merchants, stamp(), nowMs);
    return {
      message: made.message,
      expectation: { of: 'authorization', message: made.message, unknownCard: made.unknownCard },
      answered: (answer, atMs) => {
        if (made.duplicated) duplicateLater(made.message, answer, made.plan.draws[10] ?? 0, atMs);
        const approved = answer.decision === 'declined' ? 0 : (answer.approved_amount ?? 0);
        if (approved > 0) stepLater(made, answer, stepsAfter(made, approved), 0, atMs);
      },
    };
  };

  return {
    next: async (nowMs) => due.take(nowMs)?.(nowMs) ?? newPurchase(nowMs),
    get waiting() {
      return due.size;
    },
    close: () => undefined,
  };
}
