// fields.ts: what many events are made of, in its stored form: amounts are decimal strings, moments ISO 8601.

import { FLAGS, MAX_MARKUP_BASIS_POINTS, MESSAGE_TYPES, REASON_CODES, TRANSACTION_STATUSES } from '@holdfast/domain';
import { isCurrencyCode } from '@holdfast/money';
import { z } from 'zod';
import { idPattern } from '../ids.ts';

/** No text of an event is longer. The edges have narrower limits of their own. */
export const MAX_TEXT_LENGTH = 1024;
/** No list of an event is longer. */
export const MAX_LIST_LENGTH = 1000;

export const text = z.string().min(1).max(MAX_TEXT_LENGTH);
const HASH22 = '[A-Za-z0-9_-]{21}[AQgw]';
export const hash22 = z.string().regex(new RegExp(`^${HASH22}$`));

const TRANSACTION = idPattern('txn').source.slice(1, -1);
const TRANSFER = idPattern('trf').source.slice(1, -1);
/** A hash; or of what follows from another command: a conflict with it, its repeat; or what time does to a transaction; or a step of a transfer or an
 * assignment. */
export const commandId = z
  .string()
  .regex(
    new RegExp(
      `^(?:${HASH22}(?:~${HASH22})?|repeat:${HASH22}|release:${TRANSACTION}(?::${HASH22})?|expire:${TRANSACTION}:[0-9TZ:.-]{24}|transfer:${TRANSFER}:(?:receive|finish)|suspense:unmatched-[0-9a-f]{2}:[0-9]{1,16}:receive)$`,
    ),
  );

export const programId = z.string().regex(idPattern('prog'));
export const accountId = z.string().regex(idPattern('acct'));
export const cardId = z.string().regex(idPattern('card'));
export const transactionId = z.string().regex(idPattern('txn'));
export const depositId = z.string().regex(idPattern('dep'));
export const withdrawalId = z.string().regex(idPattern('wdr'));
export const correctionId = z.string().regex(idPattern('cor'));
export const transferId = z.string().regex(idPattern('trf'));
export const limitId = z.string().regex(idPattern('lim'));
export const apiKeyId = z.string().regex(idPattern('key'));
export const clearingFileId = z.string().regex(idPattern('clf'));

/** Minor units, any sign, as `encodeMinor` of money writes them. */
export const minor = z.string().regex(/^(?:0|-?[1-9][0-9]{0,30})$/);
export const nonNegativeMinor = z.string().regex(/^(?:0|[1-9][0-9]{0,30})$/);
export const positiveMinor = z.string().regex(/^[1-9][0-9]{0,30}$/);

export const currency = z.string().refine(isCurrencyCode, 'not a currency code of ISO 4217');
/** ISO 8601 in UTC with milliseconds. */
export const time = z.iso.datetime({ precision: 3 });
/** YYMM. */
export const expiry = z.string().regex(/^[0-9]{2}(?:0[1-9]|1[0-2])$/);
export const mcc = z.string().regex(/^[0-9]{4}$/);
/** ISO 8583 data element 39. */
export const responseCode = z.string().regex(/^[0-9A-Z]{2}$/);
export const messageType = z.enum(MESSAGE_TYPES);
export const reasonCode = z.enum(REASON_CODES);
export const reasons = z.array(reasonCode).max(MAX_LIST_LENGTH);
export const flags = z.array(z.enum(FLAGS)).max(FLAGS.length);
export const status = z.enum(TRANSACTION_STATUSES);
export const versions = z.strictObject({ program: z.int().min(0) });

/** What counts for or against limits, and when it was charged. */
export const spending = z.array(z.strictObject({ at: time, amountMinor: minor })).max(MAX_LIST_LENGTH);

/** Parked reversals that an event ends. */
export const unparked = z.array(hash22).max(MAX_LIST_LENGTH);

const totals = z.strictObject({
  requestedMinor: minor.exactOptional(),
  approvedMinor: minor.exactOptional(),
  openMinor: minor.exactOptional(),
  reversedMinor: minor.exactOptional(),
  clearedMinor: minor.exactOptional(),
  refundedMinor: minor.exactOptional(),
  pendingCreditMinor: minor.exactOptional(),
});

/** By how much an event changes a transaction's totals. */
export const change = z.strictObject({
  totals: totals.exactOptional(),
  accountTotals: totals.exactOptional(),
  heldMinor: minor.exactOptional(),
  givenBackMinor: minor.exactOptional(),
});

/** A share of what a single message posted. */
export const share = z.strictObject({
  amountMinor: nonNegativeMinor,
  accountMinor: nonNegativeMinor,
  feeMinor: nonNegativeMinor,
  settledMinor: nonNegativeMinor,
  settledCurrency: currency,
});

/** A decimal number above zero. */
export const rate = z.string().regex(/^(?!0(?:\.0+)?$)(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?$/);
export const basisPoints = z.int().min(0).max(MAX_MARKUP_BASIS_POINTS);

/** How an amount came into the account's currency by the program's rates. */
export const conversion = z.strictObject({
  from: currency,
  to: currency,
  rate,
  inverse: z.literal(true).exactOptional(),
  source: text,
  validFrom: time,
  baseMinor: nonNegativeMinor,
  markupBasisPoints: basisPoints,
  markupMinor: nonNegativeMinor,
  stale: z.literal(true).exactOptional(),
});

export const taken = z.strictObject({
  openMinor: nonNegativeMinor,
  openAccountMinor: nonNegativeMinor,
  heldMinor: nonNegativeMinor,
});
