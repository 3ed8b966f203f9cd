import { describe, expect, test } from 'vitest';
import { median, percentile, ratios } from './statistics.ts';

describe('the median', () => {
  test.each([
    [[3], 3],
    [[3, 1], 2],
    [[10, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  test.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[7], 0.99, 7],
  ])('is a value that was there', (sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected);
  });
});

test('ratios are taken round by round', () => {
  expect(ratios([10, 30], [20, 40])).toEqual([0.5, 0.75]);
  expect(() => ratios([1], [1, 2])).toThrow(RangeError);
});
