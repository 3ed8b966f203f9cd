// rates.ts: a program's table of exchange rates: what was published, and which rate counts at a moment.

import type { CurrencyCode } from '@holdfast/money';
import type { RatesPublished } from '../events.ts';
import { type Instant, SECOND_MS, toIso } from '../time.ts';

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

/** By pair (`EUR/USD`), the preferred one first: the newest by `validFrom`, of two that begin together the last published. */
export type RateTable = { readonly [pair: string]: readonly Rate[] };

/** Pairs in one publication. */
export const MAX_RATES = 500;

/** Pairs of one program. */
export const MAX_PAIRS = 2_000;

/** Rates of one pair that can still matter: those to come, the newest that has begun, and those that outlast it. */
export const MAX_RATES_PER_PAIR = 32;

/** A process that decides may be so far behind the one that took the publication: its clock still finds what it needs. */
const CLOCKS_DIFFER_MS = 5 * SECOND_MS;

export const NO_RATES: RateTable = {};

export function pairOf(base: CurrencyCode, quote: CurrencyCode): string {
  return `${base}/${quote}`;
}

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

/** The table after a publication at `now`. What no moment from then on can ask for is let go. */
export function published(
  table: RateTable,
  { rates, source, validFrom, validUntil }: Omit<RatesPublished['data'], 'programId'>,
  now: Instant,
): RateTable {
  const earliest = toIso(now - CLOCKS_DIFFER_MS);
  const after: Record<string, readonly Rate[]> = { ...table };
  for (const { base, quote, rate } of rates) {
    const pair = pairOf(base, quote);
    const known = [{ base, quote, rate, source, validFrom, validUntil }, ...(table[pair] ?? [])];
    // Stable: of two that begin together, the one published last stays first.
    const preferred = known.toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : a.validFrom > b.validFrom ? -1 : 0));
    after[pair] = preferred.filter(
      (each, at) => !preferred.slice(0, at).some((other) => replaces(other, each, earliest)),
    );
  }
  return after;
}

/**
 * Whether `preferred` is always taken before `rate`, from `earliest` on: it has begun, or begins with it; and it lasts as
 * long, or `rate` has ended. ISO 8601 in UTC of the years 0 to 9999 is in the order of its characters.
 */
function replaces(preferred: Rate, rate: Rate, earliest: string): boolean {
  const begun = preferred.validFrom <= earliest || preferred.validFrom === rate.validFrom;
  return begun && (preferred.validUntil >= rate.validUntil || rate.validUntil <= earliest);
}

/**
 * The rate from one currency to another at `now`; undefined when none was ever published. Of what is valid the newest,
 * else the newest that has begun, else the first to begin, `usable` false. A pair published in this direction before one
 * in the other, unless only the other is valid, or has begun.
 */
export function rateFor(
  { rates }: { readonly rates: RateTable },
  from: CurrencyCode,
  to: CurrencyCode,
  now: Instant,
): RateFound | undefined {
  const at = toIso(now);
  const direct = best(rates[pairOf(from, to)], at);
  if (direct?.standing === 'valid') return found(direct, false);
  const inverse = best(rates[pairOf(to, from)], at);
  if (direct === undefined) return inverse && found(inverse, true);
  const other = inverse !== undefined && STANDINGS.indexOf(inverse.standing) < STANDINGS.indexOf(direct.standing);
  return other ? found(inverse, true) : found(direct, false);
}

/** The better one first. */
const STANDINGS = ['valid', 'begun', 'to begin'] as const;
type Best = { readonly rate: Rate; readonly standing: (typeof STANDINGS)[number] };

function best(rates: readonly Rate[] = [], at: string): Best | undefined {
  const begun = rates.filter(({ validFrom }) => validFrom <= at);
  const valid = begun.find(({ validUntil }) => at < validUntil);
  if (valid !== undefined) return { rate: valid, standing: 'valid' };
  const [newest] = begun;
  if (newest !== undefined) return { rate: newest, standing: 'begun' };
  const soonest = rates.at(-1)?.validFrom;
  const first = rates.find(({ validFrom }) => validFrom === soonest);
  return first && { rate: first, standing: 'to begin' };
}

function found({ rate: { rate, source, validFrom, validUntil }, standing }: Best, inverse: boolean): RateFound {
  return { rate, inverse, source, validFrom, validUntil, usable: standing === 'valid' };
}
