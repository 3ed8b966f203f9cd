// fields.ts: the fields of a network message as they come in, each with its limits. Reference: docs/api.md.

import { MESSAGE_TYPES } from '@holdfast/domain';
import { z } from 'zod';
import { idPattern } from '../ids.ts';

/** The most characters (or, of `amountDigits` and `privateDataEntries`, the most of what the name says) a field takes. */
export const WIRE_LIMITS = {
  amountDigits: 12,
  messageId: 128,
  network: 20,
  networkTransactionId: 64,
  merchantId: 32,
  merchantName: 100,
  merchantCity: 100,
  acquirerId: 32,
  terminalId: 16,
  rrn: 12,
  authorizationCode: 6,
  arn: 23,
  /** `entry_mode`, `wallet` and each field of `verification`. */
  token: 32,
  reason: 200,
  privateDataEntries: 32,
  privateDataKey: 64,
  privateDataValue: 256,
} as const;

/** The largest amount that a message can have, in minor units: 12 digits. */
export const MAX_WIRE_AMOUNT = 10 ** WIRE_LIMITS.amountDigits - 1;

// Lengths are in the patterns, where they mean code points to zod and to JSON Schema alike; `max(…)` would not.
// Neither control characters nor halves of a surrogate pair are text.
const text = (most: number) => z.string().regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'));
const visible = (most: number) => z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${most}}$`, 'u'));
const printable = (most: number) => z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`, 'u'));
const alphanumeric = (most: number) => z.string().regex(new RegExp(`^[A-Za-z0-9]{1,${most}}$`, 'u'));
const token = (most: number) => z.string().regex(new RegExp(`^[a-z0-9_]{1,${most}}$`, 'u'));

const amount = z.int().min(0).max(MAX_WIRE_AMOUNT);
/** Three capitals here; that ISO 4217 has them is a refinement. */
const currency = z.string().regex(/^[A-Z]{3}$/);
const country = z.string().regex(/^[A-Z]{2}$/);
const stan = z.string().regex(/^[0-9]{6}$/);
const acquirerId = visible(WIRE_LIMITS.acquirerId);

const DATE =
  '(?:(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29' +
  '|[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])))';
/** ISO 8601 in UTC with at most milliseconds, of a day that exists. */
const time = z.string().regex(new RegExp(`^${DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,3})?Z$`));

const converted = z.strictObject({
  amount,
  currency,
  rate: z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?$/)
    .exactOptional(),
});

/** `{ number, expiry?, cvv2? }` or `{ id }`: which of the two is a refinement, so that its error is precise. */
const card = z.strictObject({
  number: z
    .string()
    .regex(/^[0-9]{12,19}$/)
    .exactOptional(),
  /** YYMM. */
  expiry: z
    .string()
    .regex(/^[0-9]{2}(?:0[1-9]|1[0-2])$/)
    .exactOptional(),
  cvv2: z
    .string()
    .regex(/^[0-9]{3,4}$/)
    .exactOptional(),
  id: z.string().regex(idPattern('card')).exactOptional(),
});

const PRIVATE_KEY = new RegExp(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,${WIRE_LIMITS.privateDataKey - 1}}$`);
const PRIVATE_VALUE = new RegExp(`^[^\\p{Cc}\\p{Cs}]{0,${WIRE_LIMITS.privateDataValue}}$`, 'u');

/** Not `z.record`, which silently drops a key `__proto__` and has no limit on entries. */
const privateData = z
  .custom<Readonly<Record<string, string>>>()
  .superRefine((value: unknown, context) => {
    const complain = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return complain('expected an object');
    const entries = Object.entries(value);
    if (entries.length > WIRE_LIMITS.privateDataEntries) {
      return complain(`takes at most ${WIRE_LIMITS.privateDataEntries} entries`);
    }
    for (const [key, entry] of entries) {
      if (!PRIVATE_KEY.test(key)) {
        complain(`keys are 1 to ${WIRE_LIMITS.privateDataKey} letters, digits, dots, hyphens or underscores`);
      } else if (typeof entry !== 'string' || !PRIVATE_VALUE.test(entry)) {
        complain(`expected a text of at most ${WIRE_LIMITS.privateDataValue} characters`, [key]);
      }
    }
  })
  .meta({
    type: 'object',
    maxProperties: WIRE_LIMITS.privateDataEntries,
    propertyNames: { type: 'string', pattern: PRIVATE_KEY.source },
    additionalProperties: { type: 'string', pattern: PRIVATE_VALUE.source },
  });

const merchant = z.strictObject({
  id: printable(WIRE_LIMITS.merchantId),
  name: text(WIRE_LIMITS.merchantName).exactOptional(),
  city: text(WIRE_LIMITS.merchantCity).exactOptional(),
  country: country.exactOptional(),
  mcc: z.string().regex(/^[0-9]{4}$/),
});

/** What every kind of message may have. */
export const commonFields = {
  message_id: visible(WIRE_LIMITS.messageId).exactOptional(),
  repeat: z.boolean().exactOptional(),
  network: token(WIRE_LIMITS.network),
  network_transaction_id: visible(WIRE_LIMITS.networkTransactionId).exactOptional(),
  card,
  currency,
  billing: converted.exactOptional(),
  settlement: converted.exactOptional(),
  cash_amount: amount.exactOptional(),
  surcharge_amount: amount.exactOptional(),
  interchange: amount.exactOptional(),
  acquirer_id: acquirerId.exactOptional(),
  acquirer_country: country.exactOptional(),
  terminal_id: printable(WIRE_LIMITS.terminalId).exactOptional(),
  stan: stan.exactOptional(),
  rrn: alphanumeric(WIRE_LIMITS.rrn).exactOptional(),
  authorization_code: alphanumeric(WIRE_LIMITS.authorizationCode).exactOptional(),
  arn: alphanumeric(WIRE_LIMITS.arn).exactOptional(),
  transmitted_at: time.exactOptional(),
  answer_by: time.exactOptional(),
  entry_mode: token(WIRE_LIMITS.token).exactOptional(),
  card_present: z.boolean().exactOptional(),
  wallet: token(WIRE_LIMITS.token).exactOptional(),
  partial_approval: z.boolean().exactOptional(),
  verification: z
    .strictObject({
      avs: token(WIRE_LIMITS.token).exactOptional(),
      three_ds: token(WIRE_LIMITS.token).exactOptional(),
      pin: token(WIRE_LIMITS.token).exactOptional(),
    })
    .exactOptional(),
  original: z
    .strictObject({ type: z.enum(MESSAGE_TYPES), stan, transmitted_at: time, acquirer_id: acquirerId })
    .exactOptional(),
  network_decision: z.enum(['approved', 'declined']).exactOptional(),
  reason: text(WIRE_LIMITS.reason).exactOptional(),
  private_data: privateData.exactOptional(),
};

export const required = { amount, merchant };
export const optional = { amount: amount.exactOptional(), merchant: merchant.exactOptional() };
export const remainingAmount = amount.exactOptional();
export const final = z.boolean().exactOptional();
