// trialBalance.ts: debits and credits of every ledger account, summed over the log.

import { CHART, chartNameOf, type Entry, type Leg, signedMinor } from '@holdfast/domain';
import type { CurrencyCode } from '@holdfast/money';
import type { CurrencyTrialBalance } from './report.ts';

type Sums = { debitMinor: bigint; creditMinor: bigint };

export type TrialBalance = {
  /** Posts an entry. Returns the currency in which it does not sum to zero, and by how much, or undefined. */
  post(entry: Entry): { readonly currency: CurrencyCode; readonly offMinor: bigint } | undefined;
  /** Adds what another one has summed. */
  add(sums: TrialSums): void;
  sums(): TrialSums;
  /** By currency, then in the order of the chart of accounts. */
  lines(): readonly CurrencyTrialBalance[];
};

/** Debits and credits, by currency and ledger account. */
export type TrialSums = ReadonlyMap<CurrencyCode, ReadonlyMap<string, Readonly<Sums>>>;

export function openTrialBalance(): TrialBalance {
  const currencies = new Map<CurrencyCode, Map<string, Sums>>();

  function sumsOf(currency: CurrencyCode, account: string): Sums {
    const accounts = getOrAdd(currencies, currency, () => new Map<string, Sums>());
    return getOrAdd(accounts, account, () => ({ debitMinor: 0n, creditMinor: 0n }));
  }

  function add(leg: Leg): void {
    const sums = sumsOf(leg.currency, leg.account);
    if ('debitMinor' in leg) sums.debitMinor += leg.debitMinor;
    else sums.creditMinor += leg.creditMinor;
  }

  return {
    post(entry) {
      for (const leg of entry) add(leg);
      return offBy(entry);
    },
    add(others) {
      for (const [currency, accounts] of others) {
        for (const [account, { debitMinor, creditMinor }] of accounts) {
          const sums = sumsOf(currency, account);
          sums.debitMinor += debitMinor;
          sums.creditMinor += creditMinor;
        }
      }
    },
    sums: () => currencies,
    lines: () =>
      [...currencies]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, accounts]) => {
          const lines = [...accounts]
            .sort(([a], [b]) => chartOrder(a) - chartOrder(b) || (a < b ? -1 : 1))
            .map(([account, sums]) => ({ account, ...sums, balanceMinor: sums.debitMinor - sums.creditMinor }));
          return { currency, lines, offMinor: lines.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0n) };
        }),
  };
}

/** The common entry has one currency: no map is needed to see that it balances. */
function offBy(entry: Entry): { readonly currency: CurrencyCode; readonly offMinor: bigint } | undefined {
  const first = entry[0];
  if (first === undefined) return undefined;
  let offMinor = 0n;
  let mixed = false;
  for (const leg of entry) {
    if (leg.currency === first.currency) offMinor += signedMinor(leg);
    else mixed = true;
  }
  if (offMinor !== 0n) return { currency: first.currency, offMinor };
  return mixed ? offBy(entry.filter(({ currency }) => currency !== first.currency)) : undefined;
}

const NAMES: readonly string[] = Object.keys(CHART);

/** What is on no chart comes last: the entry's schema has reported it. */
function chartOrder(account: string): number {
  const name = chartNameOf(account);
  return name === undefined ? NAMES.length : NAMES.indexOf(name);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
