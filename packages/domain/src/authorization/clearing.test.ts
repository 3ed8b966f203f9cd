import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../invariant.ts';
import { MAX_BALANCE_MINOR } from '../ledger/entry.ts';
import {
  account,
  accountClosed,
  accountControls,
  authorization,
  authorizationAdvice,
  card,
  cardClosed,
  cardPaused,
  clearing,
  expiry,
  given,
  programPaused,
  reversal,
  type Step,
} from '../testing/index.ts';

const ready = [account('200.00'), card()];
const approved = [...ready, authorization('100.00')];
const notFinal = { final: false };

describe('a clearing', () => {
  test.each<[string, readonly Step[], Step, flags: string, held: string, posted: string, status: string]>([
    ['final, of all', approved, clearing('100.00'), '', '0.00', '100.00', 'settled'],
    ['final, of less', approved, clearing('60.00'), '', '0.00', '140.00', 'settled'],
    ['final, of nothing', approved, clearing('0.00'), '', '0.00', '200.00', 'settled'],
    ['final, above (a tip)', approved, clearing('120.00'), 'over_capture', '0.00', '80.00', 'settled'],
    ['not final, of a part', approved, clearing('60.00', notFinal), '', '40.00', '140.00', 'partially_settled'],
    ['not final, of all', approved, clearing('100.00', notFinal), '', '0.00', '100.00', 'settled'],
    ['not final, above', approved, clearing('100.01', notFinal), 'over_capture', '0.00', '99.99', 'settled'],
    [
      'not final, the second',
      [...approved, clearing('60.00', notFinal)],
      clearing('30.00', notFinal),
      '',
      '10.00',
      '110.00',
      'partially_settled',
    ],
    [
      'not final, the second above what is left',
      [...approved, clearing('60.00', notFinal)],
      clearing('40.01', notFinal),
      'over_capture',
      '0.00',
      '99.99',
      'settled',
    ],
    [
      'after a final one, within',
      [...approved, clearing('60.00')],
      clearing('40.00'),
      'late',
      '0.00',
      '100.00',
      'settled',
    ],
    [
      'after a final one, above',
      [...approved, clearing('60.00')],
      clearing('40.01'),
      'late over_capture',
      '0.00',
      '99.99',
      'settled',
    ],
    ['of what a reversal left', [...approved, reversal('40.00')], clearing('60.00'), '', '0.00', '140.00', 'settled'],
    [
      'of more than a reversal left',
      [...approved, reversal('40.00')],
      clearing('60.01'),
      'over_capture',
      '0.00',
      '139.99',
      'settled',
    ],
    ['after expiry', [...approved, expiry()], clearing('100.00'), 'late', '0.00', '100.00', 'settled'],
    [
      'after expiry, above',
      [...approved, expiry()],
      clearing('100.01', notFinal),
      'late over_capture',
      '0.00',
      '99.99',
      'settled',
    ],
    ['after it was voided', [...approved, reversal()], clearing('100.00'), 'late', '0.00', '100.00', 'settled'],
    [
      'after a decline',
      [...ready, authorization('200.01')],
      clearing('100.00'),
      'after_decline',
      '0.00',
      '100.00',
      'settled',
    ],
    [
      'after a decline, the second',
      [...ready, authorization('200.01'), clearing('50.00')],
      clearing('50.00'),
      'after_decline',
      '0.00',
      '100.00',
      'settled',
    ],
    [
      'after its advice, of which all was reversed before',
      [...ready, reversal(), authorizationAdvice('100.00')],
      clearing('100.00'),
      'late',
      '0.00',
      '100.00',
      'settled',
    ],
    ['without an authorization', ready, clearing('100.00'), 'force_post', '0.00', '100.00', 'settled'],
    [
      'without an authorization, the second',
      [...ready, clearing('50.00', notFinal)],
      clearing('50.00'),
      'force_post',
      '0.00',
      '100.00',
      'settled',
    ],
    [
      'of an authorization of nothing',
      [...ready, authorization('0.00')],
      clearing('1.00'),
      'over_capture',
      '0.00',
      '199.00',
      'settled',
    ],
    ['beyond the balance', approved, clearing('200.01'), 'over_capture overdrawn', '0.00', '-0.01', 'settled'],
    [
      'within a credit line',
      [account('100.00', 'EUR', '50.00'), card()],
      clearing('150.00'),
      'force_post',
      '0.00',
      '-50.00',
      'settled',
    ],
    [
      'with no money left, but covered by its hold',
      [account('100.00'), card(), authorization('100.00')],
      clearing('100.00'),
      '',
      '0.00',
      '0.00',
      'settled',
    ],
  ])('%s', (_, before, step, flags, held, posted, status) => {
    expect(given(...before).when(step)).toMatchObject({
      answer: 'accepted',
      code: '00',
      wrote: flags.includes('overdrawn') ? 'ClearingPosted AccountOverdrawn' : 'ClearingPosted',
      flags,
      held,
      posted,
      status,
    });
  });

  test.each<[string, readonly Step[]]>([
    ['a paused card', [...approved, cardPaused()]],
    ['a closed card', [...approved, cardClosed()]],
    ['a paused program', [...approved, programPaused()]],
    ['a blocked merchant category', [...approved, accountControls({ blocked: ['5812'] })]],
  ])('is a fact: posted with %s', (_, before) => {
    expect(given(...before).when(clearing('100.00'))).toMatchObject({
      answer: 'accepted',
      flags: '',
      posted: '100.00',
    });
  });

  test('is posted in a closed account', () => {
    const outcome = given(account('0.00'), card(), accountClosed()).when(clearing('1.00'));
    expect(outcome).toMatchObject({ answer: 'accepted', flags: 'force_post overdrawn', posted: '-1.00' });
  });

  test('that would take the balance beyond 2^53 − 1 breaks an invariant', () => {
    const { story } = given(account('0.00'), card()).when();
    story.account.balances = { availableMinor: -MAX_BALANCE_MINOR, heldMinor: 0n };
    expect(() => clearing('0.01')(story)).toThrow(InvariantBroken);
    expect(story.account.balances.availableMinor).toBe(-MAX_BALANCE_MINOR);
    expect(() => clearing('0.00')(story)).not.toThrow(InvariantBroken);
  });
});

