import { describe, expect, test } from 'vitest';
import { against, allMet, type Bound, itself, line, type Series } from './figure.ts';

const series = (...values: readonly number[]): Series => ({ label: 'a rate', unit: '/s', values });

describe('a bound', () => {
  test.each<[readonly number[], Bound, boolean]>([
    [[55, 60, 20], { atLeast: 0.55 }, true],
    [[54, 54, 90], { atLeast: 0.55 }, false],
    [[200, 210, 150], { atMost: 2 }, true],
    [[201, 210, 150], { atMost: 2 }, false],
  ])('of the median ratio of %j to 100: %j is met: %s', (values, bound, met) => {
    const check = against('of the floor', values, [100, 100, 100], bound);
    expect(check.met).toBe(met);
    const figure = { name: 'one', title: 'One', lines: [line(series(...values), check)], notes: [] };
    expect(allMet([figure])).toBe(met);
  });

  test('can be on the value itself', () => {
    expect(itself(series(150_000), { atLeast: 150_000 }).met).toBe(true);
    expect(itself(series(149_999), { atLeast: 150_000 }).met).toBe(false);
  });

  test('may be absent: then the ratio is only shown', () => {
    expect(against('of the floor', [1], [100]).met).toBe(true);
  });
});
