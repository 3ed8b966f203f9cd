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
export type Spending = { quarters: readonly Quarter[]; days: readonly RunningDay[] };

export type Quarter = { readonly at: Instant; sumMinor: bigint };
type RunningDay = Day & { readonly timeZone: string; spentMinor: bigint };

export function noSpending(): Spending {
  return { quarters: NO_QUARTERS, days: NO_DAYS };
}
const NO_QUARTERS: readonly Quarter[] = [];
const NO_DAYS: readonly RunningDay[] = [];

/** The current day of `timeZone` at `now`, and what was spent in it. */
export function dayAt(spending: Spending, timeZone: string, now: Instant): Readonly<RunningDay> {
  for (const day of spending.days) {
    if (day.timeZone === timeZone && now >= day.startsAt && now < day.endsAt) return day;
  }
  const { startsAt, endsAt, startsIso, endsIso } = dayOf(now, timeZone);
  let spentMinor = 0n;
  for (const { at, sumMinor } of spending.quarters) if (at >= startsAt && at < endsAt) spentMinor += sumMinor;
  return { timeZone, startsAt, endsAt, startsIso, endsIso, spentMinor };
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
  for (const day of spending.days) if (day.timeZone === timeZone && now < day.endsAt) return;
  const others = spending.days.filter((day) => day.timeZone !== timeZone);
  spending.days = [...others, { ...dayAt(spending, timeZone, now) }];
}

/** That of `moment`: nearly always the last, or a new one after it. */
function quarterOf(spending: Spending, moment: Instant, now: Instant): Quarter {
  const { quarters } = spending;
  let before = quarters.length - 1;
  while (before >= 0 && (quarters[before]?.at ?? 0) > moment) before--;
  const found = quarters[before];
  if (found !== undefined && moment < found.at + QUARTER_MS) return found;
  const added = { at: moment - (moment % QUARTER_MS), sumMinor: 0n };
  const all = [...quarters.slice(0, before + 1), added, ...quarters.slice(before + 1)];
  spending.quarters = all.filter((quarter) => quarter.at + QUARTER_MS > now - KEPT_MS);
  return added;
}
