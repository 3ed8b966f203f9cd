// events.ts: every event that the domain writes, in its newest shape. Past tense; amounts in minor units (`…Minor`).

import type { CurrencyCode } from '@holdfast/money';
import type { TransferRefusal } from './accounts/transfer.ts';
import type { NetworkMessage } from './authorization/message.ts';
import type { Flag, ReasonCode } from './authorization/reasons.ts';
import type { Totals } from './authorization/totals.ts';
import type { TransactionStatus } from './authorization/transaction.ts';
import type { ClearingFileFacts } from './clearingFiles/clearingFile.ts';
import type { ClearingFileReport } from './clearingFiles/report.ts';
import type { Controls, LimitSeen } from './controls/limit.ts';
import type {
  AccountId,
  ApiKeyId,
  CardId,
  ClearingFileId,
  CommandId,
  ContentHash,
  CorrectionId,
  DepositId,
  ProgramId,
  TransactionId,
  TransferId,
  WithdrawalId,
} from './ids.ts';
import type { Balances, Entry } from './ledger/entry.ts';
import type { SuspenseSum, SuspenseTo } from './ledger/suspense.ts';
import type { Conversion } from './programs/conversion.ts';
import type { HoldExpiryDays } from './programs/holdExpiry.ts';
import type { Instant } from './time.ts';

type Event<Type extends string, Data> = { readonly type: Type; readonly data: Data };

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

/** The other side of a correction. */
export const CORRECTION_AGAINST = ['adjustments', 'losses', 'fees', 'bank', 'suspense'] as const;
export type CorrectionAgainst = (typeof CORRECTION_AGAINST)[number];

/** What an event adds to the spending that limits count (below zero: gives back), and when it was charged. */
export type SpendingChange = { readonly at: string; readonly amountMinor: bigint };

// --- stream program-<id>

export type ProgramCreated = Event<
  'ProgramCreated',
  { readonly programId: ProgramId; readonly name: string; readonly holdExpiryDays: number }
>;
export type ProgramPaused = Event<'ProgramPaused', { readonly programId: ProgramId; readonly reason?: string }>;
export type ProgramResumed = Event<'ProgramResumed', { readonly programId: ProgramId; readonly reason?: string }>;
/** One `base` is `rate` of `quote`, from `validFrom` to before `validUntil`. */
export type RatesPublished = Event<
  'RatesPublished',
  {
    readonly programId: ProgramId;
    readonly source: string;
    readonly validFrom: string;
    readonly validUntil: string;
    readonly rates: readonly { readonly base: CurrencyCode; readonly quote: CurrencyCode; readonly rate: string }[];
  }
>;
/** What is added to an amount that is converted by the program's rates, in parts per ten thousand. */
export type MarkupSet = Event<'MarkupSet', { readonly programId: ProgramId; readonly basisPoints: number }>;
export type HoldExpirySet = Event<'HoldExpirySet', { readonly programId: ProgramId; readonly days: HoldExpiryDays }>;
export type ProgramEvent = ProgramCreated | ProgramPaused | ProgramResumed | RatesPublished | MarkupSet | HoldExpirySet;

// --- stream apikey-<id>

export type ApiKeyIssued = Event<
  'ApiKeyIssued',
  { readonly apiKeyId: ApiKeyId; readonly name: string; readonly roles: readonly string[]; readonly secretHash: string }
>;
export type ApiKeyEvent = ApiKeyIssued;

// --- stream authorizer-<name>

/** A process that decides network messages takes the name; whatever had it before no longer runs. */
export type AuthorizerStarted = Event<'AuthorizerStarted', { readonly name: string; readonly instance: string }>;
/** Nothing that this process decided under an older version of `stream` than `revision` can still get into the log. */
export type ChangeConfirmed = Event<
  'ChangeConfirmed',
  { readonly name: string; readonly instance: string; readonly stream: string; readonly revision: number }
>;
/** Its own word, after the last answer. */
export type AuthorizerStopped = Event<'AuthorizerStopped', { readonly name: string; readonly instance: string }>;
/** An operator's word that it no longer runs. */
export type AuthorizerRetired = Event<'AuthorizerRetired', { readonly name: string }>;
export type AuthorizerEvent = AuthorizerStarted | ChangeConfirmed | AuthorizerStopped | AuthorizerRetired;

// --- stream card-<fingerprint>

export type CardNumberClaimed = Event<
  'CardNumberClaimed',
  {
    readonly cardId: CardId;
    readonly accountId: AccountId;
    readonly programId: ProgramId;
    readonly fingerprintKeyId: string;
  }
>;
export type CardClaimEvent = CardNumberClaimed;

// --- stream account-<id>

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

export type CardIssued = Event<
  'CardIssued',
  {
    readonly cardId: CardId;
    readonly kind: 'virtual';
    readonly bin: string;
    readonly last4: string;
    /** YYMM; the card works through the last day of that month, UTC. */
    readonly expiry: string;
    readonly fingerprintKeyId: string;
    readonly label?: string;
    /** Identities of facts that came for this number before the card was issued: they stay recorded, once. */
    readonly carried: readonly {
      readonly commandId: CommandId;
      readonly contentHash: ContentHash;
      readonly recordedIn: string;
    }[];
  }
