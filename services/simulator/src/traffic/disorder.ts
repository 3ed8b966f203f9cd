// disorder.ts: what goes wrong between a network and an issuer, and how often; drawn apart from the purchases, which stay
// the same whatever the disorder.

import type { Purchase } from './purchase.ts';
import { randomOf } from './random.ts';

export const DISORDERS = ['duplicates', 'repeats', 'late', 'out_of_order', 'dropped_answers', 'stand_in'] as const;

export type DisorderKind = (typeof DISORDERS)[number];

/** Percent: `out_of_order` and `stand_in` of purchases, `dropped_answers` of requests, the others of messages. */
export type Disorder = Readonly<Record<DisorderKind, number>>;

export const NO_DISORDER: Disorder = {
  duplicates: 0,
  repeats: 0,
  late: 0,
  out_of_order: 0,
  dropped_answers: 0,
  stand_in: 0,
};

/** From none, over an ordinary day, to more than any network has seen. */
export const DISORDER_LEVELS: readonly Disorder[] = [
  NO_DISORDER,
  { duplicates: 1, repeats: 3, late: 1, out_of_order: 0, dropped_answers: 1, stand_in: 0 },
  { duplicates: 5, repeats: 5, late: 5, out_of_order: 10, dropped_answers: 4, stand_in: 5 },
  { duplicates: 15, repeats: 15, late: 20, out_of_order: 40, dropped_answers: 15, stand_in: 20 },
];

/** What happens to a purchase as a whole. */
export type Fortune = {
  readonly outOfOrder: boolean;
  readonly standIn: boolean;
  /** The request gets through after all, after the advice of what the network answered in its place. */
  readonly requestArrives: boolean;
  /** In [0, 1): how long the network stands in. */
  readonly outage: number;
};

/** What happens to one message of it. */
export type Mishap = {
  readonly late: boolean;
  /** Nobody hears the answer: the network reverses it, and the terminal asks anew. */
  readonly dropped: boolean;
  readonly duplicate: boolean;
  readonly repeat: boolean;
  /** Second copies come while the first one is still under way. */
  readonly inParallel: boolean;
  /** In [0, 1), one for each wait. */
  readonly waits: Readonly<Record<'step' | 'again' | 'late' | 'givesUp', number>>;
};

/** Purchases in a row that one outage swallows, or not. */
const OUTAGE_PURCHASES = 25;

/**
 * An outage takes several purchases one after the other. The card that nobody issued and what any issuer would decline
 * stay in order: a network does not approve them in our place.
 */
export function fortuneOf(seed: number, { number: n, doubtful }: Purchase, disorder: Disorder): Fortune {
  const random = randomOf(seed, 2, n);
  const outOfOrder = random.chance(disorder.out_of_order / 100);
  const requestArrives = random.chance(0.3);
  const outage = randomOf(seed, 3, Math.floor(n / OUTAGE_PURCHASES));
  const length = (OUTAGE_PURCHASES * disorder.stand_in) / 100;
  const from = outage.between(0, OUTAGE_PURCHASES - length);
  const lasts = outage.next();
  const place = n % OUTAGE_PURCHASES;
  const standIn = place >= from && place < from + length;
  return { outOfOrder: outOfOrder && !doubtful, standIn: standIn && !doubtful, requestArrives, outage: lasts };
}

export function mishapOf(seed: number, { number }: Purchase, index: number, disorder: Disorder): Mishap {
  const random = randomOf(seed, 4, number, index);
  const waits = { step: random.next(), again: random.next(), late: random.next(), givesUp: random.next() };
  const happens = (percent: number) => random.chance(percent / 100);
  return {
    waits,
    late: happens(disorder.late),
    dropped: happens(disorder.dropped_answers),
    duplicate: happens(disorder.duplicates),
    repeat: happens(disorder.repeats),
    inParallel: random.chance(0.5),
  };
}
