// time.ts: a moment, handed in from outside. The domain has no clock.

/** Milliseconds since 1970-01-01T00:00:00Z. In events and in the API it is an ISO 8601 string in UTC with milliseconds. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const DAY_MS = 86_400_000;

/**
 * A decision writes and reads some ten moments, nearly all of a few days: the date is made by `Date`, once for each day,
 * the rest is looked up. A third of the time of a decision otherwise.
 */
const dates = new Map<number, string>();
const days = new Map<string, Instant>();
const MOST_DAYS = 10_000;

/** As far as `Date` goes, either way. */
const LAST_MS = 8_640_000_000_000_000;

const twoDigits = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(2, '0'));
const MINUTES = twoDigits(24).flatMap((hour) => twoDigits(60).map((minute) => `${hour}:${minute}:`));
const SECONDS = twoDigits(60).map((second) => `${second}.`);
const MILLISECONDS = Array.from({ length: 1_000 }, (_, n) => `${String(n).padStart(3, '0')}Z`);

/** Throws `RangeError` for what is no moment. */
export function toIso(instant: Instant): string {
  if (!Number.isInteger(instant) || Math.abs(instant) >= LAST_MS) return new Date(instant).toISOString();
  const day = Math.floor(instant / DAY_MS);
  const date = dates.get(day) ?? dateOf(day);
  const inDay = instant - day * DAY_MS;
  const minute = Math.floor(inDay / 60_000);
  const inMinute = inDay - minute * 60_000;
  const second = Math.floor(inMinute / 1_000);
  return `${date}${MINUTES[minute]}${SECONDS[second]}${MILLISECONDS[inMinute - second * 1_000]}`;
}

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
  if (text !== lastRead) {
    lastReadAt = read(text);
    lastRead = text;
  }
  return lastReadAt;
}

// A decision reads the same text several times in a row.
let lastRead = '';
let lastReadAt: Instant = Number.NaN;

function read(text: string): Instant {
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const millisecond = digits(text, 20, 3);
  const usual = text.length === 24 && text[10] === 'T' && text[13] === ':' && text[16] === ':' && text[19] === '.';
  if (!usual || text[23] !== 'Z' || !(hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999)) {
    return Date.parse(text);
  }
  const date = text.slice(0, 11);
  const start = days.get(date) ?? startOf(date);
  return start + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
}

function startOf(date: string): Instant {
  const start = Date.parse(`${date}00:00:00.000Z`);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(date, start);
  return start;
}

/** The number that `count` digits make; NaN for anything else. */
function digits(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}
