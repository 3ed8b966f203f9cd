// schemas.ts: the fields that bodies, paths and queries are made of, each with its limits.

import { fromIso, toIso } from '@holdfast/domain';
import { type IdByPrefix, type IdPrefix, isId } from '@holdfast/events';
import { type CurrencyCode, isCurrencyCode } from '@holdfast/money';
import { looksLikeCardNumber } from '@holdfast/vault';
import { z } from 'zod';

export const API_LIMITS = {
  amountDigits: 12,
  /** Names and labels; reasons and references. In characters. */
  name: 100,
  note: 200,
  limitsPerScope: 10,
  merchantCategories: 500,
  cursor: 200,
  listDefault: 20,
  list: 100,
} as const;

export const MAX_AMOUNT = 10 ** API_LIMITS.amountDigits - 1;

/** In minor units; never zero. */
export const amount = z.int().min(1).max(MAX_AMOUNT);

/** In minor units; zero for none. */
export const creditLine = z.int().min(0).max(MAX_AMOUNT);

export const currency = z
  .string()
  .pipe(
    z.custom<CurrencyCode>(
      (code) => typeof code === 'string' && isCurrencyCode(code),
      'must be an ISO 4217 currency code, three capitals such as EUR',
    ),
  );

/** A moment in UTC, with milliseconds afterwards, however many digits of the second were sent. */
export const moment = z
  .string()
  .pipe(
    z.custom<string>(
      (text) => typeof text === 'string' && MOMENT.test(text) && z.iso.datetime().safeParse(text).success,
      'must be a time in UTC such as 2026-03-01T12:00:00Z, with at most milliseconds',
    ),
  )
  .transform((text) => toIso(fromIso(text)));

const MOMENT = /^[^.]{19}(?:\.[0-9]{1,3})?Z$/;

const NAMES: Readonly<Record<IdPrefix, string>> = {
  prog: 'a program id',
  acct: 'an account id',
  card: 'a card id',
  txn: 'a transaction id',
  dep: 'a deposit id',
  wdr: 'a withdrawal id',
  cor: 'a correction id',
  trf: 'a transfer id',
  lim: 'a limit id',
  key: 'an API key id',
  clf: 'a clearing file id',
};

export function id<Prefix extends IdPrefix>(prefix: Prefix) {
  return z
    .string()
    .pipe(
      z.custom<IdByPrefix[Prefix]>(
        (text) => typeof text === 'string' && isId(prefix, text),
        `must be ${NAMES[prefix]}: ${prefix}_ and 26 characters`,
      ),
    );
}

/** Where in the log something was left in suspense: `stream@revision`. */
export const suspenseId = z
  .string()
  .regex(
    /^(?:account-[0-7][0-9a-hjkmnp-tv-z]{25}|unmatched-[0-9a-f]{2})@(?:0|[1-9][0-9]{0,14})$/,
    'must be the id of a suspense item: a stream, @ and a revision',
  );

/**
 * Text for people, in characters (code points). It goes into the log for ever, so a card number that somebody pastes
 * here is refused: 12 to 19 digits that pass the Luhn check.
 */
export function freeText(most: number) {
  return z
    .string()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'),
      `must be 1 to ${most} characters, without control characters`,
    )
    .refine((text) => !looksLikeCardNumber(text), 'must not hold what looks like a card number');
}

export const name = freeText(API_LIMITS.name);
export const note = freeText(API_LIMITS.note);

/** The body of calls that need no more than a reason, and not even that. */
export const reasonBody = z.strictObject({ reason: note.optional() });
