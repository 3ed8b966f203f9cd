// revive.ts: parsed JSON becomes an event in place: decimal strings to bigints, and the assertions that money relies on.

import { RECORD_OUTCOMES } from '@holdfast/domain';
import {
  boolean,
  commonText,
  currency,
  integer,
  isObject,
  list,
  Malformed,
  minor,
  missing,
  objects,
  optionalList,
  optionalMinor,
  rate,
  type StoredData,
  text,
} from './stored.ts';
import type { EventType } from './versions.ts';

/** Revives `data` of an event of the newest version, in place. Throws `Malformed`. */
export function revive(type: EventType, data: StoredData): void {
  REVIVERS[type](data);
}

const REVIVERS: Readonly<Record<EventType, (data: StoredData) => void>> = {
  ProgramCreated: (data) => {
    text(data, 'programId');
    text(data, 'name');
    integer(data, 'holdExpiryDays');
  },
  ProgramPaused: (data) => text(data, 'programId'),
  ProgramResumed: (data) => text(data, 'programId'),
  RatesPublished: (data) => {
    text(data, 'programId');
    text(data, 'source');
    text(data, 'validFrom');
    text(data, 'validUntil');
    for (const published of objects(data, 'rates')) {
      currency(published, 'base');
      currency(published, 'quote');
      rate(published, 'rate');
    }
  },
  MarkupSet: (data) => {
    text(data, 'programId');
    integer(data, 'basisPoints');
  },
  HoldExpirySet: (data) => {
    text(data, 'programId');
    const { days } = data;
    if (!isObject(days)) throw missing('days');
    for (const group of ['lodging', 'carRental', 'cruise', 'fuel', 'other']) integer(days, group);
  },
  ApiKeyIssued: (data) => {
    text(data, 'apiKeyId');
    text(data, 'secretHash');
    list(data, 'roles');
  },
  AuthorizerStarted: ofProcess,
  ChangeConfirmed: (data) => {
    ofProcess(data);
    text(data, 'stream');
    integer(data, 'revision');
  },
  AuthorizerStopped: ofProcess,
  AuthorizerRetired: (data) => text(data, 'name'),
  CardNumberClaimed: (data) => {
    text(data, 'cardId');
    text(data, 'accountId');
    commonText(data, 'programId');
  },
  AccountOpened: (data) => {
    text(data, 'accountId');
    commonText(data, 'programId');
    currency(data);
    minor(data, 'creditLineMinor');
  },
  AccountClosed: (data) => text(data, 'accountId'),
  FundsDeposited: (data) => {
    text(data, 'depositId');
    currency(data);
    minor(data, 'amountMinor');
    moved(data);
  },
  FundsWithdrawn: (data) => {
    text(data, 'withdrawalId');
    currency(data);
    minor(data, 'amountMinor');
    moved(data);
  },
  CorrectionPosted: (data) => {
    text(data, 'correctionId');
    text(data, 'direction');
    currency(data);
    minor(data, 'amountMinor');
    text(data, 'against');
    text(data, 'reason');
    list(data, 'flags');
    moved(data);
  },
  CreditLineSet: (data) => void minor(data, 'creditLineMinor'),
  SuspenseResolved: (data) => {
    suspendedSum(data);
    optionalMinor(data, 'accountMinor');
    text(data, 'reason');
    text(data, 'to');
    list(data, 'flags');
    moved(data);
  },
  SuspenseReceived: (data) => {
    suspendedSum(data);
    text(data, 'stream');
    minor(data, 'accountMinor');
    list(data, 'flags');
    moved(data);
  },
  SuspenseAssigned: (data) => {
    suspendedSum(data);
    optionalMinor(data, 'accountMinor');
    text(data, 'reason');
    text(data, 'to');
    entry(data);
  },
  TransferSent: (data) => {
    text(data, 'target');
    transferred(data);
  },
  TransferReceived: (data) => {
    text(data, 'source');
    transferred(data);
  },
  TransferRefused: (data) => {
    text(data, 'transferId');
    text(data, 'source');
    text(data, 'reason');
  },
  TransferCompleted: (data) => text(data, 'transferId'),
  TransferReturned: (data) => {
    text(data, 'reason');
    transferred(data);
  },
  AccountOverdrawn: spendable,
  AccountRecovered: spendable,
  CardIssued: (data) => {
    text(data, 'cardId');
    text(data, 'expiry');
    for (const carried of objects(data, 'carried')) {
      text(carried, 'commandId');
      text(carried, 'contentHash');
      text(carried, 'recordedIn');
    }
  },
  CardPaused: (data) => text(data, 'cardId'),
  CardResumed: (data) => text(data, 'cardId'),
  CardClosed: (data) => text(data, 'cardId'),
  CardControlsSet: (data) => {
    text(data, 'cardId');
    controls(data);
  },
  AccountControlsSet: controls,
  AuthorizationApproved: (data) => {
    approval(data);
    minor(data, 'heldMinor');
    optionalMinor(data, 'openMinor');
    optionalMinor(data, 'openAccountMinor');
    text(data, 'expiresAt');
  },
  IncrementApproved: (data) => {
    approval(data);
    minor(data, 'heldMinor');
    change(data);
    text(data, 'status');
    text(data, 'expiresAt');
  },
  FinancialAuthorizationApproved: (data) => {
    approval(data);
    minor(data, 'postedMinor');
    minor(data, 'amountPostedMinor');
    change(data);
    text(data, 'status');
  },
  RefundAuthorized: (data) => {
    text(data, 'transactionId');
    message(data);
    text(data, 'authorizationCode');
    list(data, 'flags');
    minor(data, 'requestedAccountMinor');
    change(data);
    text(data, 'status');
    conversion(data);
    text(data, 'answerBy');
    text(data, 'expiresAt');
    versions(data);
  },
  AuthorizationDeclined: (data) => {
    text(data, 'transactionId');
    decline(data);
  },
  IncrementDeclined: decline,
  InquiryAnswered: (data) => {
    message(data);
    text(data, 'responseCode');
    list(data, 'reasons');
    minor(data, 'spendableMinor');
    text(data, 'answerBy');
    versions(data);
  },
  AuthorizationAdvised: advised,
  IncrementAdvised: advised,
  AdviceRecorded: (data) => {
    message(data);
    list(data, 'flags');
    optionalList(data, 'unparked');
  },
  FinancialAuthorizationReversed: (data) => {
    fact(data);
    optionalList(data, 'unparked');
    share(data, 'share');
  },
  RefundAuthorizationReversed: (data) => {
    text(data, 'transactionId');
    message(data);
    list(data, 'flags');
    optionalList(data, 'unparked');
    change(data);
    text(data, 'status');
  },
  AuthorizationReversed: (data) => {
    message(data);
    list(data, 'flags');
    optionalList(data, 'unparked');
    released(data);
  },
  ReversalRefused: (data) => {
    text(data, 'transactionId');
    message(data);
    text(data, 'reason');
    list(data, 'flags');
    optionalList(data, 'unparked');
  },
  ReversalParked: (data) => {
    message(data);
    text(data, 'parkedUntil');
  },
  ClearingPosted: (data) => {
    message(data);
    boolean(data, 'final');
    list(data, 'flags');
    minor(data, 'postedMinor');
    if (data.confirmed !== undefined) share(data, 'confirmed');
    conversion(data);
    released(data);
  },
  ClearingSuspended: suspended,
  ClearingReversed: (data) => {
    fact(data);
    integer(data, 'clearingRevision');
    share(data, 'share');
  },
  RefundPosted: refunded,
  RefundReversed: refunded,
  RefundSuspended: suspended,
  AuthorizationExpired: (data) => {
    text(data, 'expiresAt');
    released(data);
  },
  PendingCreditExpired: (data) => {
    text(data, 'transactionId');
    text(data, 'expiresAt');
    change(data);
    text(data, 'status');
  },
  LateApprovalReleased: (data) => {
    released(data);
    if (data.change !== undefined) change(data);
  },
  AnswerRepeated: (data) => {
    text(data, 'transactionId');
    text(data, 'repeats');
  },
  MessageConflicted: (data) => {
    message(data);
    text(data, 'conflictsWith');
  },
  UnmatchedMessageRecorded: (data) => {
    message(data);
    text(data, 'decision');
    text(data, 'responseCode');
    text(data, 'reason');
    entry(data);
  },
  ClearingFileReceived: clearingFile,
  ClearingFileApplied: (data) => {
    text(data, 'clearingFileId');
    const { report } = data;
    if (!isObject(report)) throw missing('report');
    const { outcomes } = report;
    if (!isObject(outcomes)) throw missing('outcomes');
    for (const outcome of RECORD_OUTCOMES) integer(outcomes, outcome);
    for (const sums of objects(report, 'currencies')) {
      currency(sums);
      for (const each of CURRENCY_SUMS) minor(sums, each);
    }
    for (const sum of objects(report, 'charged')) {
      currency(sum);
      minor(sum, 'postedMinor');
    }
    for (const record of objects(report, 'listed')) {
      integer(record, 'line');
      text(record, 'recordId');
      text(record, 'outcome');
      list(record, 'flags');
    }
    integer(report, 'unlisted');
  },
  ClearingFileRefused: clearingFile,
};

