// exchange.ts: sums in another currency, and parts per ten thousand, with decimal.js; the rounding is half up.

import { Decimal } from 'decimal.js';
import { type CurrencyCode, currencyOf } from './currency.ts';
import { MAX_DIGITS } from './json.ts';
import { proportionHalfUp } from './rounding.ts';

/** Digits of a rate, at most: before the decimal point, and after it. */
export const RATE_DIGITS = { whole: 12, fraction: 12 } as const;

const RATE = new RegExp(`^(?:0|[1-9][0-9]{0,${RATE_DIGITS.whole - 1}})(?:\\.[0-9]{1,${RATE_DIGITS.fraction}})?$`);
const ZERO = /^[0.]+$/;

/**
 * Digits that arithmetic is carried out with. A product is exact: an amount has at most 31 digits, a rate 24, and a power
 * of ten adds at most 4. A quotient has at most 31 + 12 + 4 digits before the point, so 33 after it are right. Its
 * distance from a half, where rounding turns, is none or at least 1 / (2 × 10^24), since a rate has 24 digits: so that a
 * quotient is rounded to 80 digits first never decides which way half up goes.
 */
const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_UP, defaults: true });

/** How a rate counts: `1 from = rate to`, or the other way round, `1 to = rate from`. */
export type RateDirection = 'direct' | 'inverse';

/** True for a decimal above zero, such as `1.09`: at most 12 digits before the point and 12 after it, no exponent. */
export function isRate(text: string): boolean {
  return RATE.test(text) && !ZERO.test(text);
}

/**
 * `amountMinor` (minor units of `from`) in minor units of `to`, rounded half up, once: 40.00 EUR at 1.0900 is 43.60 USD,
 * and at 163.5 it is 6540 JPY, which has no minor units. An inverse rate divides: 1/rate is never rounded first.
 *
 * Throws `RangeError` for a negative amount, for one of more than 31 digits, and for what `isRate` refuses.
 */
export function convert(
  amountMinor: bigint,
  from: CurrencyCode,
  to: CurrencyCode,
  rate: string,
  direction: RateDirection = 'direct',
): bigint {
  const amount = amountMinor.toString();
  if (amountMinor < 0n || amount.length > MAX_DIGITS) {
    throw new RangeError(`only amounts from 0 on, of at most ${MAX_DIGITS} digits, are converted`);
  }
  if (!isRate(rate)) throw new RangeError(`"${rate.slice(0, 32)}" is not a rate: a decimal above zero such as 1.09`);
  const scale = new Exact(10).pow(currencyOf(to).exponent - currencyOf(from).exponent);
  const scaled = new Exact(amount).times(scale);
  return rounded(direction === 'direct' ? scaled.times(rate) : scaled.div(rate));
}

/**
 * `basisPoints` parts per ten thousand of an amount, half up. 100 basis points are one percent. Throws `RangeError` for a
 * negative amount, and for basis points that are no integer from 0 on.
 */
export function basisPointsOf(amountMinor: bigint, basisPoints: number): bigint {
  if (!Number.isSafeInteger(basisPoints)) throw new RangeError(`${basisPoints} is no number of basis points`);
  return proportionHalfUp(amountMinor, BigInt(basisPoints), 10_000n);
}

function rounded(exact: Decimal): bigint {
  return BigInt(exact.toFixed(0, Decimal.ROUND_HALF_UP));
}
