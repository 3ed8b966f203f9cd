// merge.ts: the report of a log from those of its shares, and what only all of them together can say.

import type { CurrencyCode } from '@holdfast/money';
import { collectProblems, SHOWN_PROBLEMS } from './problems.ts';
import type { CurrencyTrialBalance, LogReport } from './report.ts';
import { openTrialBalance, type TrialSums } from './trialBalance.ts';

/** What one share of the accounts came to. */
export type LogPart = Omit<LogReport, 'trialBalance'> & {
  readonly sums: TrialSums;
  /** Of the first share: what must stand in these ledger accounts, in each currency, debits above zero. */
  readonly expected: Readonly<Record<'in_transit' | 'suspense', ReadonlyMap<CurrencyCode, bigint>>> | undefined;
};

/** `parts` of one log, each of its shares once. */
export function mergeParts(parts: readonly LogPart[], shown: number = SHOWN_PROBLEMS): LogReport {
  const trialBalance = openTrialBalance();
  for (const { sums } of parts) trialBalance.add(sums);
  const lines = trialBalance.lines();
  const total = (count: (part: LogPart) => number): number => parts.reduce((sum, part) => sum + count(part), 0);
  const position = parts.reduce((most, part) => (part.position > most ? part.position : most), 0n);
  const between = collectProblems(shown);
  for (const what of notBetween(lines, parts)) between.add({ stream: '', revision: 0, position }, what.kind, what.what);
  const all = [...parts, { problemCount: between.count, problemsByKind: between.byKind, problems: between.shown }];
  return {
    events: total(({ events }) => events),
    streams: total(({ streams }) => streams),
    programs: total(({ programs }) => programs),
    accounts: total(({ accounts }) => accounts),
    cards: total(({ cards }) => cards),
    transactions: total(({ transactions }) => transactions),
    entries: total(({ entries }) => entries),
    eventsByType: summed(parts.map(({ eventsByType }) => eventsByType)),
    position,
    trialBalance: lines,
    problemCount: all.reduce((sum, { problemCount }) => sum + problemCount, 0),
    problemsByKind: summed(all.map(({ problemsByKind }) => problemsByKind)),
    problems: all
      .flatMap(({ problems }) => problems)
      .toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0))
      .slice(0, shown),
  };
}

/** What is under way, or waits for somebody, and nothing else, stands between accounts. */
function* notBetween(lines: readonly CurrencyTrialBalance[], parts: readonly LogPart[]) {
  const expected = parts.find((part) => part.expected !== undefined)?.expected;
  if (expected === undefined) return;
  for (const { currency, lines: accounts } of lines) {
    for (const [name, kind] of [
      ['in_transit', 'wrong_transfer'],
      ['suspense', 'wrong_suspense'],
    ] as const) {
      const stands = accounts.find(({ account }) => account === name)?.balanceMinor ?? 0n;
      const shouldMinor = expected[name].get(currency) ?? 0n;
      if (stands === shouldMinor) continue;
      yield { kind, what: `${name} has ${stands} ${currency}, what is unfinished says ${shouldMinor}` } as const;
    }
  }
}

function summed<Key extends string>(counts: readonly Readonly<Partial<Record<Key, number>>>[]): Record<Key, number> {
  const sums = {} as Record<Key, number>;
  for (const each of counts) {
    for (const [key, count] of Object.entries(each) as [Key, number][]) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}
