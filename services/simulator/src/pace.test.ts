import { describe, expect, test } from 'vitest';
import { paceOf } from './pace.ts';

describe('the schedule of a run', () => {
  test('has a moment every 20 ms at 50 messages a second, whenever they are taken', () => {
    const pace = paceOf(50, 1_000, 31_000);
    expect([pace.next(1_000), pace.next(1_000), pace.next(1_005), pace.next(1_500)]).toEqual([
      1_000, 1_020, 1_040, 1_060,
    ]);
  });

  test('does not move when everything stalls: what was due meanwhile is taken late, so its wait is measured', () => {
    const pace = paceOf(10, 0, 10_000);
    pace.next(0);
    expect([pace.next(5_000), pace.next(5_000)]).toEqual([100, 200]);
  });

  test('has rate × duration moments and then ends', () => {
    const pace = paceOf(50, 0, 2_000);
    const moments = Array.from({ length: 102 }, () => pace.next(0));
    expect(moments.indexOf(undefined)).toBe(100);
    expect(moments.slice(100)).toEqual([undefined, undefined]);
  });

  test('ends at its end, and says how many moments nobody was free for', () => {
    const pace = paceOf(50, 0, 2_000);
    for (let n = 0; n < 40; n += 1) pace.next(0);
    expect(pace.unsent(1_000)).toBe(10);
    expect(pace.next(2_000)).toBeUndefined();
    expect(pace.unsent(5_000)).toBe(60);
  });

  test('at rate 0 is due whenever someone is free, until the end', () => {
    const pace = paceOf(0, 0, 2_000);
    expect([pace.next(3), pace.next(3), pace.next(1_999.5), pace.next(2_000)]).toEqual([3, 3, 1_999.5, undefined]);
    expect(pace.unsent(2_000)).toBe(0);
  });

  test('without an end goes on', () => {
    expect(paceOf(1, 0, Number.POSITIVE_INFINITY).next(1e15)).toBe(0);
  });
});
