// money.ts: an amount in minor units that cannot be mixed with another currency.

import { type CurrencyCode, currencyOf } from './currency.ts';

/** `minor` is in minor units of `currency`: EUR 43.60 is `{ minor: 4360n, currency: 'EUR' }`. */
export type Money = { readonly minor: bigint; readonly currency: CurrencyCode };

export class CurrencyMismatch extends Error {
  override name = 'CurrencyMismatch';
  constructor(a: CurrencyCode, b: CurrencyCode) {
    super(`cannot mix ${a} and ${b}: convert one of them first`);
  }
}

export function money(minor: bigint, currency: CurrencyCode): Money {
  return { minor, currency };
}

export function add(a: Money, b: Money): Money {
  return { minor: a.minor + sameCurrency(a, b).minor, currency: a.currency };
}

export function subtract(a: Money, b: Money): Money {
  return { minor: a.minor - sameCurrency(a, b).minor, currency: a.currency };
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export function compare(a: Money, b: Money): number {
  const difference = a.minor - sameCurrency(a, b).minor;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** For people: `4360n` of EUR is `43.60 EUR`, `-5n` of JPY is `-5 JPY`. */
export function format({ minor, currency }: Money): string {
  return `${formatMinor(minor, currency)} ${currency}`;
}

/** The amount in major units without the currency: `4360n` of EUR is `43.60`. */
export function formatMinor(minor: bigint, currency: CurrencyCode): string {
  const { exponent } = currencyOf(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new CurrencyMismatch(a.currency, b.currency);
  return b;
}