describe('a clearing in other currencies', () => {
  const dollars = [account('200.00', 'USD'), card(), authorization('100.00 EUR', { billed: '108.00' })];

  test('posts its billing amount and takes what it says in transaction currency', () => {
    const outcome = given(...dollars).when(clearing('60.00 EUR', { billed: '65.70', final: false }));
    expect(outcome).toMatchObject({ flags: '', held: '43.20', open: '40.00', available: '91.10', posted: '134.30' });
  });

  test('than the authorization takes the share that its billing amount is of the hold', () => {
    const outcome = given(...dollars).when(clearing('50.00 GBP', { billed: '64.80', final: false }));
    expect(outcome).toMatchObject({ flags: '', held: '43.20', open: '40.00', posted: '135.20' });
  });

  test.each([
    ['107.99', '0.01', '0.01', ''],
    ['108.00', '0.00', '0.00', ''],
    ['108.01', '0.00', '0.00', 'over_capture'],
  ])('than the authorization, of USD %s, leaves %s open at most', (billed, open, held, flags) => {
    const outcome = given(...dollars).when(clearing('80.00 GBP', { billed, final: false }));
    expect(outcome).toMatchObject({ flags, open, held });
  });

  test('without a rate goes to suspense, and the hold stays', () => {
    const { story, ...outcome } = given(...dollars).when(clearing('60.00 EUR'));
    expect(outcome).toMatchObject({ answer: 'accepted', flags: 'no_rate', wrote: 'ClearingSuspended', held: '108.00' });
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: 'suspense', currency: 'EUR', debitMinor: 6_000n },
        { account: 'settlement:visa', currency: 'EUR', creditMinor: 6_000n },
      ],
    });
  });

  test('without a rate goes to suspense in the currency that is settled', () => {
    const { story } = given(...dollars).when(clearing('60.00 EUR', { settled: '51.00 GBP' }));
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: 'suspense', currency: 'GBP', debitMinor: 5_100n },
        { account: 'settlement:visa', currency: 'GBP', creditMinor: 5_100n },
      ],
    });
  });

  test.each([
    ['51.00 GBP', 'GBP', 5_100n],
    ['65.50 USD', 'USD', 6_550n],
  ])('settled for %s goes through fx on both sides', (settled, currency, settledMinor) => {
    const { story } = given(...dollars).when(clearing('60.00 EUR', { billed: '65.70', settled, final: false }));
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: 'held', currency: 'USD', debitMinor: 6_480n },
        { account: 'available', currency: 'USD', creditMinor: 6_480n },
        { account: 'available', currency: 'USD', debitMinor: 6_570n },
        { account: 'fx', currency: 'USD', creditMinor: 6_570n },
        { account: 'fx', currency, debitMinor: settledMinor },
        { account: 'settlement:visa', currency, creditMinor: settledMinor },
      ],
    });
  });

  test('settled for the same goes straight to settlement', () => {
    const { story } = given(...dollars).when(clearing('100.00 EUR', { billed: '108.00', settled: '108.00 USD' }));
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: 'held' },
        { account: 'available' },
        { account: 'available', currency: 'USD', debitMinor: 10_800n },
        { account: 'settlement:visa', currency: 'USD', creditMinor: 10_800n },
      ],
    });
  });
});

