import { describe, expect, test } from 'vitest';
import type { LimitId } from '../ids.ts';
import { fromIso } from '../time.ts';
import type { SpendingLimit } from './limit.ts';
import { applySpending, dayAt, noSpending } from './spending.ts';

const daily = (timeZone: string): SpendingLimit => ({
  id: 'lim' as LimitId,
  amountMinor: 1n,
  window: { kind: 'day', timeZone },
});
const NOON = '2026-03-28T12:00:00.000Z';

function spent(
  charges: readonly (readonly [at: string, amountMinor: bigint, now?: string])[],
  zones = ['Europe/Berlin'],
) {
  const spending = noSpending();
  for (const [at, amountMinor, now = at] of charges) {
    applySpending(spending, [{ at, amountMinor }], zones.map(daily), fromIso(now));
  }
  return spending;
}

describe('what was spent in the current day', () => {
  test('is nothing at first', () => {
    expect(dayAt(noSpending(), 'Europe/Berlin', fromIso(NOON)).spentMinor).toBe(0n);
  });

  test.each([
    ['Europe/Berlin', '2026-03-28T22:59:59.999Z', 7n],
    ['Europe/Berlin', '2026-03-28T23:00:00.000Z', 0n],
    ['Asia/Kathmandu', '2026-03-28T18:14:59.999Z', 7n],
    ['Asia/Kathmandu', '2026-03-28T18:15:00.000Z', 0n],
    ['Pacific/Apia', '2026-03-29T10:59:59.999Z', 7n],
  ])('ends at midnight in %s: at %s it is %d', (zone, now, expected) => {
    const spending = spent([['2026-03-28T11:00:00.000Z', 7n]], [zone]);
    expect(dayAt(spending, zone, fromIso(now)).spentMinor).toBe(expected);
  });

  test('is known for a time zone that nobody asked for before', () => {
    const spending = spent([
      ['2026-03-28T03:59:59.999Z', 1n], // the day before in New York
      ['2026-03-28T04:00:00.000Z', 2n, '2026-03-28T05:00:00.000Z'],
      [NOON, 4n],
    ]);
    expect(dayAt(spending, 'America/New_York', fromIso(NOON)).spentMinor).toBe(6n);
    expect(dayAt(spending, 'UTC', fromIso(NOON)).spentMinor).toBe(7n);
  });

  test('falls by what is given back to it, and not by what is given back to the day before', () => {
    const spending = spent([
      ['2026-03-27T12:00:00.000Z', 50n],
      [NOON, 30n],
      [NOON, -10n],
      ['2026-03-27T12:00:00.000Z', -50n, NOON],
    ]);
    expect(dayAt(spending, 'Europe/Berlin', fromIso(NOON)).spentMinor).toBe(20n);
  });

  test('is the same without its running sums', () => {
    const spending = spent([
      ['2026-03-27T23:00:00.000Z', 5n],
      [NOON, 30n],
    ]);
    spending.days = [];
    expect(dayAt(spending, 'Europe/Berlin', fromIso(NOON)).spentMinor).toBe(35n);
  });

  test.each([
    ['Antarctica/Troll', '2026-10-24T22:00:00.000Z', '2026-10-25T23:59:59.999Z'],
    ['Antarctica/Casey', '2010-03-04T13:00:00.000Z', '2010-03-05T15:59:59.999Z'],
  ])('counts the first moment of the longest day of %s until its end', (zone, first, last) => {
    const spending = spent([[first, 5n]], ['UTC']);
    for (const at of [first, last]) applySpending(spending, [{ at, amountMinor: 1n }], [daily('UTC')], fromIso(last));
    expect(dayAt(spending, zone, fromIso(last)).spentMinor).toBe(7n);
  });

  test('is kept once for each quarter of an hour, oldest first, in whatever order it changes', () => {
    const at = (time: string) => `2026-03-28T12:${time}Z`;
    const [first, second, third] = [at('00:00.000'), at('15:00.000'), at('30:00.000')];
    const spending = spent([
      [first, 5n],
      [third, 7n],
      [second, 3n, third],
      [at('14:59.999'), -1n, third],
      [at('29:59.999'), -2n, third],
    ]);
    const sums = spending.quarters.map(({ at, sumMinor }) => [new Date(at).toISOString(), sumMinor]);
    expect(sums).toEqual([
      [first, 4n],
      [second, 1n],
      [third, 7n],
    ]);
  });

  test('costs the same whatever the history: what is older than two days is forgotten', () => {
    const spending = noSpending();
    const start = fromIso('2026-01-01T00:00:00.000Z');
    for (let hours = 0; hours < 24 * 60; hours++) {
      const at = new Date(start + hours * 3_600_000).toISOString();
      applySpending(spending, [{ at, amountMinor: 1n }], [daily('UTC')], fromIso(at));
    }
    expect(spending.quarters.length).toBe(49);
    expect(spending.days.length).toBe(1);
  });
});
