import { describe, expect, test } from 'vitest';
import type { Account } from './accounts/account.ts';
import { chargesOf } from './authorization/charges.ts';
import type { Transaction } from './authorization/transaction.ts';
import type { AccountEvent, Recorded } from './events.ts';
import { brokenByEvent, brokenByTransaction, brokenInvariants, postedChange } from './invariants.ts';
import {
  account,
  accountControls,
  authorization,
  card,
  clearing,
  deposit,
  given,
  purchase,
  type Story,
} from './testing/index.ts';

function story(): Story {
  const before = [
    account('100.00'),
    card({ daily: '100.00' }),
    accountControls({ daily: '100.00', perTransaction: '50.00' }),
  ];
  return given(...before, authorization('40.00')).when().story;
}

describe('an account that is right', () => {
  test('has nothing to say', () => {
    const { account, events } = story();
    expect(brokenInvariants(account)).toEqual([]);
    expect([...account.transactions.values()].flatMap((tx) => brokenByTransaction(account, tx))).toEqual([]);
    expect(brokenByEvent(account, events.at(-1) as Recorded<AccountEvent>)).toEqual([]);
  });
});

describe('an account that is wrong is found out', () => {
  test.each<[string, (account: Account) => void, RegExp]>([
    [
      'less is held than its transactions hold',
      (a) => {
        a.balances = { availableMinor: 6_001n, heldMinor: 3_999n };
      },
      /3999 is held, by its transactions 4000/,
    ],
    [
      'less than nothing is held',
      (a) => {
        a.balances = { availableMinor: 0n, heldMinor: -1n };
      },
      /-1 is held/,
    ],
    [
      'it is overdrawn beyond 2^53 − 1',
      (a) => {
        a.balances = { ...a.balances, availableMinor: -(2n ** 53n) };
      },
      /beyond 2\^53/,
    ],
    [
      'it has more than 2^53 − 1',
      (a) => {
        a.balances = { ...a.balances, availableMinor: 2n ** 53n - 4_000n };
      },
      /beyond 2\^53/,
    ],
    [
      'its limits have counted something else',
      (a) => {
        a.spending.days = [];
        a.spending.quarters = [];
      },
      /the account count 0 in Europe\/Berlin, transactions 4000/,
    ],
    [
      'a card’s limits have counted something else',
      (a) => {
        for (const { spending } of a.cards.values()) for (const day of spending.days) day.spentMinor++;
      },
      /card_main count 4001/,
    ],
  ])('%s', (_, spoil, what) => {
    const { account } = story();
    spoil(account);
    expect(brokenInvariants(account).join('; ')).toMatch(what);
  });
});

describe('a transaction that is wrong is found out', () => {
  test.each<[string, (tx: Transaction) => Partial<Transaction>, RegExp]>([
    ['a hold below zero', () => ({ heldMinor: -1n }), /-1 held/],
    [
      'a hold with nothing open',
      ({ totals }) => ({ totals: { ...totals, openMinor: 0n } }),
      /nothing open, but 4000 held/,
    ],
    ['less than nothing open', ({ totals }) => ({ totals: { ...totals, openMinor: -1n } }), /openMinor -1/],
    [
      'more open than approved',
      ({ totals }) => ({ totals: { ...totals, openMinor: 4_001n } }),
      /more open than approved/,
    ],
    ['open and expired', () => ({ status: 'expired' }), /expired with 4000 open/],
    ['open after a final clearing', () => ({ finallyCleared: true }), /after a final clearing/],
    ['charges that are not what stands', () => ({ charges: [] }), /limits count 0, .* are 4000/],
    [
      'a charge of nothing',
      (tx) => ({ charges: [...chargesOf(tx), { at: '', amountMinor: 0n }] }),
      /a charge of nothing/,
    ],
    ['a card of another account', () => ({ cardId: 'card_other' as never }), /not a card of the account/],
  ])('%s', (_, spoil, what) => {
    const { account, ...rest } = story();
    const tx = purchase({ account, ...rest });
    expect(brokenByTransaction(account, { ...tx, ...spoil(tx) }).join('; ')).toMatch(what);
  });
});

describe('an event that is wrong is found out', () => {
  test.each<[string, object, RegExp]>([
    ['an entry that is off', { entry: [{ account: 'held', currency: 'EUR', creditMinor: 1n }] }, /off by -1 EUR/],
    ['another available balance', { balances: { availableMinor: 1n, heldMinor: 4_000n } }, /it says 1 available/],
    ['another held balance', { balances: { availableMinor: 6_000n, heldMinor: 1n } }, /it says 1 held/],
    ['an approval above a limit', { requestedAccountMinor: 10_001n }, /0 \+ 10001 exceeds lim_day/],
  ])('%s', (_, data, what) => {
    const { account, events } = story();
    const event = events.at(-1) as Recorded<AccountEvent>;
    expect(brokenByEvent(account, { ...event, data: { ...event.data, ...data } } as typeof event).join('; ')).toMatch(
      what,
    );
  });

  test('an approval that overdraws', () => {
    const { account, events } = story();
    account.balances = { availableMinor: -1n, heldMinor: 4_000n };
    const event = events.at(-1) as Recorded<AccountEvent>;
    expect(brokenByEvent(account, event).join('; ')).toMatch(/it leaves -1 spendable/);
  });
});

test('what is posted is seen from the other side of each entry', () => {
  const before = [account('0.00', 'USD'), card(), deposit('100.00'), authorization('40.00 EUR', { billed: '43.60' })];
  const { story } = given(...before).when(clearing('40.00 EUR', { billed: '43.60', settled: '43.51 USD' }));
  expect(story.events.map((event) => postedChange(event, 'USD')).filter((change) => change !== 0n)).toEqual([
    10_000n,
    -4_360n,
  ]);
});
