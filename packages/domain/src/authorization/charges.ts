// charges.ts: what spending limits still count of a transaction, and how that changes.

import type { SpendingChange } from '../events.ts';
import { invariant } from '../invariant.ts';
import { toIso } from '../time.ts';
import type { Transaction } from './transaction.ts';

/** Oldest first, each moment once, none zero; below zero is what a refund gave back then. `at` as in events, amounts in account currency. */
export type Charges = readonly { readonly at: string; readonly amountMinor: bigint }[];

/** Of nearly every transaction, nothing is kept of its charges: there is one, when it was opened, of all that stands. */
export function chargesOf(tx: Transaction): Charges {
  return tx.charges ?? [{ at: toIso(tx.openedAt), amountMinor: chargedMinor(tx) }];
}

/** Whether that is what an event says that limits count of a transaction that it has opened. */
export function isUsual(tx: Transaction, [first, ...others]: readonly SpendingChange[]): boolean {
  if (first === undefined || others.length > 0) return false;
  return first.amountMinor === chargedMinor(tx) && first.at === toIso(tx.openedAt);
}

/**
 * How the spending that limits count changes when a transaction's open and cleared money (account currency) changes by
 * `deltaMinor`: a rise is charged now; a fall gives back to the windows that were charged, the newest charge first.
 */
export function spendingChanges(charges: Charges, deltaMinor: bigint, now: string): readonly SpendingChange[] {
  if (deltaMinor === 0n) return [];
  if (deltaMinor > 0n) return [{ at: now, amountMinor: deltaMinor }];
  const changes: SpendingChange[] = [];
  let left = -deltaMinor;
  for (const { at, amountMinor } of charges.toReversed()) {
    if (left === 0n) break;
    if (amountMinor <= 0n) continue;
    const given = amountMinor < left ? amountMinor : left;
    changes.push({ at, amountMinor: -given });
    left -= given;
  }
  invariant(left === 0n, `giving back ${left} more than was charged`);
  return changes;
}

/** The charges after changes that `spendingChanges` made. */
export function charged(charges: Charges, changes: readonly SpendingChange[]): Charges {
  let after = charges;
  for (const { at, amountMinor } of changes) {
    const standing = after.find((charge) => charge.at === at);
    if (standing === undefined) after = [...after, { at, amountMinor }];
    else {
      const changed = { at, amountMinor: standing.amountMinor + amountMinor };
      after = after.map((charge) => (charge === standing ? changed : charge));
    }
  }
  invariant(
    after.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) >= 0n,
    'limits count less than nothing of a transaction',
  );
  return after.filter(({ amountMinor }) => amountMinor !== 0n);
}

/** What limits count of a transaction: open and cleared, less what refunds gave back. Account currency. */
export function chargedMinor({ accountTotals: { openMinor, clearedMinor }, givenBackMinor }: Transaction): bigint {
  return openMinor + clearedMinor - givenBackMinor;
}

/**
 * How the spending that limits count changes when `deltaMinor` more of a transaction (undefined: of a new one) is open or
 * cleared. What a refund has given back is not given back again when the purchase itself comes to nothing.
 */
export function chargesFor(tx: Transaction | undefined, deltaMinor: bigint, now: string): readonly SpendingChange[] {
  if (tx === undefined) return spendingChanges([], deltaMinor, now);
  const { accountTotals, givenBackMinor } = tx;
  const standsMinor = accountTotals.openMinor + accountTotals.clearedMinor + deltaMinor;
  const afterMinor = standsMinor - (givenBackMinor < standsMinor ? givenBackMinor : standsMinor);
  return spendingChanges(chargesOf(tx), afterMinor - chargedMinor(tx), now);
}
