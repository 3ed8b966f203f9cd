// event.ts: an arbitrary for every event type, in its newest shape.

import {
  CLEARING_KINDS,
  CORRECTION_AGAINST,
  type DomainEvent,
  RECORD_OUTCOMES,
  SUSPENSE_TO,
  TRANSFER_REFUSALS,
} from '@holdfast/domain';
import fc from 'fast-check';
import type { EventType } from '../versions.ts';
import {
  balances,
  basisPoints,
  change,
  commandId,
  contentHash,
  controls,
  conversion,
  currency,
  entry,
  expiry,
  flags,
  ids,
  limitsSeen,
  minor,
  moved,
  object,
  positiveMinor,
  rate,
  reasonCode,
  reasons,
  share,
  signedMinor,
  spending,
  status,
  taken,
  text,
  time,
  versions,
} from './fields.ts';
import { networkMessage } from './message.ts';

type DataOf<T extends EventType> = Extract<DomainEvent, { readonly type: T }>['data'];

const message = networkMessage();
const reason = { reason: text };
const unparked = { unparked: fc.array(commandId, { maxLength: 2 }) };
const code = fc.stringMatching(/^[A-Z0-9]{6}$/);
const responseCode = fc.stringMatching(/^[0-9A-Z]{2}$/);
const released = { transactionId: ids.transaction, taken, spending, status, ...moved };
const decided = { flags, reasons, answerBy: time, limits: limitsSeen, versions };

const approval = {
  transactionId: ids.transaction,
  message,
  responseCode: fc.constantFrom('00' as const, '10' as const),
  authorizationCode: code,
  requestedAccountMinor: minor,
  approvedMinor: minor,
  approvedAccountMinor: minor,
  spending,
  ...decided,
  ...moved,
};
const decline = { message, responseCode, reason: reasonCode, balances, ...decided };
const declineMay = { requestedAccountMinor: minor, conversion, ...unparked };
const fact = { transactionId: ids.transaction, message, flags, change, spending, status, ...moved };
const days = fc.integer({ min: 1, max: 30 });

const suspended = {
  revision: fc.nat(),
  side: fc.constantFrom('debit' as const, 'credit' as const),
  amountMinor: positiveMinor,
  currency,
};
const transferred = { transferId: ids.transfer, amountMinor: positiveMinor, currency };
const transferRefusal = fc.constantFrom(...TRANSFER_REFUSALS);
const spendable = { availableMinor: signedMinor, spendableMinor: signedMinor };
const process = { name: fc.stringMatching(/^[a-z0-9]{1,20}(?:-[a-z0-9]{1,9})?$/), instance: fc.uuid() };

const clearingKind = fc.constantFrom(...CLEARING_KINDS);
const clearingFile = object({
  clearingFileId: ids.clearingFile,
  sender: fc.stringMatching(/^[a-z]{1,20}$/),
  sequence: fc.integer({ min: 1 }),
  businessDate: time.map((each) => each.slice(0, 10)),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  records: fc.nat(),
  sums: fc.array(object({ type: clearingKind, currency, records: fc.nat(), amountMinor: minor }), { maxLength: 3 }),
});
const outcome = fc.constantFrom(...RECORD_OUTCOMES);

