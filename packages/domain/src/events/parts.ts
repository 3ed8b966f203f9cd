// parts.ts: what several events are made of.

import type { CurrencyCode } from '@holdfast/money';
import type { Totals } from '../authorization/totals.ts';

export type Event<Type extends string, Data> = { readonly type: Type; readonly data: Data };

/** What a decision relied on beside its own stream: revisions of the streams that it read. */
export type Versions = { readonly program: number };

/** What left `open`: in transaction currency, in account currency, and of the hold (account currency). */
export type Taken = {
  readonly openMinor: bigint;
  readonly openAccountMinor: bigint;
  readonly heldMinor: bigint;
};

/** By how much an event changes a transaction's totals, in transaction and in account currency; what is left out stays. */
export type Change = {
  readonly totals?: Partial<Totals>;
  readonly accountTotals?: Partial<Totals>;
  readonly heldMinor?: bigint;
  /** What a refund gives back to limits, or a refund reversal charges them again. Account currency. */
  readonly givenBackMinor?: bigint;
};

/** A share of what a single message posted: in transaction and account currency, and what the network settled for it. */
export type Share = {
  readonly amountMinor: bigint;
  /** Account currency, the mark-up in it. */
  readonly accountMinor: bigint;
  readonly feeMinor: bigint;
  readonly settledMinor: bigint;
  readonly settledCurrency: CurrencyCode;
};

/** What an event adds to the spending that limits count (below zero: gives back), and when it was charged. */
export type SpendingChange = { readonly at: string; readonly amountMinor: bigint };