>;

type CardStateChanged = { readonly cardId: CardId; readonly reason?: string };
export type CardPaused = Event<'CardPaused', CardStateChanged>;
export type CardResumed = Event<'CardResumed', CardStateChanged>;
export type CardClosed = Event<'CardClosed', CardStateChanged>;
export type AccountClosed = Event<'AccountClosed', { readonly accountId: AccountId; readonly reason?: string }>;
export type CardControlsSet = Event<'CardControlsSet', { readonly cardId: CardId; readonly controls: Controls }>;
export type AccountControlsSet = Event<'AccountControlsSet', { readonly controls: Controls }>;

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
    /** The network's advice came first and says what stands: only what was requested is added. */
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

/** What every fact that changes a transaction says. */
type Fact = {
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

export type AccountEvent =
  | AccountOpened
  | AccountClosed
  | FundsDeposited
  | FundsWithdrawn
  | CorrectionPosted
  | CreditLineSet
  | SuspenseResolved
  | SuspenseReceived
  | TransferSent
  | TransferReceived
  | TransferRefused
  | TransferCompleted
  | TransferReturned
  | AccountOverdrawn
  | AccountRecovered
  | CardIssued
  | CardPaused
  | CardResumed
  | CardClosed
  | CardControlsSet
  | AccountControlsSet
  | AuthorizationApproved
  | AuthorizationDeclined
  | IncrementApproved
  | IncrementDeclined
  | FinancialAuthorizationApproved
  | RefundAuthorized
  | InquiryAnswered
  | AuthorizationAdvised
  | IncrementAdvised
  | AdviceRecorded
  | AuthorizationReversed
  | FinancialAuthorizationReversed
  | RefundAuthorizationReversed
  | ReversalRefused
  | ReversalParked
  | ClearingPosted
  | ClearingSuspended
  | ClearingReversed
  | RefundPosted
  | RefundReversed
  | RefundSuspended
  | AuthorizationExpired
  | PendingCreditExpired
  | LateApprovalReleased
  | AnswerRepeated
  | MessageConflicted;

// --- stream unmatched-<00..ff>

/** A message for a card that nobody knows. A clearing is booked against suspense; the rest moves nothing. */
export type UnmatchedMessageRecorded = Event<
  'UnmatchedMessageRecorded',
  {
    readonly message: NetworkMessage;
    readonly decision: 'declined' | 'accepted';
    readonly responseCode: string;
    readonly reason: 'card_not_found';
    readonly entry: Entry;
  }
>;
/** What an event of this stream left in suspense is on its way to an account, or is the program's. */
export type SuspenseAssigned = Event<
  'SuspenseAssigned',
  SuspenseSum & {
    /** Of the event that left it there. */
    readonly revision: number;
    readonly to: 'in_transit' | SuspenseTo;
    /** To whom, when it is on its way. */
    readonly accountId?: AccountId;
    /** What it is to that account, in its currency. */
    readonly accountMinor?: bigint;
    readonly reason: string;
    readonly entry: Entry;
  }
>;

/** The identity of a message recorded here, with other content: 94, no effect. */
export type UnmatchedEvent = UnmatchedMessageRecorded | MessageConflicted | SuspenseAssigned;

// --- stream clearingfile-<id>

/** Valid from its first line to its last. Its records are network messages, in the streams of their accounts. */
export type ClearingFileReceived = Event<'ClearingFileReceived', ClearingFileFacts>;
/** Each of its records has its answer. */
export type ClearingFileApplied = Event<
  'ClearingFileApplied',
  { readonly clearingFileId: ClearingFileId; readonly report: ClearingFileReport }
>;
/** Another file under the sender and sequence of this one: nothing of it was applied. */
export type ClearingFileRefused = Event<'ClearingFileRefused', ClearingFileFacts>;
export type ClearingFileEvent = ClearingFileReceived | ClearingFileApplied | ClearingFileRefused;

export type DomainEvent =
  | ProgramEvent
  | ApiKeyEvent
  | AuthorizerEvent
  | CardClaimEvent
  | AccountEvent
  | UnmatchedEvent
  | ClearingFileEvent;

/** What stands beside every event: when, by which command, on whose behalf. */
export type EventMetadata = {
  readonly occurredAt: Instant;
  readonly commandId: CommandId;
  /** Absent when no sender stands behind the command: expiry, release. */
  readonly contentHash?: ContentHash;
  /** The request that started it all; the same for everything that follows from it. */
  readonly correlationId: string;
  /** Id of the event or command that this one follows from, when it is not the request itself. */
  readonly causationId?: string;
  /** An API key's id, `scheduler`, or `system`. */
  readonly actor: string;
  readonly programId?: ProgramId;
};

/** An event where it stands in its stream. */
export type Recorded<E extends DomainEvent = DomainEvent> = E & {
  readonly metadata: EventMetadata;
  readonly revision: number;
};
