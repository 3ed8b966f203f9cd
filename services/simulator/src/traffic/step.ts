// step.ts: one message of a purchase's life as the network means it, before it has numbers and a time.

import type { MessageType } from './message.ts';

export type Step = {
  readonly type: MessageType;
  /** Minor units of the purchase's currency; a reversal without one is of all. */
  readonly amount?: number;
  /** Of a reversal: what stands after it. */
  readonly remaining?: number;
  readonly cash?: number;
  readonly surcharge?: number;
  /** Of a clearing: no further one follows. */
  readonly final?: boolean;
  readonly declinedByNetwork?: true;
  /** The step that it means, by its place, when that is not the purchase: an increment, a clearing. */
  readonly of?: number;
  /** It says what everything comes to: less, when an increment was not approved. */
  readonly inAll?: true;
  /** A request that comes after its own advice: it was sent before it. */
  readonly overtaken?: true;
  /**
   * Steps, by place, that are answered before this one is sent, in whatever order the others come: the rules themselves
   * (docs/lifecycle.md) make it another purchase otherwise.
   */
  readonly after: readonly number[];
  /** What the answer must be flagged with when all comes in order. */
  readonly flags: readonly string[];
};

type Said = Partial<Omit<Step, 'type' | 'amount'>>;

export function step(type: MessageType, amount: number | undefined, said: Said = {}): Step {
  return { type, ...(amount === undefined ? {} : { amount }), after: [], flags: [], ...said };
}

export const clearing = (amount: number, said: Said = {}) => step('clearing', amount, { final: true, ...said });

/**
 * `total` in one part more than there are cuts (each in [0, 1)): a cut takes 20 to 80 % of what is left. Every part is at
 * least 1; there are fewer where `total` is too small.
 */
export function parts(total: number, cuts: readonly number[]): readonly number[] {
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

/** A share of `total`, rounded, at least 1. */
export function shareOf(total: number, share: number): number {
  return Math.max(1, Math.round(total * share));
}
