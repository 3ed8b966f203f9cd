// fileTotals.ts: what the records of a clearing file come to, to be held against its trailer.

import { CLEARING_KINDS, type ClearingKind, type ClearingSum } from '@holdfast/domain';
import { type CurrencyCode, currencyOf } from '@holdfast/money';
import type { WireMessage } from '../wire/networkMessage.ts';
import type { FileTrailer } from './format.ts';
import { CLEARING_FILE_LIMITS } from './limits.ts';

/** A network message of a kind that a clearing file can hold. */
export type WireClearing = Extract<WireMessage, { readonly type: ClearingKind }>;

export type FileTotals = {
  add(message: WireClearing): void;
  readonly records: number;
  /** By kind, then currency. */
  sums(): readonly ClearingSum[];
  /** What the trailer says otherwise, in words that go after a field's name. */
  differences(trailer: FileTrailer): readonly { readonly field: string; readonly message: string }[];
  readonly tooManyCurrencies: boolean;
};

type Sum = { records: number; amountMinor: bigint };

export function fileTotals(): FileTotals {
  const byKind = new Map<ClearingKind, Map<CurrencyCode, Sum>>(CLEARING_KINDS.map((kind) => [kind, new Map()]));
  const currencies = new Set<CurrencyCode>();
  const billed = new Set<string>();
  let records = 0;

  function countOf(kind: ClearingKind): number {
    return [...(byKind.get(kind)?.values() ?? [])].reduce((sum, each) => sum + each.records, 0);
  }

  function sums(): readonly ClearingSum[] {
    return [...byKind].flatMap(([type, sumsOfKind]) =>
      [...sumsOfKind]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, { records: ofThem, amountMinor }]) => ({ type, currency, records: ofThem, amountMinor })),
    );
  }

  return {
    add({ type, amount, currency: written, billing }) {
      const currency = currencyOf(written).code;
      records += 1;
      currencies.add(currency);
      billed.add(billing?.currency ?? currency);
      const sumsOfKind = byKind.get(type);
      const sum = sumsOfKind?.get(currency) ?? { records: 0, amountMinor: 0n };
      sum.records += 1;
      sum.amountMinor += BigInt(amount);
      sumsOfKind?.set(currency, sum);
    },
    get records() {
      return records;
    },
    sums,
    differences(trailer) {
      const found: { readonly field: string; readonly message: string }[] = [];
      for (const kind of CLEARING_KINDS) {
        const count = countOf(kind);
        if (trailer.records[kind] === count) continue;
        found.push({ field: `trailer.records.${kind}`, message: `does not agree: the file has ${count}` });
      }
      const said = new Map(trailer.sums.map((sum) => [`${sum.type} ${sum.currency}`, sum.amount]));
      if (said.size < trailer.sums.length) {
        found.push({ field: 'trailer.sums', message: 'has a kind and currency twice' });
      }
      for (const { type, currency, amountMinor } of sums()) {
        const key = `${type} ${currency}`;
        const amount = said.get(key);
        said.delete(key);
        if (amount !== undefined && BigInt(amount) === amountMinor) continue;
        const what = amount === undefined ? 'lacks' : 'does not agree on';
        found.push({ field: 'trailer.sums', message: `${what} ${key}: the records come to ${amountMinor}` });
      }
      for (const key of said.keys()) {
        found.push({ field: 'trailer.sums', message: `has ${key}, and no record is of it` });
      }
      return found;
    },
    get tooManyCurrencies() {
      return Math.max(currencies.size, billed.size) > CLEARING_FILE_LIMITS.currencies;
    },
  };
}
