import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../invariant.ts';
import {
  account,
  accountClosed,
  authorization,
  card,
  clearing,
  correction,
  creditLine,
  deposit,
  given,
  manage,
  type Step,
  type Story,
  withdrawal,
} from '../testing/index.ts';
import { MAX_CREDIT_LINE_MINOR } from './funds.ts';

const inDollars: Step = (story) => {
  const { currency } = story;
  account('100.00', 'USD')(story);
  story.currency = currency;
};
const MOST = '90071992547409.91';

describe('a call that moves money', () => {
  test.each<[string, readonly Step[], Step, string, string]>([
    ['withdraws', [account('100.00')], withdrawal('40.00'), 'done', '60.00'],
    ['withdraws all there is', [account('100.00')], withdrawal('100.00'), 'done', '0.00'],
    ['withdraws no cent more', [account('100.00')], withdrawal('100.01'), 'refused: insufficient_funds', '100.00'],
    ['withdraws on credit', [account('10.00', 'EUR', '5.00')], withdrawal('15.00'), 'done', '-5.00'],
    [
      'withdraws not beyond the credit line',
      [account('10.00', 'EUR', '5.00')],
      withdrawal('15.01'),
      'refused: insufficient_funds',
      '10.00',
    ],
    [
      'withdraws nothing that is held',
      [account('100.00'), card(), authorization('60.00')],
      withdrawal('40.01'),
      'refused: insufficient_funds',
      '40.00',
    ],
    ['withdraws from nowhere', [], withdrawal('1.00'), 'refused: account_not_found', '0.00'],
    [
      'withdraws in the account’s currency only',
      [inDollars],
      withdrawal('1.00'),
      'refused: currency_mismatch',
      '100.00',
    ],
    [
      'withdraws nothing from a closed account',
      [account('0.00'), accountClosed(), correction('credit', '1.00')],
      withdrawal('1.00'),
      'refused: account_closed',
      '1.00',
    ],
    ['credits a correction', [account('1.00')], correction('credit', '2.00'), 'done', '3.00'],
    ['debits a correction', [account('1.00')], correction('debit', '1.00'), 'done', '0.00'],
    ['debits a correction beyond what there is', [account('1.00')], correction('debit', '1.01'), 'done', '-0.01'],
    [
      'corrects a closed account',
      [account('0.00'), accountClosed()],
      correction('debit', '1.00', 'losses'),
      'done',
      '-1.00',
    ],
    [
      'corrects in the account’s currency only',
      [inDollars],
      correction('debit', '1.00'),
      'refused: currency_mismatch',
      '100.00',
    ],
    ['corrects up to 2^53 − 1', [account('0.00')], correction('credit', MOST), 'done', MOST],
    ['corrects not beyond it', [account('0.01')], correction('credit', MOST), 'refused: balance_too_large', '0.01'],
    ['corrects down to −(2^53 − 1)', [account('0.00')], correction('debit', MOST), 'done', `-${MOST}`],
    [
      'corrects not below it',
      [account('0.00'), correction('debit', '0.01')],
      correction('debit', MOST),
      'refused: balance_too_large',
      '-0.01',
    ],
    [
      'corrects not beyond it with what is held',
      [account(MOST), card(), authorization('1.00')],
      correction('credit', '0.01'),
      'refused: balance_too_large',
      '90071992547408.91',
    ],
    ['sets a credit line', [account('1.00')], creditLine('5.00'), 'done', '1.00'],
    [
      'sets no credit line of a closed account',
      [account('0.00'), accountClosed()],
      creditLine('5.00'),
      'refused: account_closed',
      '0.00',
    ],
  ])('%s', (_, before, step, answer, available) => {
    const outcome = given(...before).when(step);
    expect([outcome.answer, outcome.available]).toEqual([answer, available]);
  });

  test.each<[string, Step, string, string]>([
    ['a deposit', deposit('2.00'), 'bank', 'available'],
    ['a withdrawal', withdrawal('2.00'), 'available', 'bank'],
    ['a correction that credits', correction('credit', '2.00', 'fees'), 'fees', 'available'],
    ['a correction that debits', correction('debit', '2.00', 'suspense'), 'available', 'suspense'],
  ])('%s moves from %3$s to %4$s', (_, step, debited, credited) => {
    const { story } = given(account('100.00')).when(step);
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: debited, currency: 'EUR', debitMinor: 200n },
        { account: credited, currency: 'EUR', creditMinor: 200n },
      ],
    });
  });

  test.each<[string, Step]>([
    ['withdrawal', withdrawal('0.00')],
    ['withdrawal', withdrawal('-0.01')],
    ['correction', correction('credit', '0.00')],
    ['correction', correction('credit', '-0.01')],
  ])('of nothing, or less, is no %s: the edges refuse it', (_, step) =>
    expect(() => given(account('1.00')).when(step)).toThrow(InvariantBroken),
  );

  test('corrects, and says what, against what and why', () => {
    const { story } = given(account('9.00')).when(correction('debit', '2.00', 'losses'));
    expect(story.last.wrote[0]?.data).toMatchObject({
      ...{ correctionId: 'cor_2', direction: 'debit', amountMinor: 200n, currency: 'EUR' },
      ...{ against: 'losses', reason: 'why', flags: [] },
    });
  });

  test.each<[string, readonly Step[], readonly string[]]>([
    ['within what there is', [account('1.00'), correction('debit', '1.00')], []],
    ['beyond it', [account('1.00'), correction('debit', '1.01')], ['overdrawn']],
    ['within the credit line', [account('0.00', 'EUR', '1.00'), correction('debit', '1.00')], []],
    [
      'that credits an overdrawn account',
      [account('0.00'), correction('debit', '2.00'), correction('credit', '1.00')],
      [],
    ],
  ])('a correction %s is flagged %j', (_, steps, flags) =>
    expect(given(...steps).when().story.last.wrote[0]?.data).toMatchObject({ flags }),
  );
});

describe('a credit line', () => {
  test.each<[string, readonly Step[], string]>([
    ['is spent like money', [account('10.00'), card(), creditLine('5.00'), authorization('15.00')], 'approved'],
    [
      'ends where it ends',
      [account('10.00'), card(), creditLine('5.00'), authorization('15.01')],
      'declined: insufficient_funds',
    ],
    [
      'below what is used leaves nothing to spend',
      [account('0.00'), card(), creditLine('5.00'), withdrawal('4.00'), creditLine('1.00'), authorization('0.01')],
      'declined: insufficient_funds',
    ],
    [
      'that is lifted again can be spent again',
      [account('0.00'), card(), creditLine('0.00'), creditLine('1.00'), authorization('1.00')],
      'approved',
    ],
    ['does not forbid a fact', [account('0.00'), card(), creditLine('1.00'), clearing('9.00')], 'accepted'],
  ])('%s', (_, steps, answer) => expect(given(...steps).when().answer).toBe(answer));

  test.each<[bigint, boolean]>([
    [-1n, false],
    [0n, true],
    [MAX_CREDIT_LINE_MINOR, true],
    [MAX_CREDIT_LINE_MINOR + 1n, false],
  ])('of %d minor units: taken %s', (creditLineMinor, taken) => {
    const opening: Step = (story) => {
      account('0.00')(story);
      story.last = manageLine(story, creditLineMinor);
    };
    if (taken) expect(given(opening).when().story.account.creditLineMinor).toBe(creditLineMinor);
    else expect(() => given(opening).when()).toThrow(InvariantBroken);
  });
});

function manageLine(story: Story, creditLineMinor: bigint) {
  return manage(story, { type: 'setCreditLine', accountId: story.accountId, creditLineMinor });
}
