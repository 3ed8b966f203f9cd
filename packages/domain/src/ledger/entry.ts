// entry.ts: a journal entry: legs that sum to zero per currency, recorded in the event that moves the money.

import type { CurrencyCode } from '@holdfast/money';

/**
 * The chart of accounts. `available` and `held` exist per account (the stream that holds the entry says whose);
 * the rest per program and currency. Settlement is kept per network too.
 */
export type LedgerAccount =
  | 'available'
  | 'held'
  | `settlement:${string}`
  | 'bank'
  | 'fees'
  | 'fx'
  | 'interchange'
  | 'losses'
  | 'disputes'
  | 'adjustments'
  | 'suspense'
  | 'in_transit';

/** One line: exactly one of the two amounts, in minor units of `currency`, above zero. */
export type Leg = { readonly account: LedgerAccount; readonly currency: CurrencyCode } & (
  | { readonly debitMinor: bigint }
  | { readonly creditMinor: bigint }
);

export type Entry = readonly Leg[];

/** What an account's owner has after an event, in minor units of the account's currency. `posted` is their sum. */
export type Balances = { readonly availableMinor: bigint; readonly heldMinor: bigint };
