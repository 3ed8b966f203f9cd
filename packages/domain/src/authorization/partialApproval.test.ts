import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  account,
  accountControls,
  authorization,
  card,
  cardPaused,
  clearing,
  given,
  reversal,
} from '../testing/index.ts';
import { partialAmounts } from './partialApproval.ts';

const asked = authorization('40.00 EUR', { billed: '43.60', partial: true });

describe('a partial approval', () => {
  test('of EUR 40.00, which are USD 43.60, with USD 20.00: EUR 18.34, for which USD 19.99 are held', () => {
    expect(given(account('20.00', 'USD'), card()).when(asked)).toMatchObject({
      answer: 'partially approved 18.34',
      code: '10',
      held: '19.99',
      available: '0.01',
      open: '18.34',
      status: 'pending',
    });
  });

  test('says what was missing and what was asked for', () => {
    const { story } = given(account('20.00', 'USD'), card()).when(asked);
    expect(story.last.wrote[0]?.data).toMatchObject({
      reasons: ['insufficient_funds'],
      requestedAccountMinor: 4_360n,
      approvedMinor: 1_834n,
      approvedAccountMinor: 1_999n,
    });
  });

  test.each([
    ['43.60', 'approved'],
    ['43.59', 'partially approved 39.99'],
    ['0.02', 'partially approved 0.01'],
    ['0.01', 'declined: insufficient_funds'], // EUR 0.009, rounded down to nothing
    ['0.00', 'declined: insufficient_funds'],
  ])('with USD %s: %s', (funds, answer) => {
    expect(given(account(funds, 'USD'), card()).when(asked).answer).toBe(answer);
  });

  test('is never given of what facts have overdrawn', () => {
    const before = [account('10.00'), card(), clearing('15.00', { of: 'other' })];
    expect(given(...before).when(authorization('40.00', { partial: true }))).toMatchObject({
      answer: 'declined: insufficient_funds',
      available: '-5.00',
    });
  });

  test('is never given where the terminal cannot', () => {
    const outcome = given(account('20.00'), card()).when(authorization('40.00', { partial: false }));
    expect(outcome).toMatchObject({ answer: 'declined: insufficient_funds', code: '51', held: '0.00' });
  });

  test('is never given for a limit', () => {
    const before = [account('100.00'), card({ daily: '20.00' })];
    const outcome = given(...before).when(authorization('40.00', { partial: true }));
    expect(outcome).toMatchObject({ answer: 'declined: card_limit_exceeded', held: '0.00' });
  });

  test.each([
    ['a limit', accountControls({ perTransaction: '30.00' }), 'declined: account_limit_exceeded, insufficient_funds'],
    ['a paused card', cardPaused(), 'declined: card_paused, insufficient_funds'],
  ])('is never given where funds are missing and %s stands against it too', (_, step, answer) => {
    const outcome = given(account('20.00'), card(), step).when(authorization('40.00', { partial: true }));
    expect(outcome.answer).toBe(answer);
  });

  test.each([
    ['what was first asked for', '40.00'],
    ['what was approved', '20.00'],
  ])('is reversed in full by a reversal of %s', (_, amount) => {
    const before = [account('20.00'), card(), authorization('40.00', { partial: true })];
    expect(given(...before).when(reversal(amount))).toMatchObject({ held: '0.00', status: 'voided' });
  });

  test('never holds more than there is to spend, and at least one minor unit', () => {
    const amount = fc.bigInt({ min: 1n, max: 999_999_999_999n });
    fc.assert(
      fc.property(amount, amount, amount, (askedMinor, askedAccountMinor, spendable) => {
        fc.pre(spendable < askedAccountMinor);
        const amounts = partialAmounts(askedMinor, askedAccountMinor, 0n, spendable);
        if (amounts === undefined) return askedMinor * spendable < askedAccountMinor;
        const { approvedMinor, accountMinor } = amounts;
        return accountMinor <= spendable && accountMinor > 0n && approvedMinor > 0n && approvedMinor <= askedMinor;
      }),
      { numRuns: 2_000 },
    );
  });
});
