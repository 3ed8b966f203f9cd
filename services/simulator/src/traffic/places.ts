// places.ts: where merchants are, what they charge in, and what one euro was worth there in an ordinary month.

import { currencyOf, proportionHalfUp } from '@holdfast/money';

export type Place = {
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: string;
  readonly share: number;
};

export const PLACES: readonly Place[] = [
  { city: 'Berlin', country: 'DE', currency: 'EUR', share: 10 },
  { city: 'Hamburg', country: 'DE', currency: 'EUR', share: 6 },
  { city: 'Paris', country: 'FR', currency: 'EUR', share: 9 },
  { city: 'Lyon', country: 'FR', currency: 'EUR', share: 4 },
  { city: 'Amsterdam', country: 'NL', currency: 'EUR', share: 6 },
  { city: 'Dublin', country: 'IE', currency: 'EUR', share: 6 },
  { city: 'Madrid', country: 'ES', currency: 'EUR', share: 6 },
  { city: 'Lisbon', country: 'PT', currency: 'EUR', share: 3 },
  { city: 'Milan', country: 'IT', currency: 'EUR', share: 5 },
  { city: 'London', country: 'GB', currency: 'GBP', share: 12 },
  { city: 'Manchester', country: 'GB', currency: 'GBP', share: 4 },
  { city: 'New York', country: 'US', currency: 'USD', share: 12 },
  { city: 'San Francisco', country: 'US', currency: 'USD', share: 8 },
  { city: 'Austin', country: 'US', currency: 'USD', share: 5 },
  { city: 'Toronto', country: 'CA', currency: 'CAD', share: 4 },
  { city: 'Zurich', country: 'CH', currency: 'CHF', share: 4 },
  { city: 'Warsaw', country: 'PL', currency: 'PLN', share: 4 },
  { city: 'Stockholm', country: 'SE', currency: 'SEK', share: 4 },
  { city: 'Copenhagen', country: 'DK', currency: 'DKK', share: 2 },
  { city: 'Tokyo', country: 'JP', currency: 'JPY', share: 3 },
  { city: 'Singapore', country: 'SG', currency: 'SGD', share: 2 },
  { city: 'Sydney', country: 'AU', currency: 'AUD', share: 2 },
  { city: 'Kuwait City', country: 'KW', currency: 'KWD', share: 1 },
];

/** Units of the currency for one euro, times ten thousand. Plausible, not quoted: a simulated network's own rates. */
const PER_EURO: Readonly<Record<string, bigint>> = {
  EUR: 10_000n,
  GBP: 8_560n,
  USD: 10_840n,
  CAD: 14_750n,
  CHF: 9_520n,
  PLN: 43_100n,
  SEK: 113_400n,
  DKK: 74_600n,
  JPY: 1_641_000n,
  SGD: 14_560n,
  AUD: 16_480n,
  KWD: 3_330n,
};

export type Conversion = {
  /** Minor units of the target currency, rounded half up, at least 1. */
  readonly amount: number;
  /** Target units for one unit of the source, six decimals. */
  readonly rate: string;
};

/** Whether this network has a rate for `currency`. */
export function isExchanged(currency: string): boolean {
  return Object.hasOwn(PER_EURO, currency);
}

/** `amount` (above zero) minor units of `from` in minor units of `to`, or undefined when the network has no rate for one of them. */
export function convert(amount: number, from: string, to: string): Conversion | undefined {
  const fromPerEuro = PER_EURO[from];
  const toPerEuro = PER_EURO[to];
  if (fromPerEuro === undefined || toPerEuro === undefined) return undefined;
  const rateMillionths = proportionHalfUp(toPerEuro, 1_000_000n, fromPerEuro);
  // Millionths, and the two minor units: JPY has none, KWD has three decimals.
  const numerator = rateMillionths * 10n ** BigInt(currencyOf(to).exponent);
  const denominator = 1_000_000n * 10n ** BigInt(currencyOf(from).exponent);
  const digits = rateMillionths.toString().padStart(7, '0');
  return {
    amount: Math.max(1, Number(proportionHalfUp(BigInt(amount), numerator, denominator))),
    rate: `${digits.slice(0, -6)}.${digits.slice(-6)}`,
  };
}

/** `euros` (major units) as minor units of `currency`, at least 1; without a rate, one unit for one euro. */
export function amountIn(currency: string, euros: number): number {
  const perEuro = Number(PER_EURO[currency] ?? 10_000n) / 10_000;
  return Math.max(1, Math.round(euros * perEuro * 10 ** currencyOf(currency).exponent));
}
