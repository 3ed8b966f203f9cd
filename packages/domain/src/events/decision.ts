// decision.ts: what is said to a network that asks.

import type { NetworkMessage } from '../authorization/message.ts';
import type { Flag, ReasonCode } from '../authorization/reasons.ts';
import type { TransactionStatus } from '../authorization/transaction.ts';
import type { LimitSeen } from '../controls/limit.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import type { Balances, Entry } from '../ledger/entry.ts';
import type { Conversion } from '../programs/conversion.ts';
import type { Change, Event, SpendingChange, Versions } from './parts.ts';

/** What every approval says, whatever was asked for. */
type Approval = {
  readonly transactionId: TransactionId;
  readonly message: NetworkMessage;
  /** 00, or 10 for a partial approval. */
  readonly responseCode: '00' | '10';
  readonly authorizationCode: string;
  /** Failing reasons that did not decline it: `insufficient_funds` on a partial approval. */
  readonly reasons: readonly ReasonCode[];
  readonly flags: readonly Flag[];
  /** What was asked for, in account currency; in transaction currency it is `message.amountMinor`. */
  readonly requestedAccountMinor: bigint;
  /** Transaction currency. */
  readonly approvedMinor: bigint;
  readonly approvedAccountMinor: bigint;
  /** How the account amounts came about, where the network had not billed in the account's currency. */
  readonly conversion?: Conversion;
  readonly answerBy: string;
  readonly spending: readonly SpendingChange[];
  readonly limits: readonly LimitSeen[];
  readonly versions: Versions;
  readonly entry: Entry;
  readonly balances: Balances;
};

export type AuthorizationApproved = Event<
  'AuthorizationApproved',
  Approval & {
    /** Account currency; a rule may hold more or less than was approved. */
    readonly heldMinor: bigint;
    /** What it adds to open, where that is less than was approved: its clearing came first. Transaction currency. */
    readonly openMinor?: bigint;
    readonly openAccountMinor?: bigint;
    /** The network's advice came first and says what was requested and what stands: nothing is added. */
    readonly advised?: true;
    readonly expiresAt: string;
  }
>;

/** Adds to an authorization. */
export type IncrementApproved = Event<
  'IncrementApproved',
  Approval & {
    readonly heldMinor: bigint;
    readonly change: Change;
    readonly status: TransactionStatus;
    readonly expiresAt: string;
  }
>;

/** A single message: posted at once, nothing held. */
export type FinancialAuthorizationApproved = Event<
  'FinancialAuthorizationApproved',
  Approval & {
    /** What it posts, account currency: less than was approved where its clearing came first. */
    readonly postedMinor: bigint;
    /** The same in transaction currency. */
    readonly amountPostedMinor: bigint;
    readonly change: Change;
    readonly status: TransactionStatus;
  }
>;

/** Money that a merchant announces to give back. Balances ignore it until it is posted. */
export type RefundAuthorized = Event<
  'RefundAuthorized',
  {
    readonly transactionId: TransactionId;
    readonly message: NetworkMessage;
    readonly authorizationCode: string;
    readonly flags: readonly Flag[];
    /** What was asked for, in account currency. */
    readonly requestedAccountMinor: bigint;
    readonly change: Change;
    readonly status: TransactionStatus;
    readonly conversion?: Conversion;
    readonly answerBy: string;
    readonly expiresAt: string;
    readonly versions: Versions;
  }
>;

type Decline = {
  readonly message: NetworkMessage;
  readonly responseCode: string;
  readonly reason: ReasonCode;
  /** Every failing reason, in the order of the checks; `reason` is the first. */
  readonly reasons: readonly ReasonCode[];
  readonly flags: readonly Flag[];
  /** Parked reversals of it, which it ends. */
  readonly unparked?: readonly CommandId[];
  readonly requestedAccountMinor?: bigint;
  readonly conversion?: Conversion;
  readonly answerBy: string;
  readonly limits: readonly LimitSeen[];
  readonly versions: Versions;
  readonly balances: Balances;
};

/** Also of a financial authorization and of a refund authorization. */
export type AuthorizationDeclined = Event<'AuthorizationDeclined', Decline & { readonly transactionId: TransactionId }>;

/** What it would have added to stays as it was. Without a transaction: there was none to add to. */
export type IncrementDeclined = Event<'IncrementDeclined', Decline & { readonly transactionId?: TransactionId }>;

/** A balance inquiry or an account verification: a decision without money. */
export type InquiryAnswered = Event<
  'InquiryAnswered',
  {
    readonly message: NetworkMessage;
    readonly responseCode: string;
    readonly reason?: ReasonCode;
    readonly reasons: readonly ReasonCode[];
    /** Available and credit line, account currency: told where the balance was asked for. */
    readonly spendableMinor: bigint;
    readonly answerBy: string;
    readonly versions: Versions;
  }
>;

export type DecisionEvent =
  | AuthorizationApproved
  | AuthorizationDeclined
  | IncrementApproved
  | IncrementDeclined
  | FinancialAuthorizationApproved
  | RefundAuthorized
  | InquiryAnswered;
