import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../invariant.ts';
import { type Charges, charged, spendingChanges } from './charges.ts';

const MONDAY = '2026-03-02T12:00:00.000Z';
const TUESDAY = '2026-03-03T12:00:00.000Z';
const WEDNESDAY = '2026-03-04T12:00:00.000Z';
const charges: Charges = [
  { at: MONDAY, amountMinor: 100n },
  { at: TUESDAY, amountMinor: 30n },
];

describe('what limits count of a transaction', () => {
  test.each<[bigint, Charges, Charges]>([
    [0n, [], charges],
    [5n, [{ at: WEDNESDAY, amountMinor: 5n }], [...charges, { at: WEDNESDAY, amountMinor: 5n }]],
    [
      -10n,
      [{ at: TUESDAY, amountMinor: -10n }],
      [
        { at: MONDAY, amountMinor: 100n },
        { at: TUESDAY, amountMinor: 20n },
      ],
    ],
    [-30n, [{ at: TUESDAY, amountMinor: -30n }], [{ at: MONDAY, amountMinor: 100n }]],
    [
      -31n,
      [
        { at: TUESDAY, amountMinor: -30n },
        { at: MONDAY, amountMinor: -1n },
      ],
      [{ at: MONDAY, amountMinor: 99n }],
    ],
    [
      -130n,
      [
        { at: TUESDAY, amountMinor: -30n },
        { at: MONDAY, amountMinor: -100n },
      ],
      [],
    ],
  ])('changed by %d', (delta, changes, after) => {
    const found = spendingChanges(charges, delta, WEDNESDAY);
    expect(found).toEqual(changes);
    expect(charged(charges, found)).toEqual(after);
  });

  test('rises in the same moment as one charge', () => {
    expect(charged(charges, spendingChanges(charges, 5n, TUESDAY))).toEqual([
      { at: MONDAY, amountMinor: 100n },
      { at: TUESDAY, amountMinor: 35n },
    ]);
  });

  test('may be given back by a refund, at its own time, and are not given back twice', () => {
    const refunded = charged(charges, [{ at: WEDNESDAY, amountMinor: -20n }]);
    expect(refunded).toEqual([...charges, { at: WEDNESDAY, amountMinor: -20n }]);
    expect(spendingChanges(refunded, -110n, WEDNESDAY)).toEqual([
      { at: TUESDAY, amountMinor: -30n },
      { at: MONDAY, amountMinor: -80n },
    ]);
  });

  test('never gives back more than was charged', () => {
    expect(() => spendingChanges(charges, -131n, WEDNESDAY)).toThrow(InvariantBroken);
    expect(() => charged(charges, [{ at: MONDAY, amountMinor: -131n }])).toThrow(InvariantBroken);
    expect(() => charged(charges, [{ at: WEDNESDAY, amountMinor: -131n }])).toThrow(InvariantBroken);
    expect(() => charged([], [{ at: WEDNESDAY, amountMinor: -1n }])).toThrow(InvariantBroken);
  });
});
