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
 * Sums per quarter of an hour, in minor units of the account's currency. `days` holds the running sum of each time
 * zone's current day, so that a decision costs the same however many charges there were; it can be left out and is
 * then summed up again.
 */
export type Spending = {
  readonly quarters: Map<Instant, bigint>;
  readonly days: Map<string, Day & { spentMinor: bigint }>;
};

export function noSpending(): Spending {
  return { quarters: new Map(), days: new Map() };
}

/** The current day of `timeZone` at `now`, and what was spent in it. */
export function dayAt(spending: Spending, timeZone: string, now: Instant): Day & { readonly spentMinor: bigint } {
  const known = spending.days.get(timeZone);
  if (known !== undefined && now >= known.startsAt && now < known.endsAt) return known;
  const day = dayOf(now, timeZone);
  let spentMinor = 0n;
  for (const [quarter, amount] of spending.quarters) {
    if (quarter >= day.startsAt && quarter < day.endsAt) spentMinor += amount;
  }
  return { ...day, spentMinor };
}

/** Notes changes of spending, and keeps the running sum of each day that one of `limits` counts in. */
export function applySpending(
  spending: Spending,
  changes: readonly SpendingChange[],
  limits: Controls['limits'],
  now: Instant,
): void {
  for (const { window } of limits) {
    if (window.kind !== 'day') continue;
    const known = spending.days.get(window.timeZone);
    if (known !== undefined && now < known.endsAt) continue;
    spending.days.set(window.timeZone, { ...dayAt(spending, window.timeZone, now) });
  }
  for (const { at, amountMinor } of changes) {
    const moment = fromIso(at);
    if (moment < now - KEPT_MS) continue;
    const quarter = moment - (moment % QUARTER_MS);
    const before = spending.quarters.get(quarter);
    if (before === undefined) forget(spending, now);
    spending.quarters.set(quarter, (before ?? 0n) + amountMinor);
    for (const day of spending.days.values()) {
      if (moment >= day.startsAt && moment < day.endsAt) day.spentMinor += amountMinor;
    }
  }
}

function forget(spending: Spending, now: Instant): void {
  for (const quarter of spending.quarters.keys()) {
    if (quarter + QUARTER_MS <= now - KEPT_MS) spending.quarters.delete(quarter);
  }
}
