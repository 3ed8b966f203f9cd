// rates.ts: a program's table of exchange rates: what was published, and which rate counts at a moment.

import type { CurrencyCode } from '@holdfast/money';
import type { RatesPublished } from '../events.ts';
import { fromIso, type Instant } from '../time.ts';

/** One `base` is `rate` of `quote`, from `validFrom` to before `validUntil`. */
export type Rate = {
  readonly base: CurrencyCode;
  readonly quote: CurrencyCode;
  /** A decimal number above zero. */
  readonly rate: string;
  readonly source: string;
  readonly validFrom: string;
  readonly validUntil: string;
};

/** By pair (`EUR/USD`): in the order of publication. */
export type RateTable = { readonly [pair: string]: readonly Rate[] };

/** Pairs in one publication. */
export const MAX_RATES = 500;

/** Rates of one pair that are kept: the newest that has begun, and those that begin later. */
export const MAX_RATES_PER_PAIR = 16;

export const NO_RATES: RateTable = {};

export type RateFound = {
  readonly rate: string;
  /** The pair was published the other way round: an amount is divided by the rate. */
  readonly inverse: boolean;
  readonly source: string;
  readonly validFrom: string;
  readonly validUntil: string;
  /** It is valid now. */
  readonly usable: boolean;
};

/** The table after a publication. What a newer rate of the same pair has replaced by then is let go. */
export function published(
  table: RateTable,
  { rates, source, validFrom, validUntil }: RatesPublished['data'],
): RateTable {
  const after: Record<string, readonly Rate[]> = { ...table };
  for (const { base, quote, rate } of rates) {
    const pair = `${base}/${quote}`;
    const known = (after[pair] ?? []).filter((each) => each.validFrom !== validFrom);
    after[pair] = [...known, { base, quote, rate, source, validFrom, validUntil }].slice(-MAX_RATES_PER_PAIR);
  }
  return after;
}

/**
 * The rate from one currency to another at `now`. Valid ones first, of these a pair published in this direction before one
 * in the other, then the newest. With none valid: the newest that has begun, else the first to begin, `usable` false.
 */
export function rateFor(
  { rates }: { readonly rates: RateTable },
  from: CurrencyCode,
  to: CurrencyCode,
  now: Instant,
): RateFound | undefined {
  const direct = best(rates[`${from}/${to}`], now);
  if (direct?.usable) return { ...direct, inverse: false };
  const inverse = best(rates[`${to}/${from}`], now);
  if (inverse?.usable || direct === undefined) return inverse === undefined ? undefined : { ...inverse, inverse: true };
  return { ...direct, inverse: false };
}

function best(rates: readonly Rate[] | undefined, now: Instant): Omit<RateFound, 'inverse'> | undefined {
  let found: Rate | undefined;
  let rank = 0;
  for (const rate of rates ?? []) {
    const begun = fromIso(rate.validFrom) <= now;
    const of = begun && now < fromIso(rate.validUntil) ? 3 : begun ? 2 : 1;
    const newer =
      found === undefined || (of === 1 ? rate.validFrom < found.validFrom : rate.validFrom >= found.validFrom);
    if (of < rank || (of === rank && !newer)) continue;
    found = rate;
    rank = of;
  }
  if (found === undefined) return undefined;
  const { rate, source, validFrom, validUntil } = found;
  return { rate, source, validFrom, validUntil, usable: rank === 3 };
}
