import { expect, test } from 'vitest';
import { fromSnapshotText, toSnapshotText } from './snapshotText.ts';

test.each<[string, unknown]>([
  [
    'big integers, also beyond what a number holds',
    { availableMinor: 2n ** 60n + 1n, sums: [0n, -1n], held: { x: 5n } },
  ],
  ['strings that look like them', { amountMinor: '12', privateData: { tipMinor: 'hello', tipsMinor: '7' } }],
  ['what JSON has', { a: [1, 'x', null, true, 1.5], b: {} }],
])('a snapshot gives back %s', (_, value) => {
  expect(fromSnapshotText(toSnapshotText(value))).toEqual(value);
});
