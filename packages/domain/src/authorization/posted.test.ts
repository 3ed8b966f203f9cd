import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import type { Share } from '../events.ts';
import { InvariantBroken } from '../invariant.ts';
import { type Entry, move } from '../ledger/entry.ts';
import { type Posted, restated, settledBy, shareOf, without } from './posted.ts';

const [EUR, USD] = [currencyOf('EUR').code, currencyOf('USD').code];
const share = (amountMinor: bigint, accountMinor: bigint, feeMinor: bigint, settledMinor: bigint): Share => ({
  amountMinor,
  accountMinor,
  feeMinor,
  settledMinor,
  settledCurrency: EUR,
});

/** EUR 100.00 posted as USD 110.09, of which 1.09 is a mark-up. */
const posted: Posted = {
  ...share(10_000n, 11_009n, 109n, 10_000n),
  revision: 7,
  by: 'clearing',
  network: 'visa',
  first: { amountMinor: 10_000n, currency: EUR },
};

describe('a share of what was posted', () => {
  test.each<[string, bigint, Share]>([
    ['nothing', 0n, share(0n, 0n, 0n, 0n)],
    ['a quarter, each sum half up', 2_500n, share(2_500n, 2_752n, 27n, 2_500n)], // 27.5225, 0.2725
    ['the first cent', 1n, share(1n, 1n, 0n, 1n)], // 1.1009
    ['all', 10_000n, share(10_000n, 11_009n, 109n, 10_000n)],
  ])('is %s', (_, amountMinor, expected) => expect(shareOf(posted, amountMinor)).toEqual(expected));

  test.each([-1n, 10_001n])('is never %d', (amountMinor) =>
    expect(() => shareOf(posted, amountMinor)).toThrow(InvariantBroken),
  );

  test('of nothing left is all that rounding left of the other sums', () =>
    expect(shareOf(share(0n, 1n, 0n, 1n), 0n)).toEqual(share(0n, 1n, 0n, 1n)));
});

describe('what stays of it', () => {
  test('is each sum less its share', () =>
    expect(without(posted, share(2_500n, 2_752n, 27n, 2_400n))).toEqual({
      ...posted,
      ...share(7_500n, 8_257n, 82n, 7_600n),
    }));

  test('is never below nothing', () =>
    expect(without(posted, share(10_001n, 11_010n, 110n, 10_001n))).toEqual({ ...posted, ...share(0n, 0n, 0n, 0n) }));
});

describe('what was posted counts in another currency', () => {
  test('by its share of the account amounts', () => {
    const two = [
      { ...posted, accountMinor: 3_000n },
      { ...posted, accountMinor: 7_000n },
    ];
    expect(restated(two, 9_001n)).toEqual([
      { ...posted, accountMinor: 3_000n, amountMinor: 2_700n }, // 2700.3
      { ...posted, accountMinor: 7_000n, amountMinor: 6_301n }, // 6300.7
    ]);
  });

  test('as nothing when nothing of it is in account currency', () => {
    const counted = restated([{ ...posted, accountMinor: 0n }], 9_000n);
    expect(counted.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
  });
});

describe('what an entry charged and settled', () => {
  const confirmed = { ...share(10_000n, 10_800n, 50n, 10_750n), settledCurrency: USD };

  test.each<[string, Entry, Share | undefined, Omit<Share, 'amountMinor' | 'accountMinor'>]>([
    [
      'is read from its legs',
      [...move('available', 'settlement:visa', 4_360n, USD), ...move('available', 'fees', 65n, USD)],
      undefined,
      { feeMinor: 65n, settledMinor: 4_360n, settledCurrency: USD },
    ],
    [
      'is in the currency that the network settles in',
      [...move('available', 'fx', 4_360n, USD), ...move('fx', 'settlement:visa', 4_000n, EUR)],
      undefined,
      { feeMinor: 0n, settledMinor: 4_000n, settledCurrency: EUR },
    ],
    ['is nothing when it moved nothing', [], undefined, { feeMinor: 0n, settledMinor: 0n, settledCurrency: USD }],
    [
      'is what another had posted when it only confirms that',
      [],
      confirmed,
      { feeMinor: 50n, settledMinor: 10_750n, settledCurrency: USD },
    ],
    [
      'adds to what another had posted',
      [...move('available', 'settlement:visa', 250n, USD), ...move('available', 'fees', 10n, USD)],
      confirmed,
      { feeMinor: 60n, settledMinor: 11_000n, settledCurrency: USD },
    ],
    [
      'takes from what another had posted',
      [...move('settlement:visa', 'available', 750n, USD), ...move('fees', 'available', 50n, USD)],
      confirmed,
      { feeMinor: 0n, settledMinor: 10_000n, settledCurrency: USD },
    ],
    [
      'takes the place of what another had settled in its own currency',
      [...move('settlement:visa', 'fx', 10_750n, USD), ...move('fx', 'settlement:visa', 10_000n, EUR)],
      confirmed,
      { feeMinor: 50n, settledMinor: 10_000n, settledCurrency: EUR },
    ],
    [
      'is nothing, in its currency, when all of it went back',
      move('settlement:visa', 'available', 10_000n, EUR),
      share(10_000n, 10_800n, 0n, 10_000n),
      { feeMinor: 0n, settledMinor: 0n, settledCurrency: EUR },
    ],
  ])('%s', (_, entry, before, expected) => expect(settledBy(entry, USD, before)).toEqual(expected));
});
