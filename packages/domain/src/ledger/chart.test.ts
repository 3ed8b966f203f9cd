import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHART, chartNameOf, PLAIN_LEDGER_ACCOUNTS } from './chart.ts';

test.each([
  ['available', 'available'],
  ['settlement:visa', 'settlement'],
  ['settlement', undefined],
  ['toString', undefined],
  ['cash', undefined],
])('%s belongs to %s', (account, name) => expect(chartNameOf(account)).toBe(name));

test('a leg names every account of the chart but settlement as it is', () =>
  expect([...PLAIN_LEDGER_ACCOUNTS, 'settlement'].sort()).toEqual(Object.keys(CHART).sort()));

test('only what each account has is kept per account', () => {
  const kept = Object.entries(CHART).filter(([, { scope }]) => scope === 'account');
  expect(kept.map(([name]) => name)).toEqual(['available', 'held']);
});

test('docs/ledger.md shows the chart as it is declared', () => {
  const page = readFileSync(new URL('../../../../docs/ledger.md', import.meta.url), 'utf8');
  const shown = [...page.matchAll(/^\| `(\w+)` \| (debit|credit) \| ([a-z ]+) \| (.+) \|$/gm)];
  expect(shown.map(([, name = '', normal, scope, says]) => [name, { normal, scope, says }])).toEqual(
    Object.entries(CHART),
  );
});
