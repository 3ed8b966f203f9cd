// account.ts: an account's own events: its money, its transfers, what it may spend.

import type { CurrencyCode } from '@holdfast/money';
import type { TransferRefusal } from '../accounts/transfer.ts';
import type { Flag } from '../authorization/reasons.ts';
import type { AccountId, CorrectionId, DepositId, ProgramId, TransferId, WithdrawalId } from '../ids.ts';
import type { Balances, Entry } from '../ledger/entry.ts';
import type { SuspenseSum, SuspenseTo } from '../ledger/suspense.ts';
import type { Event } from './parts.ts';

/** The other side of a correction. */
export const CORRECTION_AGAINST = ['adjustments', 'losses', 'fees', 'bank', 'suspense'] as const;
export type CorrectionAgainst = (typeof CORRECTION_AGAINST)[number];

export type AccountOpened = Event<
  'AccountOpened',
  {
    readonly accountId: AccountId;
    readonly programId: ProgramId;
    readonly currency: CurrencyCode;
    readonly name?: string;
    readonly creditLineMinor: bigint;
  }
>;

export type AccountClosed = Event<'AccountClosed', { readonly accountId: AccountId; readonly reason?: string }>;

export type FundsDeposited = Event<
  'FundsDeposited',
  {
    readonly depositId: DepositId;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly reference?: string;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

export type FundsWithdrawn = Event<
  'FundsWithdrawn',
  {
    readonly withdrawalId: WithdrawalId;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly reference?: string;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** Somebody's word that the account has too little (`credit`) or too much (`debit`). It may overdraw, flagged. */
export type CorrectionPosted = Event<
  'CorrectionPosted',
  {
    readonly correctionId: CorrectionId;
    /** Seen from the account: a credit adds to what is available. */
    readonly direction: 'credit' | 'debit';
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly against: CorrectionAgainst;
    readonly reason: string;
    readonly reference?: string;
    readonly flags: readonly Flag[];
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** Money has left for another account of the program: it is in transit until that account has it, or this one again. */
export type TransferSent = Event<
  'TransferSent',
  {
    readonly transferId: TransferId;
    readonly target: AccountId;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly reference?: string;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** In the stream of its target. */
export type TransferReceived = Event<
  'TransferReceived',
  {
    readonly transferId: TransferId;
    readonly source: AccountId;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly reference?: string;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** In the stream of its target, which will never receive it now. */
export type TransferRefused = Event<
  'TransferRefused',
  { readonly transferId: TransferId; readonly source: AccountId; readonly reason: TransferRefusal }
>;

/** In the stream of its source: it was received. */
export type TransferCompleted = Event<'TransferCompleted', { readonly transferId: TransferId }>;

/** In the stream of its source: it was refused. */
export type TransferReturned = Event<
  'TransferReturned',
  {
    readonly transferId: TransferId;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly reason: TransferRefusal;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** What an event of this stream left in suspense has gone where it belongs. */
export type SuspenseResolved = Event<
  'SuspenseResolved',
  SuspenseSum & {
    /** Of the event that left it there. */
    readonly revision: number;
    readonly to: 'available' | SuspenseTo;
    /** What it is to the account, in its currency, when it goes there. */
    readonly accountMinor?: bigint;
    readonly reason: string;
    readonly flags: readonly Flag[];
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** What an event of an `unmatched` stream left in suspense was assigned to this account. */
export type SuspenseReceived = Event<
  'SuspenseReceived',
  SuspenseSum & {
    readonly stream: string;
    readonly revision: number;
    readonly accountMinor: bigint;
    readonly flags: readonly Flag[];
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** The account's credit line from now on; below what is used of it, what is spendable is below zero. */
export type CreditLineSet = Event<'CreditLineSet', { readonly creditLineMinor: bigint }>;

type Spendable = { readonly availableMinor: bigint; readonly spendableMinor: bigint };
/** What is spendable (available and credit line) has gone below zero by the events of the same append. */
export type AccountOverdrawn = Event<'AccountOverdrawn', Spendable>;
/** It has come back to zero or more. */
export type AccountRecovered = Event<'AccountRecovered', Spendable>;

export type FundsEvent =
  | AccountOpened
  | AccountClosed
  | FundsDeposited
  | FundsWithdrawn
  | CorrectionPosted
  | TransferSent
  | TransferReceived
  | TransferRefused
  | TransferCompleted
  | TransferReturned
  | SuspenseResolved
  | SuspenseReceived
  | CreditLineSet
  | AccountOverdrawn
  | AccountRecovered;
