// day.ts: calendar days in any IANA time zone.

import { Temporal } from 'temporal-polyfill';
import { type Instant, toIso } from '../time.ts';

export type Day = {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** The same as events have them: every decision under a daily limit says them. */
  readonly startsIso: string;
  readonly endsIso: string;
};

/** The newest day of each time zone: finding one takes 12 µs, and nearly all are asked for many times over. */
const newest = new Map<string, Day>();

/** There are some 600 IANA names; other ways to write them must not fill the memory. */
const MOST_ZONES = 1_000;

/** The local day of `timeZone` that holds `at`: from its first moment to the first of the next, usually 23 to 25 hours. */
export function dayOf(at: Instant, timeZone: string): Day {
  const known = newest.get(timeZone);
  if (known !== undefined && at >= known.startsAt && at < known.endsAt) return known;
  const day = findDay(at, timeZone);
  if (newest.size >= MOST_ZONES) newest.clear();
  newest.set(timeZone, day);
  return day;
}

function findDay(at: Instant, timeZone: string): Day {
  const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  const startsAt = start.epochMilliseconds;
  const endsAt = start.add({ days: 1 }).startOfDay().epochMilliseconds;
  return { startsAt, endsAt, startsIso: toIso(startsAt), endsIso: toIso(endsAt) };
}
