// time.ts: a moment, handed in from outside. The domain has no clock.

/** Milliseconds since 1970-01-01T00:00:00Z. In events and in the API it is an ISO 8601 string in UTC with milliseconds. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const DAY_MS = 86_400_000;

/**
 * A decision writes and reads some ten moments, nearly all of a few days: a date is made or read by `Date`, once for each
 * day, the rest digit by digit, and what was just written is not read. A third of the time of a decision otherwise.
 */
const dates = new Map<number, string>();
/** By the digits of the date: 20260301. */
const days = new Map<number, Instant>();
const MOST_DAYS = 10_000;

/** The last that were written or read. */
const texts = ['', '', '', ''];
const instants = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
let newest = 0;

function note(text: string, instant: Instant): void {
  newest = (newest + 1) % texts.length;
  texts[newest] = text;
  instants[newest] = instant;
}

/** As far as `Date` goes, either way. */
const LAST_MS = 8_640_000_000_000_000;

/** Throws `RangeError` for what is no moment. */
export function toIso(instant: Instant): string {
  if (!Number.isInteger(instant) || Math.abs(instant) >= LAST_MS) return new Date(instant).toISOString();
  const day = Math.floor(instant / DAY_MS);
  const date = dates.get(day) ?? dateOf(day);
  // Years beyond four digits.
  if (date.length !== 11) return new Date(instant).toISOString();
  // From here on whole numbers of 32 bits, which is what `| 0` says.
  const inDay = (instant - day * DAY_MS) | 0;
  const minutes = (inDay / 60_000) | 0;
  const hour = (minutes / 60) | 0;
  const minute = minutes - hour * 60;
  const inMinute = inDay - minutes * 60_000;
  const second = (inMinute / 1_000) | 0;
  const millisecond = inMinute - second * 1_000;
  const hundreds = (millisecond / 100) | 0;
  const inHundred = millisecond - hundreds * 100;
  // In one piece: a text that is put together from others stays these until it is first read.
  const text = String.fromCharCode(
    date.charCodeAt(0),
    date.charCodeAt(1),
    date.charCodeAt(2),
    date.charCodeAt(3),
    HYPHEN,
    date.charCodeAt(5),
    date.charCodeAt(6),
    HYPHEN,
    date.charCodeAt(8),
    date.charCodeAt(9),
    T,
    tens(hour),
    ones(hour),
    COLON,
    tens(minute),
    ones(minute),
    COLON,
    tens(second),
    ones(second),
    POINT,
    ZERO + hundreds,
    tens(inHundred),
    ones(inHundred),
    Z,
  );
  note(text, instant);
  return text;
}

const [HYPHEN, POINT, ZERO, COLON, T, Z] = [0x2d, 0x2e, 0x30, 0x3a, 0x54, 0x5a] as const;

const tens = (number: number): number => ZERO + ((number / 10) | 0);
const ones = (number: number): number => ZERO + (number % 10);

/** `2026-03-01T`. */
function dateOf(day: number): string {
  const iso = new Date(day * DAY_MS).toISOString();
  const date = iso.slice(0, iso.indexOf('T') + 1);
  if (dates.size >= MOST_DAYS) dates.clear();
  dates.set(day, date);
  return date;
}

/** NaN for what is no moment. */
export function fromIso(text: string): Instant {
  for (let at = 0; at < texts.length; at++) if (texts[at] === text) return instants[at] ?? Number.NaN;
  const instant = read(text);
  note(text, instant);
  return instant;
}

function read(text: string): Instant {
  if (text.length !== 24) return Date.parse(text);
  const date = two(text, 0) * 1_000_000 + two(text, 2) * 10_000 + two(text, 5) * 100 + two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const millisecond = digit(text, 20) * 100 + two(text, 21);
  const digits = date <= 99_999_999 && hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999;
  if (!digits || !hasMarks(text)) return Date.parse(text);
  const start = days.get(date) ?? startOf(date, text);
  return start + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
}

function hasMarks(text: string): boolean {
  const isDate = text.charCodeAt(4) === HYPHEN && text.charCodeAt(7) === HYPHEN && text.charCodeAt(10) === T;
  const isTime = text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON && text.charCodeAt(19) === POINT;
  return isDate && isTime && text.charCodeAt(23) === Z;
}

function startOf(date: number, text: string): Instant {
  const start = Date.parse(`${text.slice(0, 11)}00:00:00.000Z`);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(date, start);
  return start;
}

/** The number that two digits make; more than any eight digits make for anything else. */
function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const number = text.charCodeAt(at) - ZERO;
  return number >= 0 && number <= 9 ? number : NO_DIGIT;
}
const NO_DIGIT = 100_000_000;
