// asideSums.ts: what the transactions that are put aside of one account come to, so that none is read to look at all.

import { type Aside, type CardId, chargesOf, fromIso, type Instant, type Transaction } from '@holdfast/domain';

export type AsideSums = Aside & {
  /** A transaction is put aside, or (`-1n`) comes back as it was put aside. */
  count(transaction: Transaction, sign: 1n | -1n): void;
  /** What was charged before is in no day that is asked for from now on. */
  forget(before: Instant): void;
};

/** Local days begin and end with one, in every time zone in use. */
const QUARTER_MS = 900_000;

/** Keeps one number for each card and quarter of an hour that it was charged in, until that is forgotten. */
export function asideSums(): AsideSums {
  let heldMinor = 0n;
  let forgotten = Number.NEGATIVE_INFINITY;
  const cards = new Map<CardId, Map<Instant, bigint>>();

  function countCharge(cardId: CardId, quarter: Instant, minor: bigint): void {
    let quarters = cards.get(cardId);
    if (quarters === undefined) {
      quarters = new Map();
      cards.set(cardId, quarters);
    }
    quarters.set(quarter, (quarters.get(quarter) ?? 0n) + minor);
  }

  return {
    get heldMinor() {
      return heldMinor;
    },
    count(transaction, sign) {
      const { cardId } = transaction;
      heldMinor += sign * transaction.heldMinor;
      for (const { at, amountMinor } of chargesOf(transaction)) {
        const quarter = quarterOf(fromIso(at));
        if (quarter >= forgotten) countCharge(cardId, quarter, sign * amountMinor);
      }
    },
    forget(before) {
      forgotten = Math.max(forgotten, quarterOf(before));
      for (const quarters of cards.values()) {
        for (const quarter of quarters.keys()) if (quarter < forgotten) quarters.delete(quarter);
      }
    },
    chargedMinor(startsAt, endsAt, cardId) {
      let sum = 0n;
      const those = cardId === undefined ? cards.values() : [cards.get(cardId) ?? NONE];
      for (const quarters of those) {
        for (const [quarter, minor] of quarters) if (quarter >= startsAt && quarter < endsAt) sum += minor;
      }
      return sum;
    },
  };
}

function quarterOf(moment: Instant): Instant {
  return Math.floor(moment / QUARTER_MS) * QUARTER_MS;
}

const NONE: ReadonlyMap<Instant, bigint> = new Map();