const CURRENCY_SUMS = ['fileMinor', 'postedMinor', 'convertedMinor', 'suspendedMinor', 'differenceMinor'];

function clearingFile(data: StoredData): void {
  text(data, 'clearingFileId');
  text(data, 'sender');
  integer(data, 'sequence');
  text(data, 'businessDate');
  text(data, 'sha256');
  integer(data, 'records');
  for (const sum of objects(data, 'sums')) {
    text(sum, 'type');
    currency(sum);
    integer(sum, 'records');
    minor(sum, 'amountMinor');
  }
}

function message(data: StoredData): void {
  const { message } = data;
  if (!isObject(message)) throw missing('message');
  text(message, 'type');
  text(message, 'cardId');
  text(message, 'network');
  currency(message);
  optionalMinor(message, 'amountMinor');
  optionalMinor(message, 'cashAmountMinor');
  optionalMinor(message, 'surchargeAmountMinor');
  optionalMinor(message, 'interchangeMinor');
  optionalMinor(message, 'remainingAmountMinor');
  converted(message, 'billing');
  converted(message, 'settlement');
  if (message.merchant !== undefined) {
    if (!isObject(message.merchant)) throw missing('merchant');
    text(message.merchant, 'id');
    text(message.merchant, 'mcc');
  }
}

