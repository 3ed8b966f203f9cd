// queries.ts: what can be asked of the read models. Reads are synchronous: one SQLite file on this machine.

import type {
  Balances,
  ClearingFileFacts,
  Controls,
  Entry,
  Flag,
  HoldExpiryDays,
  Instant,
  MessageType,
  OriginalReference,
  Rate,
  ReasonCode,
  SuspenseSum,
  SuspenseTo,
  TransactionStatus,
  TransferRefusal,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { CurrencyCode } from '@holdfast/money';
import type { ClearingOutcome } from './clearingJson.ts';

export type ProgramView = {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly holdExpiry: HoldExpiryDays;
  readonly markupBasisPoints: number;
  readonly createdAt: Instant;
};

/** Of one pair, what can still matter: the preferred rate first, as the program has them. */
export type PairRatesView = {
  readonly base: CurrencyCode;
  readonly quote: CurrencyCode;
  readonly rates: readonly Rate[];
};

export type AccountView = {
  readonly id: string;
  readonly programId: string;
  readonly currency: string;
  readonly name?: string;
  readonly status: 'open' | 'closed';
  readonly balances: Balances;
  /** What merchants have announced to give back; no balance knows it. */
  readonly pendingCreditMinor: bigint;
  readonly creditLineMinor: bigint;
  readonly controls: Controls;
  readonly createdAt: Instant;
};

export type CardView = {
  readonly id: string;
  readonly accountId: string;
  readonly programId: string;
  readonly kind: 'virtual';
  readonly status: 'active' | 'paused' | 'closed';
  readonly bin: string;
  readonly last4: string;
  readonly expiry: string;
  readonly label?: string;
  readonly controls: Controls;
  readonly createdAt: Instant;
};

export type TransferView = {
  readonly id: string;
  /** The one that sends. */
  readonly accountId: string;
  readonly targetId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly reference?: string;
  readonly status: 'in_transit' | 'received' | 'returned';
  /** Why it was returned. */
  readonly reason?: TransferRefusal;
  readonly createdAt: Instant;
};

/** What stands, or has stood, in suspense: at `stream@revision`. */
export type SuspenseView = {
  readonly stream: string;
  readonly revision: number;
  /** Whose stream it is; absent: a message for a card that nobody knew. */
  readonly accountId?: string;
  readonly side: SuspenseSum['side'];
  readonly amountMinor: bigint;
  readonly currency: string;
  /** Of the message that left it there, if it was one. */
  readonly messageType?: string;
  readonly network?: string;
  readonly cardId?: string;
  readonly status: 'open' | 'resolved';
  readonly resolvedTo?: 'account' | SuspenseTo;
  readonly toAccountId?: string;
  readonly reason?: string;
  readonly createdAt: Instant;
};

export const CLEARING_FILE_STATUSES = ['received', 'applied'] as const;

/** Received: its records are being applied, or wait for the file to be sent again. */
export type ClearingFileView = Omit<ClearingFileFacts, 'clearingFileId'> & {
  readonly id: string;
  readonly status: (typeof CLEARING_FILE_STATUSES)[number];
  /** What became of its records; without those that its report lists. */
  readonly outcome?: ClearingOutcome;
  /** Files of other content that came under its sender and sequence. */
  readonly refusals: number;
  readonly receivedAt: Instant;
  readonly appliedAt?: Instant;
};

export const UNAPPLIED_STATUSES = ['waiting', 'applied', 'let_go', 'recorded'] as const;

/** A message that moved nothing when it came, although it says that something moves: at `stream@revision`. */
export type UnappliedView = {
  readonly stream: string;
  readonly revision: number;
  /** Whose stream it is; absent: a card that nobody knew. */
  readonly accountId?: string;
  readonly programId?: string;
  readonly cardId: string;
  readonly messageType: MessageType;
  readonly network: string;
  readonly networkTransactionId?: string;
  readonly rrn?: string;
  readonly original?: OriginalReference;
  /** Transaction currency; a reversal of all has neither. */
  readonly amountMinor?: bigint;
  readonly remainingAmountMinor?: bigint;
  readonly currency: string;
  /** It came before its original; no rate brings it into the account's currency; nobody knows its card. */
  readonly reason: Extract<ReasonCode, 'original_not_found' | 'fx_rate_missing' | 'card_not_found'>;
  /** Only a parked reversal waits, is applied, or is let go when its time is over; what is recorded stays so. */
  readonly status: (typeof UNAPPLIED_STATUSES)[number];
  /** Which it was applied to, or declined, or belongs to. */
  readonly transactionId?: string;
  readonly createdAt: Instant;
  readonly parkedUntil?: Instant;
  /** When it was applied or let go. */
  readonly endedAt?: Instant;
};

export type TransactionTotals = {
  readonly requestedMinor: bigint;
  readonly approvedMinor: bigint;
  readonly openMinor: bigint;
  readonly reversedMinor: bigint;
  readonly clearedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly pendingCreditMinor: bigint;
};

export type TransactionMessageView = {
  /** A message type, or what happened without one: `expiry`, `credit_expiry`, `late_release`, `answer_repeated`. */
  readonly type: string;
  readonly decision?: string;
  readonly responseCode?: string;
  readonly amountMinor?: bigint;
  readonly approvedMinor?: bigint;
  readonly billingMinor?: bigint;
  readonly reason?: ReasonCode;
  readonly reasons: readonly ReasonCode[];
  readonly flags: readonly Flag[];
  /** What it booked; empty for a message that moved nothing. */
  readonly entry: Entry;
  readonly occurredAt: Instant;
  readonly position: Position;
};

export type TransactionView = {
  readonly id: string;
  readonly accountId: string;
  readonly cardId: string;
  readonly status: TransactionStatus;
  readonly network: string;
  readonly networkTransactionId?: string;
  readonly currency: string;
  readonly accountCurrency: string;
  /** Transaction currency. */
  readonly amounts: TransactionTotals;
  readonly accountAmounts: TransactionTotals & { readonly heldMinor: bigint };
  readonly merchant?: {
    readonly id: string;
    readonly name?: string;
    readonly city?: string;
    readonly country?: string;
    readonly mcc: string;
  };
  readonly authorizationCode?: string;
  readonly reason?: ReasonCode;
  readonly reasons: readonly ReasonCode[];
  readonly flags: readonly Flag[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly expiresAt?: Instant;
  /** Of its pending credit. */
  readonly creditExpiresAt?: Instant;
};

export type ListOptions = { readonly limit: number; readonly cursor?: string };
export type Listed<View> = { readonly data: readonly View[]; readonly nextCursor?: string };

/** What an account had after the event at `position`. */
export type StandingView = {
  readonly balances: Balances;
  readonly creditLineMinor: bigint;
  readonly pendingCreditMinor: bigint;
  readonly occurredAt: Instant;
  readonly position: Position;
};

/** A position of the log, or a moment: what had been recorded, or had happened, up to and including it. */
export type AsOf = { readonly position: Position } | { readonly instant: Instant };

export interface Queries {
  program(id: string): ProgramView | undefined;
  /** Of a program, by base and quote: as many pairs as a program may have. */
  rates(programId: string): readonly PairRatesView[];
  account(id: string): AccountView | undefined;
  /** Undefined when the account was not there yet. */
  standing(accountId: string, asOf: AsOf): StandingView | undefined;
  accounts(filter: { readonly programId?: string }, options: ListOptions): Listed<AccountView>;
  card(id: string): CardView | undefined;
  cards(filter: { readonly accountId?: string; readonly status?: string }, options: ListOptions): Listed<CardView>;
  transaction(id: string): TransactionView | undefined;
  transactions(
    filter: { readonly accountId?: string; readonly cardId?: string; readonly status?: string },
    options: ListOptions,
  ): Listed<TransactionView>;
  /** Messages of one transaction in the order they were recorded. */
  messages(transactionId: string): readonly TransactionMessageView[];
  /** Holds and pending credits that stand past `now`, soonest first: what the expiry scheduler works through. */
  due(
    now: Instant,
    limit: number,
  ): readonly { readonly accountId: string; readonly transactionId: string; readonly expiresAt: Instant }[];
  transfer(id: string): TransferView | undefined;
  /** Transfers sent before `before` and not finished, oldest first: what an engine takes up again. */
  unfinishedTransfers(
    before: Instant,
    limit: number,
  ): readonly { readonly accountId: string; readonly transferId: string }[];
  suspense(
    filter: { readonly accountId?: string; readonly status?: string },
    options: ListOptions,
  ): Listed<SuspenseView>;
  /** Where sums in suspense were assigned before `before` to accounts that have not received them, oldest first. */
  unfinishedAssignments(
    before: Instant,
    limit: number,
  ): readonly { readonly stream: string; readonly revision: number }[];
  clearingFiles(
    filter: { readonly sender?: string; readonly status?: ClearingFileView['status'] },
    options: ListOptions,
  ): Listed<ClearingFileView>;
  /** `now` says which of those that wait have waited long enough. */
  unapplied(
    filter: {
      readonly programId?: string;
      readonly accountId?: string;
      readonly status?: UnappliedView['status'];
    },
    now: Instant,
    options: ListOptions,
  ): Listed<UnappliedView>;
  /** How far the read models have come in the log. */
  position(): Position;
  /** False when `position` was not reached within `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  close(): void;
}

/** A cursor that this list did not hand out. */
export class InvalidCursor extends Error {
  override name = 'InvalidCursor';
}
