import { describe, expect, test } from 'vitest';
import type { AuthorizationApproved, Recorded } from '../events.ts';
import { InvariantBroken } from '../invariant.ts';
import { account, authorization, card, given, purchase, reversal } from '../testing/index.ts';
import { type Charges, charged, chargesOf, spendingChanges } from './charges.ts';
import { evolveTransaction } from './evolveTransaction.ts';

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

describe('the charges of a transaction', () => {
  test('are the one of its approval, which is not kept, until a part is given back', () => {
    const { story } = given(account('500.00'), card()).when(authorization('40.00'));
    expect(purchase(story).charges).toBeUndefined();
    expect(chargesOf(purchase(story))).toEqual([{ at: expect.any(String), amountMinor: 4_000n }]);
    const later = given(account('500.00'), card(), authorization('40.00')).when(reversal('15.00'));
    expect(purchase(later.story).charges).toEqual([{ ...chargesOf(purchase(story))[0], amountMinor: 2_500n }]);
  });

  test.each([
    ['another amount', { amountMinor: 3_999n }],
    ['another time', { at: MONDAY }],
  ])('are kept when its approval says %s', (_, said) => {
    const { story } = given(account('500.00'), card()).when(authorization('40.00'));
    const approval = story.events.at(-1) as Recorded<AuthorizationApproved>;
    const spending = approval.data.spending.map((change) => ({ ...change, ...said }));
    const tx = evolveTransaction(undefined, { ...approval, data: { ...approval.data, spending } });
    expect(tx?.charges).toEqual(spending);
  });
});