describe('what a clearing is flagged with', () => {
  test.each<[string, readonly Step[], Step, string]>([
    ['within the limit', [accountControls({ daily: '100.00' })], clearing('100.00'), 'force_post'],
    ['beyond a daily limit', [accountControls({ daily: '99.99' })], clearing('100.00'), 'force_post over_limit'],
    [
      'beyond a limit per transaction',
      [accountControls({ perTransaction: '99.99' })],
      clearing('100.00'),
      'force_post over_limit',
    ],
    [
      'beyond a limit per transaction with what stays open',
      [accountControls({ perTransaction: '100.00' }), authorization('90.00 GBP', { billed: '90.00' })],
      clearing('60.00 GBP', { billed: '70.01', final: false }),
      'over_limit', // 30.00 open and 70.01 cleared
    ],
    [
      'at a limit per transaction with what stays open',
      [accountControls({ perTransaction: '100.00' }), authorization('90.00 GBP', { billed: '90.00' })],
      clearing('60.00 GBP', { billed: '70.00', final: false }),
      '',
    ],
    [
      'beyond a limit that was exceeded before, adding nothing',
      [authorization('100.00'), accountControls({ daily: '50.00', perTransaction: '50.00' })],
      clearing('100.00'),
      '',
    ],
  ])('%s', (_, before, step, flags) => expect(given(...ready, ...before).when(step).flags).toBe(flags));

  test.each<[string, Parameters<typeof clearing>[1], string, string]>([
    ['the same record under another identity', { arn: 'ARN1' }, '40.00', 'force_post possible_duplicate'],
    ['the same arn, another amount', { arn: 'ARN1' }, '40.01', 'force_post'],
    ['another arn', { arn: 'ARN2' }, '40.00', 'force_post'],
    ['no arn', {}, '40.00', 'force_post'],
  ])('%s', (_, said, amount, flags) => {
    const before = [...ready, clearing('40.00', { arn: 'ARN1', of: 'first' })];
    expect(given(...before).when(clearing(amount, { ...said, of: 'second' })).flags).toBe(flags);
  });
});
