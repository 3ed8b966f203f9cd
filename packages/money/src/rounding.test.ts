import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proportionDown, proportionHalfUp } from './rounding.ts';

describe('a proportion', () => {
  test.each([
    // amount, of, in, half up, down
    [4_000n, 2_000n, 4_360n, 1_835n, 1_834n],
    [4_360n, 1_834n, 4_000n, 1_999n, 1_999n],
    [1n, 1n, 2n, 1n, 0n],
    [1n, 1n, 3n, 0n, 0n],
    [2n, 1n, 3n, 1n, 0n],
    [5n, 1n, 2n, 3n, 2n],
    [0n, 5n, 7n, 0n, 0n],
    [7n, 0n, 3n, 0n, 0n],
    [7n, 3n, 3n, 7n, 7n],
  ])('of %d × %d / %d is %d, rounded down %d', (amount, numerator, denominator, halfUp, down) => {
    expect(proportionHalfUp(amount, numerator, denominator)).toBe(halfUp);
    expect(proportionDown(amount, numerator, denominator)).toBe(down);
  });

  const some = fc.bigInt({ min: 0n, max: 10n ** 18n });
  const positive = fc.bigInt({ min: 1n, max: 10n ** 18n });

  test('half up is off by at most a half, and up at the half; down is off by less than one, and never above', () => {
    fc.assert(
      fc.property(some, some, positive, (amount, numerator, denominator) => {
        const exact = amount * numerator; // in units of 1 / denominator
        const halfUp = proportionHalfUp(amount, numerator, denominator) * denominator;
        const down = proportionDown(amount, numerator, denominator) * denominator;
        expect(2n * (halfUp - exact) <= denominator && 2n * (exact - halfUp) < denominator).toBe(true);
        expect(exact >= down && exact - down < denominator).toBe(true);
      }),
    );
  });

  test('half up of exact halves goes up', () => {
    fc.assert(fc.property(some, (amount) => proportionHalfUp(2n * amount + 1n, 1n, 2n) === amount + 1n));
  });

  test('of the whole is the whole, and grows with its part', () => {
    fc.assert(
      fc.property(some, positive, some, some, (amount, whole, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(proportionHalfUp(amount, whole, whole)).toBe(amount);
        expect(proportionHalfUp(amount, less, whole) <= proportionHalfUp(amount, more, whole)).toBe(true);
      }),
    );
  });

  test.each([
    [-1n, 1n, 1n],
    [1n, -1n, 1n],
    [1n, 1n, 0n],
    [1n, 1n, -1n],
  ])('of %d × %d / %d is refused', (amount, numerator, denominator) => {
    expect(() => proportionHalfUp(amount, numerator, denominator)).toThrow(RangeError);
    expect(() => proportionDown(amount, numerator, denominator)).toThrow(RangeError);
  });
});
