// spending.ts: what was spent when, by one card or one account, in a form that any calendar day can be read from.

import type { SpendingChange } from '../events.ts';
import { DAY_MS, fromIso, type Instant } from '../time.ts';
import { type Day, dayOf } from './day.ts';
import type { Controls } from './limit.ts';

/** Every time zone in use is a multiple of a quarter of an hour away from UTC, so local days are whole quarters. */
const QUARTER_MS = 900_000;

/**
 * Longer than any local day: 25 hours where clocks go back by one, 26 in Antarctica/Troll every year, 27 in
 * Antarctica/Casey at times. What was charged before that cannot be in the day of any later moment.
 */
const KEPT_MS = 2 * DAY_MS;

/**
 * Sums per quarter of an hour, oldest first, in minor units of the account's currency. `days` holds the running sum of each
 * time zone's current day, so that a decision costs the same however many charges there were; it can be left out and is
 * then summed up again. Lists, since most are empty and the rest short: a map takes 200 bytes before it holds anything.
 */
export type Spending = { readonly quarters: Quarter[]; readonly days: RunningDay[] };

export type Quarter = { readonly at: Instant; sumMinor: bigint };
type RunningDay = Day & { readonly timeZone: string; spentMinor: bigint };

export function noSpending(): Spending {
  return { quarters: [], days: [] };
}

/** The current day of `timeZone` at `now`, and what was spent in it. */
export function dayAt(spending: Spending, timeZone: string, now: Instant): Readonly<RunningDay> {
  for (const day of spending.days) {
    if (day.timeZone === timeZone && now >= day.startsAt && now < day.endsAt) return day;
  }
  const { startsAt, endsAt } = dayOf(now, timeZone);
  let spentMinor = 0n;
  for (const { at, sumMinor } of spending.quarters) if (at >= startsAt && at < endsAt) spentMinor += sumMinor;
  return { timeZone, startsAt, endsAt, spentMinor };
}

/** Notes changes of spending, and keeps the running sum of each day that one of `limits` counts in. */
export function applySpending(
  spending: Spending,
  changes: readonly SpendingChange[],
  limits: Controls['limits'],
  now: Instant,
): void {
  for (const { window } of limits) if (window.kind === 'day') keepDay(spending, window.timeZone, now);
  for (const { at, amountMinor } of changes) {
    const moment = fromIso(at);
    if (moment < now - KEPT_MS) continue;
    quarterOf(spending, moment, now).sumMinor += amountMinor;
    for (const day of spending.days) {
      if (moment >= day.startsAt && moment < day.endsAt) day.spentMinor += amountMinor;
    }
  }
}

function keepDay(spending: Spending, timeZone: string, now: Instant): void {
  const { days } = spending;
  const known = days.findIndex((day) => day.timeZone === timeZone);
  const day = days[known];
  if (day !== undefined && now < day.endsAt) return;
  days.splice(known < 0 ? days.length : known, 1, { ...dayAt(spending, timeZone, now) });
}

/** That of `moment`: nearly always the last, or a new one after it. */
function quarterOf({ quarters }: Spending, moment: Instant, now: Instant): Quarter {
  const at = moment - (moment % QUARTER_MS);
  const last = quarters.findLastIndex((quarter) => quarter.at <= at);
  const found = quarters[last];
  if (found?.at === at) return found;
  const added = { at, sumMinor: 0n };
  quarters.splice(last + 1, 0, added);
  const kept = quarters.findIndex((quarter) => quarter.at + QUARTER_MS > now - KEPT_MS);
  quarters.splice(0, kept);
  return added;
}
