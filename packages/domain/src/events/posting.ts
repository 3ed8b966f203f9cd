// posting.ts: what is posted to a cardholder, and posted back.

import type { NetworkMessage } from '../authorization/message.ts';
import type { Flag } from '../authorization/reasons.ts';
import type { TransactionStatus } from '../authorization/transaction.ts';
import type { TransactionId } from '../ids.ts';
import type { Balances, Entry } from '../ledger/entry.ts';
import type { Conversion } from '../programs/conversion.ts';
import type { Fact } from './fact.ts';
import type { Event, Share, SpendingChange, Taken } from './parts.ts';

export type ClearingPosted = Event<
  'ClearingPosted',
  {
    readonly transactionId: TransactionId;
    readonly message: NetworkMessage;
    readonly final: boolean;
    readonly flags: readonly Flag[];
    readonly taken: Taken;
    /**
     * What the cardholder pays now, account currency, the mark-up in it. Of a single message that was posted before it is
     * the difference, and below zero what is posted back.
     */
    readonly postedMinor: bigint;
    /** The share of a financial authorization that it confirms. */
    readonly confirmed?: Share;
    readonly conversion?: Conversion;
    readonly spending: readonly SpendingChange[];
    readonly status: TransactionStatus;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/**
 * A clearing that no rate can bring into the account's currency, or a clearing reversal that finds no clearing: booked
 * against suspense until a correction.
 */
export type ClearingSuspended = Event<
  'ClearingSuspended',
  { readonly message: NetworkMessage; readonly flags: readonly Flag[]; readonly entry: Entry }
>;

/** Posts back a clearing, or part of it. */
export type ClearingReversed = Event<
  'ClearingReversed',
  Fact & {
    /** The revision of the clearing's event. */
    readonly clearingRevision: number;
    readonly share: Share;
  }
>;

export type RefundPosted = Event<
  'RefundPosted',
  Fact & {
    /** What the cardholder gets, account currency. */
    readonly postedMinor: bigint;
    readonly conversion?: Conversion;
  }
>;

/** Takes a refund back. */
export type RefundReversed = Event<
  'RefundReversed',
  Fact & {
    /** What the cardholder pays, account currency. */
    readonly postedMinor: bigint;
    readonly conversion?: Conversion;
  }
>;

/** A refund, or its reversal, that no rate can bring into the account's currency. */
export type RefundSuspended = Event<
  'RefundSuspended',
  { readonly message: NetworkMessage; readonly flags: readonly Flag[]; readonly entry: Entry }
>;

export type PostingEvent =
  | ClearingPosted
  | ClearingSuspended
  | ClearingReversed
  | RefundPosted
  | RefundReversed
  | RefundSuspended;
