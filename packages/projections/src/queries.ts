// queries.ts: what can be asked of the read models. Reads are synchronous: one SQLite file on this machine.

import type {
  Balances,
  Controls,
  Entry,
  Flag,
  Instant,
  ReasonCode,
  SuspenseSum,
  SuspenseTo,
  TransactionStatus,
  TransferRefusal,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';

export type ProgramView = {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly holdExpiryDays: number;
  readonly createdAt: Instant;
};

export type AccountView = {
  readonly id: string;
  readonly programId: string;
  readonly currency: string;
  readonly name?: string;
  readonly status: 'open' | 'closed';
  readonly balances: Balances;
  readonly creditLineMinor: bigint;
  /** What refund authorizations have announced and no refund has brought; balances ignore it. */
  readonly pendingCreditMinor: bigint;
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

export interface Queries {
  program(id: string): ProgramView | undefined;
  account(id: string): AccountView | undefined;
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
