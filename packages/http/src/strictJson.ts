// strictJson.ts: JSON that can be read in one way only. A body about money must not depend on the parser.

import { isUtf8 } from 'node:buffer';
import { ApiError } from './problem.ts';

/** Arrays and objects inside one another. The deepest shape of the API has four. */
export const MAX_JSON_DEPTH = 16;

/** What is wrong with a text that is no JSON, or could be read in two ways. It never repeats the text. */
export class NotStrictJson extends Error {
  override name = 'NotStrictJson';
}

/** `readStrictJson` of a request's body. Throws `ApiError` `malformed_json`. */
export function parseStrictJson(bytes: Buffer): unknown {
  try {
    return readStrictJson(bytes);
  } catch (error) {
    if (error instanceof NotStrictJson) throw new ApiError('malformed_json', { what: error.message });
    throw error;
  }
}

/**
 * The value of a JSON text. Refused beside what is no JSON: bytes that are not UTF-8, a key twice in one object, the
 * keys `__proto__` and `constructor` with a `prototype`, lone surrogates, and nesting deeper than 16.
 *
 * The API has integers only. A number written with a fraction or an exponent (`1.5`, but also `100.0` and `1e2`, whose
 * value depends on how the reader rounds) becomes NaN, which every schema refuses as no integer, naming the field.
 *
 * Throws `NotStrictJson`, which never repeats the text: card numbers come in it.
 */
export function readStrictJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed('it is not UTF-8');
  const text = bytes.toString();
  const value = parse(text);
  const seen = look(text);
  if (seen.depth > MAX_JSON_DEPTH) throw malformed(`it is nested deeper than ${MAX_JSON_DEPTH}`);
  // UTF-8 has no surrogates, so a lone one can only have come from an escape.
  if (countKeys(value, text.includes('\\u')) !== seen.keys) throw malformed('an object has the same key twice');
  return seen.nonInteger ? withoutNonIntegers(text) : value;
}

function malformed(what: string): NotStrictJson {
  return new NotStrictJson(what);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text, but may say where: that alone is taken from it.
    const at = error instanceof SyntaxError ? /at position \d+ \(line \d+ column \d+\)$/.exec(error.message) : null;
    throw malformed(at === null ? 'a syntax error' : `a syntax error ${at[0]}`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One pass over text that is known to be JSON. A key is what a colon outside of strings follows. */
function look(text: string) {
  let keys = 0;
  let depth = 0;
  let deepest = 0;
  let nonInteger = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case 0x3a: // :
        keys++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > deepest) deepest = depth;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x2e: // .
        nonInteger = true;
        break;
      case 0x45: // E
      case 0x65: // e, also of true and false: an exponent follows a digit
        if (text.charCodeAt(i - 1) <= 0x39) nonInteger = true;
        break;
    }
  }
  return { keys, depth: deepest, nonInteger };
}

/** Index of the closing quote: the first one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

/** Keys in all objects. Fewer than were written means that one stood there twice. */
function countKeys(value: unknown, checkSurrogates: boolean): number {
  if (typeof value !== 'object' || value === null) {
    if (checkSurrogates && typeof value === 'string') assertWellFormed(value);
    return 0;
  }
  let keys = 0;
  if (Array.isArray(value)) {
    for (const element of value) keys += countKeys(element, checkSurrogates);
    return keys;
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') throw malformed('an object has the key __proto__');
    if (key === 'constructor' && typeof member === 'object' && member !== null && Object.hasOwn(member, 'prototype')) {
      throw malformed('an object has the keys constructor.prototype');
    }
    if (checkSurrogates) assertWellFormed(key);
    keys += 1 + (typeof member === 'object' || checkSurrogates ? countKeys(member, checkSurrogates) : 0);
  }
  return keys;
}

/** A lone surrogate has no UTF-8: what is stored and hashed would not be what was sent. */
function assertWellFormed(text: string): void {
  if (!text.isWellFormed()) throw malformed('a string has half of a surrogate pair');
}

function withoutNonIntegers(text: string): unknown {
  return JSON.parse(text, (...[, value, context]: unknown[]) =>
    typeof value === 'number' && /[.eE]/.test(sourceOf(context)) ? Number.NaN : value,
  );
}

/** The number as it was written (ECMAScript's `JSON.parse` source text access). */
function sourceOf(context: unknown): string {
  return typeof context === 'object' && context !== null && 'source' in context ? String(context.source) : '';
}
