import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogram } from './histogram.ts';

const PERCENTILES = [0.1, 1, 50, 90, 99, 99.9, 100];

function exact(valuesUs: readonly number[], p: number): number {
  const sorted = [...valuesUs].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length)) - 1] ?? 0;
}

describe('a histogram of latencies', () => {
  test('gives a percentile that is at least that of the sorted values, and at most 1/64 more', () => {
    // From a microsecond to an hour, every size as likely.
    const latencyUs = fc
      .tuple(fc.nat(30), fc.double({ min: 1, max: 2, noNaN: true }))
      .map(([size, part]) => Math.floor(2 ** size * part));
    fc.assert(
      fc.property(
        fc.array(latencyUs, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(...PERCENTILES),
        (valuesUs, p) => {
          const latencies = histogram();
          for (const us of valuesUs) latencies.add(us / 1_000);
          const found = latencies.percentileMs(p) * 1_000;
          const right = exact(valuesUs, p);
          expect(found).toBeGreaterThanOrEqual(right - 1e-6);
          expect(found).toBeLessThanOrEqual(right + right / 64 + 1e-6);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is exact up to 127 microseconds, and for the largest value at any size', () => {
    for (const us of [...Array(128).keys(), 128, 129, 255, 256, 1_000_003, 2 ** 32 - 1]) {
      const one = histogram();
      one.add(us / 1_000);
      expect(one.percentileMs(50)).toBeCloseTo(us / 1_000, 9);
      expect(one.maxMs).toBeCloseTo(us / 1_000, 9);
    }
  });

  test('counts what is longer than its longest as the longest, and what runs back as none', () => {
    const latencies = histogram();
    latencies.add(1e12);
    latencies.add(-5);
    expect([latencies.count, latencies.maxMs, latencies.percentileMs(50)]).toEqual([2, (2 ** 32 - 1) / 1_000, 0]);
  });

  test('is zero before the first value', () => {
    const none = histogram();
    expect([none.count, none.maxMs, none.meanMs, none.percentileMs(99)]).toEqual([0, 0, 0, 0]);
  });

  test('has the mean of its values', () => {
    const latencies = histogram();
    for (const ms of [1, 2, 6]) latencies.add(ms);
    expect(latencies.meanMs).toBe(3);
  });
});
