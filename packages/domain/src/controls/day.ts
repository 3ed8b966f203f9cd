// day.ts: calendar days in any IANA time zone.

import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../time.ts';

export type Day = { readonly startsAt: Instant; readonly endsAt: Instant };

/** The local day of `timeZone` that holds `at`: from its first moment to the first moment of the next, 23 to 25 hours. */
export function dayOf(at: Instant, timeZone: string): Day {
  const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  return { startsAt: start.epochMilliseconds, endsAt: start.add({ days: 1 }).startOfDay().epochMilliseconds };
}
