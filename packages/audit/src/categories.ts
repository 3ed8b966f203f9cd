// categories.ts: which events may stand in which kind of stream.

import type {
  AccountEvent,
  ApiKeyEvent,
  AuthorizerEvent,
  CardClaimEvent,
  ClearingFileEvent,
  DomainEvent,
  ProgramEvent,
  Recorded,
  UnmatchedEvent,
} from '@holdfast/domain';
import type { Category } from '@holdfast/events';

type EventOf = {
  readonly account: AccountEvent;
  readonly program: ProgramEvent;
  readonly card: CardClaimEvent;
  readonly apikey: ApiKeyEvent;
  readonly authorizer: AuthorizerEvent;
  readonly unmatched: UnmatchedEvent;
  readonly clearingfile: ClearingFileEvent;
};

/** Written as objects, so that a type that is missing or too many does not compile. */
const TYPES: { readonly [C in Category]: Readonly<Record<EventOf[C]['type'], true>> } = {
  account: {
    AccountOpened: true,
    AccountClosed: true,
    FundsDeposited: true,
    FundsWithdrawn: true,
    CorrectionPosted: true,
    CreditLineSet: true,
    SuspenseResolved: true,
    SuspenseReceived: true,
    TransferSent: true,
    TransferReceived: true,
    TransferRefused: true,
    TransferCompleted: true,
    TransferReturned: true,
    AccountOverdrawn: true,
    AccountRecovered: true,
    CardIssued: true,
    CardPaused: true,
    CardResumed: true,
    CardClosed: true,
    CardControlsSet: true,
    AccountControlsSet: true,
    AuthorizationApproved: true,
    AuthorizationDeclined: true,
    IncrementApproved: true,
    IncrementDeclined: true,
    FinancialAuthorizationApproved: true,
    RefundAuthorized: true,
    InquiryAnswered: true,
    AuthorizationAdvised: true,
    IncrementAdvised: true,
    AdviceRecorded: true,
    AuthorizationReversed: true,
    FinancialAuthorizationReversed: true,
    RefundAuthorizationReversed: true,
    ReversalRefused: true,
    ReversalParked: true,
    ClearingPosted: true,
    ClearingSuspended: true,
    ClearingReversed: true,
    RefundPosted: true,
    RefundReversed: true,
    RefundSuspended: true,
    AuthorizationExpired: true,
    PendingCreditExpired: true,
    LateApprovalReleased: true,
    AnswerRepeated: true,
    MessageConflicted: true,
  },
  program: {
    ProgramCreated: true,
    ProgramPaused: true,
    ProgramResumed: true,
    RatesPublished: true,
    MarkupSet: true,
    HoldExpirySet: true,
  },
  card: { CardNumberClaimed: true },
  apikey: { ApiKeyIssued: true },
  authorizer: { AuthorizerStarted: true, ChangeConfirmed: true, AuthorizerStopped: true, AuthorizerRetired: true },
  unmatched: { UnmatchedMessageRecorded: true, MessageConflicted: true, SuspenseAssigned: true },
  clearingfile: { ClearingFileReceived: true, ClearingFileApplied: true, ClearingFileRefused: true },
};

/** True for an event that may stand in a stream of this category. */
export function belongsTo<C extends Category>(
  category: C,
  event: Recorded<DomainEvent>,
): event is Recorded<EventOf[C]> & Recorded<DomainEvent> {
  return Object.hasOwn(TYPES[category], event.type);
}
