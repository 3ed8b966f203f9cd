import { expect, test } from 'vitest';
import { against, itself, line, type Series } from './figure.ts';
import { markdown } from './markdown.ts';

const machine = {
  ...{ cores: 2, cpu: 'a processor', memoryGiB: 8, system: 'Linux x64', node: 'v24.0.0' },
  ...{ loadBefore: 0, flushMs: 0.3, commit: 'abc' },
};
const floor: Series = { label: 'the floor', unit: '/s', values: [20_000, 22_000], p50Ms: [1, 2], p99Ms: [3, 4] };
const ours: Series = { label: 'ours', unit: '/s', values: [10_000, 12_000] };

test('a run as a table: a row for each measurement and each further check', () => {
  const checks = [
    against('of the floor', ours.values, floor.values, { atLeast: 0.55 }),
    itself(ours, { atLeast: 10_000 }),
  ];
  const figure = { name: 'one', title: 'One', lines: [line(floor), line(ours, ...checks)], notes: [] };
  expect(markdown(new Date('2026-03-01T12:00:00Z'), machine, [figure]).split('\n').slice(0, -1)).toEqual([
    '2026-03-01, 2 cores (a processor), 8 GiB, Linux x64, Node v24.0.0, disk flush 0.30 ms.',
    '',
    '| | measured | p50 | p99 | held against (least–most of a round) | bound | |',
    '|---|---:|---:|---:|---|---|---|',
    '| **One** | | | | | | |',
    '| the floor | 21,000/s | 1.50 ms | 3.50 ms |  |  |  |',
    '| ours | 11,000/s |  |  | 0.52 of the floor (0.50–0.55) | ≥ 0.55 | **not met** |',
    '|  |  |  |  |  | ≥ 10,000/s | met |',
  ]);
});
