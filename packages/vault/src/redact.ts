// redact.ts: takes card numbers out of text that people or log collectors will read.

import { luhnValid } from './luhn.ts';

/** ISO/IEC 7812 allows up to 19 digits; the shortest numbers in use have 12. */
const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** Digits, single or in groups, with one space or dash of some kind between two groups. */
const DIGIT_RUN = /[0-9]+(?:[ \t\u00a0\u2010-\u2015-][0-9]+)*/g;

/** `************0119`: the last four digits, which a receipt shows too. Anything shorter than 8 is masked whole. */
export function maskNumber(number: string): string {
  const shown = number.length < 8 ? '' : number.slice(-4);
  return '*'.repeat(number.length - shown.length) + shown;
}

/**
 * `text` with everything masked that looks like a card number: 12 to 19 digits that pass the Luhn check, written in one
 * or in groups with spaces or dashes. One digit string in ten passes by chance and is masked too: for text that is
 * only read, that costs nothing.
 */
export function redact(text: string): string {
  return text.replace(DIGIT_RUN, redactRun);
}

/** True when `redact` would mask something in `text`. */
export function looksLikeCardNumber(text: string): boolean {
  return redact(text) !== text;
}

/** A run may hold more than the number (`12 4761 7390 0101 0119`): every stretch of whole groups is looked at. */
function redactRun(run: string): string {
  if (run.length < MIN_DIGITS) return run;
  const parts = run.split(/([^0-9])/); // group, separator, group …
  let out = '';
  for (let first = 0; first < parts.length; ) {
    const end = endOfNumber(parts, first);
    if (end === undefined) {
      out += `${parts[first]}${parts[first + 1] ?? ''}`;
      first += 2;
    } else {
      out += `${maskNumber(digitsOf(parts, first, end))}${parts[end] ?? ''}`;
      first = end + 1;
    }
  }
  return out;
}

/** Index after the last group of the longest number that begins with group `first`. */
function endOfNumber(parts: readonly string[], first: number): number | undefined {
  let found: number | undefined;
  for (let end = first + 1; end <= parts.length; end += 2) {
    const digits = digitsOf(parts, first, end);
    if (digits.length > MAX_DIGITS) break;
    if (digits.length >= MIN_DIGITS && luhnValid(digits)) found = end;
  }
  return found;
}

function digitsOf(parts: readonly string[], first: number, end: number): string {
  let digits = '';
  for (let i = first; i < end; i += 2) digits += parts[i];
  return digits;
}
