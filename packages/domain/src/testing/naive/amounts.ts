// amounts.ts: shares, rates and what a message comes to, in whole numbers and exact fractions.

import type { NetworkMessage } from '../../authorization/message.ts';

/** The same sum twice: in the transaction's currency and in the account's. */
export type Sums = { t: bigint; a: bigint };
export type Money = { amountMinor: bigint; currency: string };
/** One `base` is `rate` of `quote`. Of two that begin together the later one in the list counts. */
export type Rate = { base: string; quote: string; rate: string; from: number; until: number };
/** What is paid in the account's currency, the program's mark-up on it, and what is settled with the network. */
export type Price = { base: bigint; markup: bigint; settled: Money; stale: boolean };

/** Of zero, in every currency. */
export const free = ({ settlement }: NetworkMessage): Price => {
  return { base: 0n, markup: 0n, settled: settlement ?? { amountMinor: 0n, currency: 'USD' }, stale: false };
};

const DIGITS: Record<string, bigint> = { USD: 2n, EUR: 2n, GBP: 2n, JPY: 0n, KWD: 3n };

export const least = (a: bigint, b: bigint) => (a < b ? a : b);
export const most = (a: bigint, b: bigint) => (a < b ? b : a);
export const total = ({ base, markup }: Price) => base + markup;

/** sum × part / whole; a half goes up. */
export function share(sum: bigint, part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (2n * sum * part + whole) / (2n * whole);
}

export function plus(to: Sums, t: bigint, a: bigint): void {
  to.t += t;
  to.a += a;
}

/** The part of a price that `t` of `whole` costs. */
export function portion(price: Price, t: bigint, whole: bigint): Price {
  const markup = share(price.markup, t, whole);
  const settled = { ...price.settled, amountMinor: share(price.settled.amountMinor, t, whole) };
  return { ...price, base: share(total(price), t, whole) - markup, markup, settled };
}

export type Table = { currency: string; now: number; rates: readonly Rate[]; markupBasisPoints: bigint };

/** Undefined when there is no rate for it. Facts take a rate that has ended, or has not begun, if there is no other. */
export function priceOf(table: Table, m: NetworkMessage, fact: boolean, marked = true): Price | undefined {
  const { billing, currency, amountMinor = 0n } = m;
  const own = billing?.currency === table.currency ? billing.amountMinor : amountMinor;
  if (billing?.currency === table.currency || currency === table.currency) {
    const settled = m.settlement ?? { amountMinor: own, currency: table.currency };
    return { base: own, markup: 0n, settled, stale: false };
  }
  const from = billing ?? { amountMinor, currency };
  const found = rateFor(table, from.currency, fact);
  if (found === undefined) return undefined;
  const { rate, stale } = found;
  const [whole = '', fraction = ''] = rate.rate.split('.');
  const rated = BigInt(whole + fraction);
  const one = 10n ** BigInt(fraction.length);
  const [up, down] = rate.base === from.currency ? [rated, one] : [one, rated];
  const digits = (currency: string) => 10n ** (DIGITS[currency] ?? 0n);
  const base = share(from.amountMinor, up * digits(table.currency), down * digits(from.currency));
  const markup = marked ? share(base, table.markupBasisPoints, 10_000n) : 0n;
  return { base, markup, settled: m.settlement ?? from, stale };
}

/** A valid one before one that has ended, before one to come; then this way round before the other; then the nearest. */
function rateFor({ rates, currency, now }: Table, from: string, fact: boolean) {
  const standing = (one: Rate) => (now < one.from ? 0 : now < one.until ? 2 : 1);
  const better = (a: Rate, b: Rate) =>
    standing(a) - standing(b) ||
    Number(a.base === from) - Number(b.base === from) ||
    Math.abs(now - b.from) - Math.abs(now - a.from);
  const rate = rates
    .filter(({ base, quote }) => [base, quote].includes(from) && [base, quote].includes(currency))
    .reduce<Rate | undefined>((best, one) => (best === undefined || better(one, best) >= 0 ? one : best), undefined);
  if (rate === undefined) return undefined;
  const stale = standing(rate) < 2;
  return fact || !stale ? { rate, stale } : undefined;
}
