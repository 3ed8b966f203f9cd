// entry.ts: a journal entry: legs that sum to zero per currency, recorded in the event that moves the money.

import type { CurrencyCode } from '@holdfast/money';
import { invariant } from '../invariant.ts';
import type { LedgerAccount } from './chart.ts';

/** One line: exactly one of the two amounts, in minor units of `currency`, above zero. */
export type Leg = { readonly account: LedgerAccount; readonly currency: CurrencyCode } & (
  | { readonly debitMinor: bigint }
  | { readonly creditMinor: bigint }
);

export type Entry = readonly Leg[];

/** What an account's owner has after an event, in minor units of the account's currency. `posted` is their sum. */
export type Balances = { readonly availableMinor: bigint; readonly heldMinor: bigint };

/** No balance may get beyond what a JSON integer holds exactly. */
export const MAX_BALANCE_MINOR = 2n ** 53n - 1n;

/** Two legs that move `amountMinor` (at least zero) from one ledger account to another; no legs for zero. */
export function move(debit: LedgerAccount, credit: LedgerAccount, amountMinor: bigint, currency: CurrencyCode): Entry {
  invariant(amountMinor >= 0n, `an entry of ${amountMinor} from ${debit} to ${credit}`);
  if (amountMinor === 0n) return [];
  return [
    { account: debit, currency, debitMinor: amountMinor },
    { account: credit, currency, creditMinor: amountMinor },
  ];
}

/** Throws `InvariantBroken` unless every leg is above zero and debits equal credits in each currency. */
export function assertBalanced(entry: Entry): void {
  if (entry.length === 0) return;
  const first = entry[0]?.currency;
  let sum = 0n;
  let mixed = false;
  for (const leg of entry) {
    const signed = signedMinor(leg);
    invariant('debitMinor' in leg ? signed > 0n : signed < 0n, `a leg of ${signed} on ${leg.account}`);
    if (leg.currency !== first) mixed = true;
    sum += signed;
  }
  invariant(mixed || sum === 0n, `an entry that is off by ${sum} ${first}`);
  if (mixed) assertEachCurrencyBalanced(entry);
}

function assertEachCurrencyBalanced(entry: Entry): void {
  const sums = new Map<CurrencyCode, bigint>();
  for (const leg of entry) sums.set(leg.currency, (sums.get(leg.currency) ?? 0n) + signedMinor(leg));
  for (const [currency, sum] of sums) invariant(sum === 0n, `an entry that is off by ${sum} ${currency}`);
}

/** Debits above zero, credits below. */
export function signedMinor(leg: Leg): bigint {
  return 'debitMinor' in leg ? leg.debitMinor : -leg.creditMinor;
}

/** `balances` with an entry's legs on `available` and `held` posted: both are liabilities, so a credit adds. */
export function post(balances: Balances, entry: Entry): Balances {
  let { availableMinor, heldMinor } = balances;
  for (const leg of entry) {
    if (leg.account === 'available') availableMinor -= signedMinor(leg);
    else if (leg.account === 'held') heldMinor -= signedMinor(leg);
  }
  invariant(heldMinor >= 0n, `held funds of ${heldMinor}`);
  invariant(
    availableMinor >= -MAX_BALANCE_MINOR &&
      availableMinor + heldMinor <= MAX_BALANCE_MINOR &&
      heldMinor <= MAX_BALANCE_MINOR,
    `a balance beyond 2^53 − 1: ${availableMinor} available, ${heldMinor} held`,
  );
  return { availableMinor, heldMinor };
}
