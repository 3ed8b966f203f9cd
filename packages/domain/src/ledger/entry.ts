// entry.ts: a journal entry: legs that sum to zero per currency, recorded in the event that moves the money.

import type { CurrencyCode } from '@holdfast/money';
import { broken } from '../invariant.ts';
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
const LEAST_BALANCE_MINOR = -MAX_BALANCE_MINOR;

/** Two legs that move `amountMinor` (at least zero) from one ledger account to another; no legs for zero. */
export function move(debit: LedgerAccount, credit: LedgerAccount, amountMinor: bigint, currency: CurrencyCode): Entry {
  if (amountMinor < 0n) broken(`an entry of ${amountMinor} from ${debit} to ${credit}`);
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
  let debitsMinor = 0n;
  let creditsMinor = 0n;
  let mixed = false;
  for (const leg of entry) {
    const isDebit = 'debitMinor' in leg;
    const amountMinor = isDebit ? leg.debitMinor : leg.creditMinor;
    if (amountMinor <= 0n) broken(`a ${isDebit ? 'debit' : 'credit'} of ${amountMinor} on ${leg.account}`);
    if (leg.currency !== first) mixed = true;
    if (isDebit) debitsMinor += amountMinor;
    else creditsMinor += amountMinor;
  }
  if (mixed) assertEachCurrencyBalanced(entry);
  else if (debitsMinor !== creditsMinor) broken(`an entry that is off by ${debitsMinor - creditsMinor} ${first}`);
}

function assertEachCurrencyBalanced(entry: Entry): void {
  const sums = new Map<CurrencyCode, bigint>();
  for (const leg of entry) sums.set(leg.currency, (sums.get(leg.currency) ?? 0n) + signedMinor(leg));
  for (const [currency, sum] of sums) if (sum !== 0n) broken(`an entry that is off by ${sum} ${currency}`);
}

/** Debits above zero, credits below. */
export function signedMinor(leg: Leg): bigint {
  return 'debitMinor' in leg ? leg.debitMinor : -leg.creditMinor;
}

/** `balances` with an entry's legs on `available` and `held` posted: both are liabilities, so a credit adds. */
export function post(balances: Balances, entry: Entry): Balances {
  let { availableMinor, heldMinor } = balances;
  for (const leg of entry) {
    if (leg.account === 'available') availableMinor = posted(availableMinor, leg);
    else if (leg.account === 'held') heldMinor = posted(heldMinor, leg);
  }
  if (heldMinor < 0n) broken(`held funds of ${heldMinor}`);
  const within =
    availableMinor >= LEAST_BALANCE_MINOR &&
    availableMinor + heldMinor <= MAX_BALANCE_MINOR &&
    heldMinor <= MAX_BALANCE_MINOR;
  if (!within) broken(`a balance beyond 2^53 − 1: ${availableMinor} available, ${heldMinor} held`);
  return { availableMinor, heldMinor };
}

function posted(balanceMinor: bigint, leg: Leg): bigint {
  return 'debitMinor' in leg ? balanceMinor - leg.debitMinor : balanceMinor + leg.creditMinor;
}
