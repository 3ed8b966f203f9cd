// revive.ts: parsed JSON becomes an event in place: decimal strings to bigints, and the assertions that money relies on.

import { isCurrencyCode } from '@holdfast/money';
import type { StoredData } from './upcasters.ts';
import type { EventType } from './versions.ts';

/** What is wrong with stored data: names the field, never shows its value (it may be what must not be shown). */
export class Malformed extends Error {
  override name = 'Malformed';
}

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
  ApiKeyIssued: (data) => {
    text(data, 'apiKeyId');
    text(data, 'secretHash');
    list(data, 'roles');
  },
  CardNumberClaimed: (data) => {
    text(data, 'cardId');
    text(data, 'accountId');
    text(data, 'programId');
  },
  AccountOpened: (data) => {
    text(data, 'accountId');
    text(data, 'programId');
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
    text(data, 'transactionId');
    message(data);
    text(data, 'responseCode');
    text(data, 'authorizationCode');
    list(data, 'reasons');
    list(data, 'flags');
    minor(data, 'requestedAccountMinor');
    minor(data, 'approvedMinor');
    minor(data, 'approvedAccountMinor');
    minor(data, 'heldMinor');
    optionalMinor(data, 'openMinor');
    optionalMinor(data, 'openAccountMinor');
    text(data, 'answerBy');
    text(data, 'expiresAt');
    spending(data);
    decided(data);
    moved(data);
  },
  AuthorizationDeclined: (data) => {
    text(data, 'transactionId');
    message(data);
    text(data, 'responseCode');
    text(data, 'reason');
    optionalList(data, 'unparked');
    list(data, 'reasons');
    list(data, 'flags');
    optionalMinor(data, 'requestedAccountMinor');
    text(data, 'answerBy');
    decided(data);
    balances(data);
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
    released(data);
  },
  ClearingSuspended: (data) => {
    message(data);
    list(data, 'flags');
    entry(data);
  },
  AuthorizationExpired: (data) => {
    text(data, 'expiresAt');
    released(data);
  },
  LateApprovalReleased: released,
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
};

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

function decided(data: StoredData): void {
  const { versions } = data;
  if (!isObject(versions)) throw missing('versions');
  integer(versions, 'program');
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

function controls(data: StoredData): void {
  const { controls } = data;
  if (!isObject(controls)) throw missing('controls');
  for (const limit of objects(controls, 'limits')) {
    text(limit, 'id');
    minor(limit, 'amountMinor');
    if (!isObject(limit.window)) throw missing('window');
    text(limit.window, 'kind');
  }
  const { merchantCategories } = controls;
  if (!isObject(merchantCategories)) throw missing('merchantCategories');
  list(merchantCategories, 'blocked');
  list(merchantCategories, 'allowed');
}

/** What `encodeMinor` of money writes: at most 31 digits, no leading zero, no plus, no minus zero. */
const DECIMAL = /^(?:0|-?[1-9][0-9]{0,30})$/;

function minor(object: StoredData, field: string): bigint {
  const value = object[field];
  if (typeof value !== 'string' || !DECIMAL.test(value)) throw missing(field, 'a decimal string of minor units');
  const amount = BigInt(value);
  object[field] = amount;
  return amount;
}

function optionalMinor(object: StoredData, field: string): void {
  if (object[field] !== undefined) minor(object, field);
}

function text(object: StoredData, field: string): void {
  const value = object[field];
  if (typeof value !== 'string' || value === '') throw missing(field, 'a text');
}

function integer(object: StoredData, field: string): void {
  if (!Number.isSafeInteger(object[field])) throw missing(field, 'an integer');
}

function boolean(object: StoredData, field: string): void {
  if (typeof object[field] !== 'boolean') throw missing(field, 'true or false');
}

function currency(object: StoredData): void {
  const value = object.currency;
  if (typeof value !== 'string' || !isCurrencyCode(value)) throw missing('currency', 'an ISO 4217 code');
}

function list(object: StoredData, field: string): readonly unknown[] {
  const value = object[field];
  if (!Array.isArray(value)) throw missing(field, 'a list');
  return value;
}

function optionalList(object: StoredData, field: string): void {
  if (object[field] !== undefined) list(object, field);
}

function objects(object: StoredData, field: string): readonly StoredData[] {
  const values = list(object, field);
  if (!values.every(isObject)) throw missing(field, 'a list of objects');
  return values;
}

export function isObject(value: unknown): value is StoredData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(field: string, expected = 'an object'): Malformed {
  return new Malformed(`"${field}" is not ${expected}`);
}