function converted(message: StoredData, field: 'billing' | 'settlement'): void {
  const amount = message[field];
  if (amount === undefined) return;
  if (!isObject(amount)) throw missing(field);
  minor(amount, 'amountMinor');
  currency(amount);
}

/** What moves money: its entry and the balances after it. */
function moved(data: StoredData): void {
  entry(data);
  balances(data);
}

/** What takes of open: of which transaction, how much, and where that leaves it. */
function released(data: StoredData): void {
  text(data, 'transactionId');
  text(data, 'status');
  const { taken } = data;
  if (!isObject(taken)) throw missing('taken');
  minor(taken, 'openMinor');
  minor(taken, 'openAccountMinor');
  minor(taken, 'heldMinor');
  spending(data);
  moved(data);
}

function spending(data: StoredData): void {
  for (const change of objects(data, 'spending')) {
    text(change, 'at');
    minor(change, 'amountMinor');
  }
}

/** What every approval says. */
function approval(data: StoredData): void {
  text(data, 'transactionId');
  message(data);
  text(data, 'responseCode');
  text(data, 'authorizationCode');
  list(data, 'reasons');
  list(data, 'flags');
  minor(data, 'requestedAccountMinor');
  minor(data, 'approvedMinor');
  minor(data, 'approvedAccountMinor');
  conversion(data);
  text(data, 'answerBy');
  spending(data);
  decided(data);
  moved(data);
}

function decline(data: StoredData): void {
  message(data);
  text(data, 'responseCode');
  text(data, 'reason');
  optionalList(data, 'unparked');
  list(data, 'reasons');
  list(data, 'flags');
  optionalMinor(data, 'requestedAccountMinor');
  conversion(data);
  text(data, 'answerBy');
  decided(data);
  balances(data);
}

/** What every fact that changes a transaction says. */
function fact(data: StoredData): void {
  text(data, 'transactionId');
  message(data);
  list(data, 'flags');
  change(data);
  spending(data);
  text(data, 'status');
  moved(data);
}

