import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allCurrencies, currencyOf } from './currency.ts';
import { basisPointsOf, convert, isRate } from './exchange.ts';

const of = (code: string) => currencyOf(code).code;

describe('an amount', () => {
  test.each([
    // amount, from, rate, to, result
    [4_000n, 'EUR', '1.0900', 'USD', 4_360n],
    [0n, 'EUR', '1.0900', 'USD', 0n],
    [1n, 'EUR', '0.5', 'USD', 1n], // half a cent: up
    [1n, 'EUR', '0.499999999999', 'USD', 0n],
    [3n, 'EUR', '0.5', 'USD', 2n],
    [4_000n, 'EUR', '163.5', 'JPY', 6_540n], // two digits to none
    [6_540n, 'JPY', '0.0061', 'EUR', 3_989n], // 39.894
    [1n, 'EUR', '50', 'JPY', 1n], // half a yen: up
    [1n, 'EUR', '49.999999999999', 'JPY', 0n],
    [1_000n, 'KWD', '3.25', 'USD', 325n], // three digits to two
    [325n, 'USD', '0.3077', 'KWD', 1_000n], // 1.000025
    [10_000n, 'UYW', '6.8', 'UYU', 680n], // four digits to two
    [12_345n, 'CLF', '39000', 'CLP', 48_146n], // 48145.5: up
    [1n, 'JPY', '0.0001', 'UYW', 1n], // none to four
    [1n, 'CLF', '0.00005', 'JPY', 0n],
    [10_000n, 'CLF', '0.5', 'JPY', 1n],
    [999_999_999_999n, 'EUR', '999999999999.999999999999', 'USD', 999_999_999_998_999_999_999_999n],
    [999_999_999_999n, 'JPY', '999999999999.999999999999', 'UYW', 9_999_999_999_989_999_999_999_990_000n],
    [999_999_999_999n, 'EUR', '0.000000000001', 'USD', 1n],
    [499_999_999_999n, 'EUR', '0.000000000001', 'USD', 0n],
  ])('of %d %s at %s %s is %d', (amount, from, rate, to, result) => {
    expect(convert(amount, of(from), of(to), rate)).toBe(result);
  });

  test.each([
    // amount, from, 1 to is so many from, to, result
    [4_360n, 'USD', '1.0900', 'EUR', 4_000n],
    [100n, 'USD', '3', 'EUR', 33n],
    [200n, 'USD', '3', 'EUR', 67n],
    [3n, 'USD', '2', 'EUR', 2n], // 1.5: up
    [1n, 'USD', '2.000000000001', 'EUR', 0n],
    [6_540n, 'JPY', '163.5', 'EUR', 4_000n],
    [325n, 'USD', '3.25', 'KWD', 1_000n],
    [48_146n, 'CLP', '39000', 'CLF', 12_345n],
    // 1 / 0.000000000003 rounded to 12 digits first would be 333333333333.333333333333 and give 33333333333333 too little.
    [999_999_999_999n, 'EUR', '0.000000000003', 'USD', 333_333_333_333_000_000_000_000n],
    [999_999_999_999n, 'EUR', '999999999999.999999999999', 'USD', 1n],
  ])('of %d %s, of which %s make one %s, is %d', (amount, from, rate, to, result) => {
    expect(convert(amount, of(from), of(to), rate, 'inverse')).toBe(result);
  });

  const currency = fc.constantFrom(...allCurrencies());
  const amounts = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
    fc.bigInt({ min: 0n, max: 1_000n }),
    fc.bigInt({ min: 10n ** 30n, max: 10n ** 31n - 1n }),
  );
  /** In units of 10^-12. */
  const rates = fc.oneof(
    fc.bigInt({ min: 1n, max: 10n ** 24n - 1n }),
    fc.bigInt({ min: 1n, max: 1_000n }),
    fc.bigInt({ min: 1n, max: 200n }).map((halves) => halves * 5n * 10n ** 11n),
    fc.bigInt({ min: 0n, max: 100n }).map((less) => 10n ** 24n - 1n - less),
  );
  const written = (rate: bigint) => `${rate / 10n ** 12n}.${(rate % 10n ** 12n).toString().padStart(12, '0')}`;
  const halfUp = (numerator: bigint, denominator: bigint) => (2n * numerator + denominator) / (2n * denominator);

  test('is what exact fractions say, by a rate and by the inverse of one', () => {
    fc.assert(
      fc.property(amounts, rates, currency, currency, (amount, rate, from, to) => {
        const up = 10n ** BigInt(to.exponent);
        const down = 10n ** BigInt(from.exponent);
        const one = 10n ** 12n;
        expect(convert(amount, from.code, to.code, written(rate))).toBe(halfUp(amount * rate * up, one * down));
        expect(convert(amount, from.code, to.code, written(rate), 'inverse')).toBe(
          halfUp(amount * one * up, rate * down),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('just beside a half is rounded as what it is, however small the difference', () => {
    const one = 10n ** 12n;
    const prime = rates.filter((rate) => rate % 2n !== 0n && rate % 5n !== 0n);
    fc.assert(
      // (2 × whole + 1) × rate = 2 × amount × 10^12 + off: the quotient lies off / (2 × rate) below whole and a half.
      fc.property(prime, fc.constantFrom(-1n, 1n), (rate, off) => {
        const odd = (((off * inverse(rate, 2n * one)) % (2n * one)) + 2n * one) % (2n * one);
        const amount = (odd * rate - off) / (2n * one);
        const whole = (odd - 1n) / 2n;
        expect(2n * amount * one + off).toBe(odd * rate);
        expect(convert(amount, of('EUR'), of('USD'), written(rate), 'inverse')).toBe(off > 0n ? whole : whole + 1n);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([-1n, -1_000_000n, 10n ** 31n])('of %d is refused', (amount) => {
    expect(() => convert(amount, of('EUR'), of('USD'), '1')).toThrow(RangeError);
    expect(() => convert(amount, of('EUR'), of('USD'), '1', 'inverse')).toThrow(RangeError);
  });

  test.each([
    '',
    '0',
    '0.0',
    '0.000000000000',
    '-1',
    '+1',
    '1e3',
    '.5',
    '1.',
    '01',
    '1,09',
    ' 1',
    '1 ',
    '0x10',
    'NaN',
    'Infinity',
  ])('at "%s" is refused', (rate) => {
    expect(isRate(rate)).toBe(false);
    expect(() => convert(1n, of('EUR'), of('USD'), rate)).toThrow(RangeError);
    expect(() => convert(1n, of('EUR'), of('USD'), rate, 'inverse')).toThrow(RangeError);
  });

  test('takes rates of 12 and 12 digits, and of not one more', () => {
    for (const rate of ['999999999999.999999999999', '0.000000000001', '999999999999']) expect(isRate(rate)).toBe(true);
    for (const rate of ['1000000000000', '1000000000000.5', '0.0000000000001']) expect(isRate(rate)).toBe(false);
  });
});

describe('basis points', () => {
  test.each([
    [4_360n, 150, 65n], // 65.4
    [4_360n, 0, 0n],
    [4_360n, 10_000, 4_360n],
    [100n, 50, 1n], // half a cent: up
    [99n, 50, 0n],
    [0n, 150, 0n],
    [999_999_999_999n, 1, 100_000_000n],
  ])('of %d: %d are %d', (amount, basisPoints, result) => expect(basisPointsOf(amount, basisPoints)).toBe(result));

  test.each([-1, 1.5, Number.NaN, 2 ** 53])('%d are none', (basisPoints) => {
    expect(() => basisPointsOf(1n, basisPoints)).toThrow(RangeError);
  });

  test('of a negative amount are refused', () => expect(() => basisPointsOf(-1n, 1)).toThrow(RangeError));
});

/** The number that times `number` is one more than a multiple of `modulus`; the two have no divisor in common. */
function inverse(number: bigint, modulus: bigint): bigint {
  let [before, rest] = [modulus, number % modulus];
  let [a, b] = [0n, 1n];
  while (rest > 1n) {
    const times = before / rest;
    [before, rest] = [rest, before - times * rest];
    [a, b] = [b, a - times * b];
  }
  return b;
}