const data: { readonly [T in EventType]: fc.Arbitrary<DataOf<T>> } = {
  ProgramCreated: object({ programId: ids.program, name: text, holdExpiryDays: fc.integer({ min: 1, max: 30 }) }),
  ProgramPaused: object({ programId: ids.program }, reason),
  ProgramResumed: object({ programId: ids.program }, reason),
  RatesPublished: object({
    programId: ids.program,
    source: text,
    validFrom: time,
    validUntil: time,
    rates: fc.array(object({ base: currency, quote: currency, rate }), { maxLength: 3 }),
  }),
  MarkupSet: object({ programId: ids.program, basisPoints }),
  HoldExpirySet: object({
    programId: ids.program,
    days: object({ lodging: days, carRental: days, cruise: days, fuel: days, other: days }),
  }),
  ApiKeyIssued: object({
    apiKeyId: ids.apiKey,
    name: text,
    roles: fc.subarray(['admin', 'issuer', 'network']),
    secretHash: contentHash,
  }),
  AuthorizerStarted: object(process),
  ChangeConfirmed: object({ ...process, stream: text, revision: fc.nat() }),
  AuthorizerStopped: object(process),
  AuthorizerRetired: object({ name: process.name }),
  CardNumberClaimed: object({
    cardId: ids.card,
    accountId: ids.account,
    programId: ids.program,
    fingerprintKeyId: text,
  }),
  AccountOpened: object(
    { accountId: ids.account, programId: ids.program, currency, creditLineMinor: minor },
    { name: text },
  ),
  AccountClosed: object({ accountId: ids.account }, reason),
  FundsDeposited: object(
    { depositId: ids.deposit, amountMinor: positiveMinor, currency, ...moved },
    { reference: text },
  ),
  FundsWithdrawn: object(
    { withdrawalId: ids.withdrawal, amountMinor: positiveMinor, currency, ...moved },
    { reference: text },
  ),
  CorrectionPosted: object(
    {
      correctionId: ids.correction,
      direction: fc.constantFrom('credit' as const, 'debit' as const),
      amountMinor: positiveMinor,
      currency,
      against: fc.constantFrom(...CORRECTION_AGAINST),
      reason: text,
      flags,
      ...moved,
    },
    { reference: text },
  ),
  CreditLineSet: object({ creditLineMinor: minor }),
  SuspenseResolved: object(
    {
      ...suspended,
      to: fc.constantFrom('available' as const, ...SUSPENSE_TO),
      reason: text,
      flags,
      ...moved,
    },
    { accountMinor: positiveMinor },
  ),
  SuspenseReceived: object({ ...suspended, stream: text, accountMinor: positiveMinor, flags, ...moved }),
  SuspenseAssigned: object(
    { ...suspended, to: fc.constantFrom('in_transit' as const, ...SUSPENSE_TO), reason: text, entry },
    { accountId: ids.account, accountMinor: positiveMinor },
  ),
  TransferSent: object({ ...transferred, target: ids.account, ...moved }, { reference: text }),
  TransferReceived: object({ ...transferred, source: ids.account, ...moved }, { reference: text }),
  TransferRefused: object({ transferId: ids.transfer, source: ids.account, reason: transferRefusal }),
  TransferCompleted: object({ transferId: ids.transfer }),
  TransferReturned: object({ ...transferred, reason: transferRefusal, ...moved }),
  AccountOverdrawn: object(spendable),
  AccountRecovered: object(spendable),
  CardIssued: object(
    {
      cardId: ids.card,
      kind: fc.constant('virtual' as const),
      bin: fc.stringMatching(/^[0-9]{6,8}$/),
      last4: fc.stringMatching(/^[0-9]{4}$/),
      expiry,
      fingerprintKeyId: text,
      carried: fc.array(object({ commandId, contentHash, recordedIn: text }), { maxLength: 2 }),
    },
    { label: text },
  ),
  CardPaused: object({ cardId: ids.card }, reason),
  CardResumed: object({ cardId: ids.card }, reason),
  CardClosed: object({ cardId: ids.card }, reason),
  CardControlsSet: object({ cardId: ids.card, controls }),
  AccountControlsSet: object({ controls }),
  AuthorizationApproved: object(
    { ...approval, heldMinor: minor, expiresAt: time },
    { openMinor: minor, openAccountMinor: minor, advised: fc.constant(true as const), conversion },
  ),
  IncrementApproved: object({ ...approval, heldMinor: minor, change, status, expiresAt: time }, { conversion }),
  FinancialAuthorizationApproved: object(
    { ...approval, postedMinor: minor, amountPostedMinor: minor, change, status },
    { conversion },
  ),
  RefundAuthorized: object(
    {
      transactionId: ids.transaction,
      message,
      authorizationCode: code,
      flags,
      requestedAccountMinor: minor,
      change,
      status,
      answerBy: time,
      expiresAt: time,
      versions,
    },
    { conversion },
  ),
  AuthorizationDeclined: object({ transactionId: ids.transaction, ...decline }, declineMay),
  IncrementDeclined: object(decline, { transactionId: ids.transaction, ...declineMay }),
  InquiryAnswered: object(
    { message, responseCode, reasons, spendableMinor: signedMinor, answerBy: time, versions },
    { reason: reasonCode },
  ),
  AuthorizationAdvised: object({ ...fact, expiresAt: time }, { conversion }),
  IncrementAdvised: object({ ...fact, expiresAt: time }, { conversion }),
  AdviceRecorded: object(
    { message, flags },
    { reason: reasonCode, transactionId: ids.transaction, status, ...unparked },
  ),
  FinancialAuthorizationReversed: object({ ...fact, share }, unparked),
  RefundAuthorizationReversed: object({ transactionId: ids.transaction, message, flags, change, status }, unparked),
  AuthorizationReversed: object({ message, flags, ...released }, unparked),
  ReversalRefused: object(
    {
      transactionId: ids.transaction,
      message,
      reason: fc.constantFrom('over_reversal' as const, 'nothing_to_reverse' as const),
      flags,
    },
    unparked,
  ),
  ReversalParked: object({ message, parkedUntil: time }),
  ClearingPosted: object(
    { message, final: fc.boolean(), flags, postedMinor: signedMinor, ...released },
    { confirmed: share, conversion },
  ),
  ClearingSuspended: object({ message, flags, entry }),
  ClearingReversed: object({ ...fact, clearingRevision: fc.nat(), share }),
  RefundPosted: object({ ...fact, postedMinor: minor }, { conversion }),
  RefundReversed: object({ ...fact, postedMinor: minor }, { conversion }),
  RefundSuspended: object({ message, flags, entry }),
  PendingCreditExpired: object({ transactionId: ids.transaction, expiresAt: time, change, status }),
  AuthorizationExpired: object({ expiresAt: time, ...released }),
  LateApprovalReleased: object(released, { change }),
  AnswerRepeated: object({ transactionId: ids.transaction, repeats: commandId }),
  MessageConflicted: object({ message, conflictsWith: commandId }, { transactionId: ids.transaction }),
  UnmatchedMessageRecorded: object({
    message,
    decision: fc.constantFrom('declined' as const, 'accepted' as const),
    responseCode,
    reason: fc.constant('card_not_found' as const),
    entry,
  }),
  ClearingFileReceived: clearingFile,
  ClearingFileApplied: object({
    clearingFileId: ids.clearingFile,
    report: object({
      outcomes: object({
        ...{ duplicate: fc.nat(), unmatched: fc.nat(), suspended: fc.nat() },
        ...{ over: fc.nat(), under: fc.nat(), matched: fc.nat() },
      }),
      currencies: fc.array(
        object({
          currency,
          ...{ fileMinor: signedMinor, postedMinor: signedMinor, convertedMinor: signedMinor },
          ...{ suspendedMinor: signedMinor, differenceMinor: signedMinor },
        }),
        { maxLength: 2 },
      ),
      charged: fc.array(object({ currency, postedMinor: signedMinor }), { maxLength: 2 }),
      listed: fc.array(
        object(
          { line: fc.integer({ min: 1 }), recordId: text, type: clearingKind, outcome, flags },
          { reason: reasonCode, transactionId: ids.transaction },
        ),
        { maxLength: 2 },
      ),
      unlisted: fc.nat(),
    }),
  }),
  ClearingFileRefused: clearingFile,
};

type Event<T extends EventType> = { readonly type: T; readonly data: DataOf<T> };

function event<T extends EventType>(type: T): fc.Arbitrary<Event<T>> {
  return data[type].map((each) => ({ type, data: each }));
}

/** One arbitrary for each event type. */
export const eventArbitraries = Object.fromEntries(
  (Object.keys(data) as EventType[]).map((type) => [type, event(type)]),
) as unknown as { readonly [T in EventType]: fc.Arbitrary<Event<T>> };

/** Any event of the domain. */
export const anyEvent: fc.Arbitrary<DomainEvent> = fc.oneof(
  ...Object.values(eventArbitraries as Readonly<Record<EventType, fc.Arbitrary<DomainEvent>>>),
);
