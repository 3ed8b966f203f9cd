// exchange.ts: sums in another currency, and parts per ten thousand, with decimal.js; the rounding is half up.

import { Decimal } from 'decimal.js';
import { type CurrencyCode, currencyOf } from './currency.ts';

/**
 * Digits that arithmetic is carried out with: 31 of an amount, 24 of a rate and 4 of an exponent fit without a loss; a
 * quotient is rounded to so many before it is rounded to minor units.
 */
const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -100, toExpPos: 100 });

/** How a rate counts: `1 from = rate to`, or the other way round, `1 to = rate from`. */
export type RateDirection = 'direct' | 'inverse';

/**
 * `amountMinor` (minor units of `from`, at least zero) in minor units of `to`, rounded half up. `rate` is a decimal
 * string above zero. An inverse rate divides: 1/rate is never rounded first.
 */
export function convert(
  amountMinor: bigint,
  from: CurrencyCode,
  to: CurrencyCode,
  rate: string,
  direction: RateDirection = 'direct',
): bigint {
  if (amountMinor < 0n) throw new RangeError(`no conversion of an amount below zero: ${amountMinor}`);
  const factor = new Exact(rate);
  if (!factor.isFinite() || factor.lte(0)) throw new RangeError(`a rate is above zero, not ${rate.slice(0, 40)}`);
  const scaled = new Exact(amountMinor.toString()).times(
    new Exact(10).pow(currencyOf(to).exponent - currencyOf(from).exponent),
  );
  return rounded(direction === 'direct' ? scaled.times(factor) : scaled.div(factor));
}

/** `basisPoints` parts per ten thousand of an amount (at least zero), half up. 100 basis points are one percent. */
export function basisPointsOf(amountMinor: bigint, basisPoints: number): bigint {
  if (!Number.isInteger(basisPoints) || basisPoints < 0)
    throw new RangeError(`basis points are 0 or more: ${basisPoints}`);
  if (amountMinor < 0n) throw new RangeError(`no part of an amount below zero: ${amountMinor}`);
  if (basisPoints === 0) return 0n;
  return rounded(new Exact(amountMinor.toString()).times(basisPoints).div(10_000));
}

function rounded(exact: Decimal): bigint {
  return BigInt(exact.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed());
}