function advised(data: StoredData): void {
  fact(data);
  conversion(data);
  text(data, 'expiresAt');
}

function refunded(data: StoredData): void {
  fact(data);
  minor(data, 'postedMinor');
  conversion(data);
}

function suspended(data: StoredData): void {
  message(data);
  list(data, 'flags');
  entry(data);
}

const TOTALS = [
  'requestedMinor',
  'approvedMinor',
  'openMinor',
  'reversedMinor',
  'clearedMinor',
  'refundedMinor',
  'pendingCreditMinor',
];

/** By how much it changes a transaction's totals. */
function change(data: StoredData): void {
  const { change } = data;
  if (!isObject(change)) throw missing('change');
  for (const part of ['totals', 'accountTotals'] as const) {
    const totals = change[part];
    if (totals === undefined) continue;
    if (!isObject(totals)) throw missing(part);
    for (const each of TOTALS) optionalMinor(totals, each);
  }
  optionalMinor(change, 'heldMinor');
  optionalMinor(change, 'givenBackMinor');
}

function share(data: StoredData, field: string): void {
  const share = data[field];
  if (!isObject(share)) throw missing(field);
  minor(share, 'amountMinor');
  minor(share, 'accountMinor');
  minor(share, 'feeMinor');
  minor(share, 'settledMinor');
  currency(share, 'settledCurrency');
}

function conversion(data: StoredData): void {
  const { conversion } = data;
  if (conversion === undefined) return;
  if (!isObject(conversion)) throw missing('conversion');
  currency(conversion, 'from');
  currency(conversion, 'to');
  rate(conversion, 'rate');
  minor(conversion, 'baseMinor');
  minor(conversion, 'markupMinor');
  integer(conversion, 'markupBasisPoints');
}

function versions(data: StoredData): void {
  const { versions } = data;
  if (!isObject(versions)) throw missing('versions');
  integer(versions, 'program');
}

function decided(data: StoredData): void {
  versions(data);
  for (const limit of objects(data, 'limits')) {
    text(limit, 'limitId');
    text(limit, 'scope');
    minor(limit, 'amountMinor');
    minor(limit, 'spentMinor');
  }
}

function entry(data: StoredData): void {
  for (const leg of objects(data, 'entry')) {
    text(leg, 'account');
    currency(leg);
    const side = leg.debitMinor === undefined ? 'creditMinor' : 'debitMinor';
    if (side === 'debitMinor' && leg.creditMinor !== undefined) throw new Malformed('a leg has a debit and a credit');
    if (minor(leg, side) <= 0n) throw new Malformed(`a leg's ${side} is not above zero`);
  }
}

function balances(data: StoredData): void {
  const { balances } = data;
  if (!isObject(balances)) throw missing('balances');
  minor(balances, 'availableMinor');
  minor(balances, 'heldMinor');
}

function suspendedSum(data: StoredData): void {
  integer(data, 'revision');
  text(data, 'side');
  currency(data);
  minor(data, 'amountMinor');
}

function transferred(data: StoredData): void {
  text(data, 'transferId');
  currency(data);
  minor(data, 'amountMinor');
  moved(data);
}

function spendable(data: StoredData): void {
  minor(data, 'availableMinor');
  minor(data, 'spendableMinor');
}

function controls(data: StoredData): void {
  const { controls } = data;
  if (!isObject(controls)) throw missing('controls');
  for (const limit of objects(controls, 'limits')) {
    text(limit, 'id');
    minor(limit, 'amountMinor');
    if (!isObject(limit.window)) throw missing('window');
    text(limit.window, 'kind');
    if (limit.window.kind === 'day') commonText(limit.window, 'timeZone');
  }
  const { merchantCategories } = controls;
  if (!isObject(merchantCategories)) throw missing('merchantCategories');
  for (const field of ['blocked', 'allowed']) {
    // Most cards have one that is empty, and keep it.
    if (list(merchantCategories, field).length === 0) merchantCategories[field] = NO_CATEGORIES;
  }
}
const NO_CATEGORIES: readonly string[] = [];

function ofProcess(data: StoredData): void {
  text(data, 'name');
  text(data, 'instance');
}
