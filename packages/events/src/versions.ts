// versions.ts: the newest schema version of every event type. What is missing here does not compile.

import type { DomainEvent } from '@holdfast/domain';

export type EventType = DomainEvent['type'];

const NEWEST: Readonly<Record<EventType, number>> = {
  ProgramCreated: 2, // 2: holdExpiryDays
  ProgramPaused: 1,
  ProgramResumed: 1,
  RatesPublished: 1,
  MarkupSet: 1,
  HoldExpirySet: 1,
  ApiKeyIssued: 1,
  AuthorizerStarted: 1,
  ChangeConfirmed: 1,
  AuthorizerStopped: 1,
  AuthorizerRetired: 1,
  CardNumberClaimed: 1,
  AccountOpened: 1,
  AccountClosed: 1,
  FundsDeposited: 1,
  FundsWithdrawn: 1,
  CorrectionPosted: 1,
  CreditLineSet: 1,
  SuspenseResolved: 1,
  SuspenseReceived: 1,
  SuspenseAssigned: 1,
  TransferSent: 1,
  TransferReceived: 1,
  TransferRefused: 1,
  TransferCompleted: 1,
  TransferReturned: 1,
  AccountOverdrawn: 1,
  AccountRecovered: 1,
  CardIssued: 1,
  CardPaused: 1,
  CardResumed: 1,
  CardClosed: 1,
  CardControlsSet: 1,
  AccountControlsSet: 1,
  AuthorizationApproved: 1,
  AuthorizationDeclined: 1,
  IncrementApproved: 1,
  IncrementDeclined: 1,
  FinancialAuthorizationApproved: 1,
  RefundAuthorized: 1,
  InquiryAnswered: 1,
  AuthorizationAdvised: 1,
  IncrementAdvised: 1,
  AdviceRecorded: 1,
  AuthorizationReversed: 1,
  FinancialAuthorizationReversed: 1,
  RefundAuthorizationReversed: 1,
  ReversalRefused: 1,
  ReversalParked: 1,
  ClearingPosted: 1,
  ClearingSuspended: 1,
  ClearingReversed: 1,
  RefundPosted: 1,
  RefundReversed: 1,
  RefundSuspended: 1,
  AuthorizationExpired: 1,
  PendingCreditExpired: 1,
  LateApprovalReleased: 1,
  AnswerRepeated: 1,
  MessageConflicted: 1,
  UnmatchedMessageRecorded: 1,
  ClearingFileReceived: 1,
  ClearingFileApplied: 1,
  ClearingFileRefused: 1,
};

export const EVENT_TYPES: readonly EventType[] = Object.keys(NEWEST).filter(isEventType);

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(NEWEST, type);
}

/** The schema version in which events of this type are written now. */
export function currentVersion(type: EventType): number {
  return NEWEST[type];
}
