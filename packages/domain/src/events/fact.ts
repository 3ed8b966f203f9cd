import type { NetworkMessage } from '../authorization/message.ts';
import type { Flag, ReasonCode } from '../authorization/reasons.ts';
import type { TransactionStatus } from '../authorization/transaction.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import type { Balances, Entry } from '../ledger/entry.ts';
import type { Conversion } from '../programs/conversion.ts';
import type { Change, Event, Share, SpendingChange, Taken } from './parts.ts';

/** What every fact that changes a transaction says. */
export type Fact = {
  readonly transactionId: TransactionId;
  readonly message: NetworkMessage;
  readonly flags: readonly Flag[];
  readonly change: Change;
  readonly spending: readonly SpendingChange[];
  readonly status: TransactionStatus;
  readonly entry: Entry;
  readonly balances: Balances;
};

/** The network says what an authorization stands at, in our place or after the fact: that is held. */
export type AuthorizationAdvised = Event<
  'AuthorizationAdvised',
  Fact & { readonly conversion?: Conversion; readonly expiresAt: string }
>;

/** The network has raised an authorization, or confirms that it did. */
export type IncrementAdvised = Event<
  'IncrementAdvised',
  Fact & { readonly conversion?: Conversion; readonly expiresAt: string }
>;

/** An advice that moves nothing: of what the network declined, of what was reversed before, or without a rate. */
export type AdviceRecorded = Event<
  'AdviceRecorded',
  {
    readonly message: NetworkMessage;
    readonly flags: readonly Flag[];
    readonly reason?: ReasonCode;
    /** Absent: it belongs to no transaction. */
    readonly transactionId?: TransactionId;
    readonly status?: TransactionStatus;
    readonly unparked?: readonly CommandId[];
  }
>;

export type AuthorizationReversed = Event<
  'AuthorizationReversed',
  {
    readonly transactionId: TransactionId;
    readonly message: NetworkMessage;
    readonly flags: readonly Flag[];
    /** The parked reversal that this applies. */
    readonly unparked?: readonly CommandId[];
    readonly taken: Taken;
    readonly spending: readonly SpendingChange[];
    readonly status: TransactionStatus;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** Posts back what a financial authorization posted. */
export type FinancialAuthorizationReversed = Event<
  'FinancialAuthorizationReversed',
  Fact & { readonly unparked?: readonly CommandId[]; readonly share: Share }
>;

/** Takes from what a merchant had announced to give back. */
export type RefundAuthorizationReversed = Event<
  'RefundAuthorizationReversed',
  {
    readonly transactionId: TransactionId;
    readonly message: NetworkMessage;
    readonly flags: readonly Flag[];
    readonly unparked?: readonly CommandId[];
    readonly change: Change;
    readonly status: TransactionStatus;
  }
>;

/** A reversal that found its original but nothing to release: accepted, 13. */
export type ReversalRefused = Event<
  'ReversalRefused',
  {
    readonly transactionId: TransactionId;
    readonly message: NetworkMessage;
    readonly reason: 'over_reversal' | 'nothing_to_reverse';
    readonly flags: readonly Flag[];
    readonly unparked?: readonly CommandId[];
  }
>;

/** A reversal that came before its original: kept until `parkedUntil`. */
export type ReversalParked = Event<
  'ReversalParked',
  { readonly message: NetworkMessage; readonly parkedUntil: string }
>;

export type AuthorizationExpired = Event<
  'AuthorizationExpired',
  {
    readonly transactionId: TransactionId;
    readonly expiresAt: string;
    readonly taken: Taken;
    readonly spending: readonly SpendingChange[];
    readonly status: TransactionStatus;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** What a merchant had announced to give back never came. */
export type PendingCreditExpired = Event<
  'PendingCreditExpired',
  {
    readonly transactionId: TransactionId;
    readonly expiresAt: string;
    readonly change: Change;
    readonly status: TransactionStatus;
  }
>;

/** An approval became durable after its deadline, so the network was told 91: what it held is released. */
export type LateApprovalReleased = Event<
  'LateApprovalReleased',
  {
    readonly transactionId: TransactionId;
    readonly taken: Taken;
    /** Of a financial authorization: what is posted back; of a refund authorization: the credit that is pending no more. */
    readonly change?: Change;
    readonly spending: readonly SpendingChange[];
    readonly status: TransactionStatus;
    readonly entry: Entry;
    readonly balances: Balances;
  }
>;

/** A repeat got the approval after the deadline of the first answer: the hold stays. */
export type AnswerRepeated = Event<
  'AnswerRepeated',
  { readonly transactionId: TransactionId; readonly repeats: CommandId }
>;

/** The identity of a message that is already here, with other content: 94, no effect. */
export type MessageConflicted = Event<
  'MessageConflicted',
  { readonly message: NetworkMessage; readonly conflictsWith: CommandId; readonly transactionId?: TransactionId }
>;

export type FactEvent =
  | AuthorizationAdvised
  | IncrementAdvised
  | AdviceRecorded
  | AuthorizationReversed
  | FinancialAuthorizationReversed
  | RefundAuthorizationReversed
  | ReversalRefused
  | ReversalParked
  | AuthorizationExpired
  | PendingCreditExpired
  | LateApprovalReleased
  | AnswerRepeated
  | MessageConflicted;
