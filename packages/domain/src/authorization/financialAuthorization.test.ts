import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  cardPaused,
  clearing,
  clearingReversal,
  financialAuthorization,
  given,
  increment,
  lateRelease,
  markup,
  type Outcome,
  rates,
  refund,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';

const ready = [account('500.00'), card()];
const posted = [...ready, financialAuthorization('100.00')];
const EARLIER = '2026-03-01T11:59:59.000Z';

describe('a financial authorization', () => {
  test('is posted at once, and nothing is held', () => {
    expect(given(...ready).when(financialAuthorization('100.00'))).toMatchObject({
      answer: 'approved',
      code: '00',
      held: '0.00',
      available: '400.00',
      posted: '400.00',
      status: 'settled',
      cleared: '100.00',
      entry: 'Dr available 100.00 EUR, Cr settlement:visa 100.00 EUR',
    });
  });

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'above the funds is declined',
      ready,
      financialAuthorization('500.01'),
      { answer: 'declined: insufficient_funds', code: '51', status: 'declined' },
    ],
    [
      'is approved in part where the terminal can',
      ready,
      financialAuthorization('600.00', { partial: true }),
      { answer: 'partially approved 500.00', code: '10', posted: '0.00', cleared: '500.00' },
    ],
    [
      'over a limit is declined, never in part',
      [account('500.00'), card({ perTransaction: '50.00' })],
      financialAuthorization('100.00', { partial: true }),
      { answer: 'declined: card_limit_exceeded' },
    ],
    [
      'on a paused card is declined',
      [...ready, cardPaused()],
      financialAuthorization('1.00'),
      { answer: 'declined: card_paused' },
    ],
    [
      'with a known network transaction is one of its own, flagged',
      [...ready, authorization('10.00')],
      financialAuthorization('5.00'),
      { answer: 'approved', flags: 'known_network_transaction', held: '10.00', posted: '495.00' },
    ],
    [
      'that was reversed before it came is declined',
      [...ready, reversal()],
      financialAuthorization('5.00'),
      { code: '25' },
    ],
    [
      'of which a part was reversed before it came posts the rest',
      [...ready, reversal('2.00')],
      financialAuthorization('5.00'),
      { answer: 'approved', posted: '497.00', wrote: 'FinancialAuthorizationApproved FinancialAuthorizationReversed' },
    ],
    ['cannot be raised', posted, increment('5.00'), { answer: 'declined: original_not_found', code: '25' }],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('counts for limits', () => {
    const before = [account('500.00'), card({ daily: '150.00' }), financialAuthorization('100.00')];
    expect(given(...before).when(authorization('50.01', { of: 'next' })).answer).toBe('declined: card_limit_exceeded');
  });

  test('that came too late is posted back', () => {
    expect(given(...posted).when(lateRelease())).toMatchObject({
      posted: '500.00',
      status: 'voided',
      cleared: '0.00',
      entry: 'Dr settlement:visa 100.00 EUR, Cr available 100.00 EUR',
    });
    expect(given(...posted, reversal('1.00')).when(lateRelease())).toMatchObject({ posted: '401.00', wrote: '' });
  });

  test('of nothing is approved all the same: what is cleared of it is more', () => {
    const before = [...ready, financialAuthorization('0.00')];
    expect(given(...before).when(clearing('40.00'))).toMatchObject({ flags: 'over_capture', posted: '460.00' });
  });

  test('of a cash withdrawal with a surcharge posts the whole sum', () => {
    // 100.00 cash and 3.00 of surcharge: `amount` is the whole sum.
    expect(given(...ready).when(financialAuthorization('103.00', { mcc: '6011' }))).toMatchObject({ posted: '397.00' });
  });
});

describe('its reversal', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['of all', posted, reversal(), { answer: 'accepted', code: '00', posted: '500.00', status: 'voided' }],
    ['of its amount', posted, reversal('100.00'), { code: '00', posted: '500.00', status: 'voided' }],
    ['of a part', posted, reversal('30.00'), { code: '00', posted: '430.00', status: 'settled', cleared: '70.00' }],
    ['of more', posted, reversal('100.01'), { code: '13', flags: 'over_reversal', posted: '400.00' }],
    ['down to what stands', posted, reversal(undefined, { remaining: '80.00' }), { code: '00', posted: '420.00' }],
    ['of all, twice', [...posted, reversal()], reversal(), { code: '00', posted: '500.00' }],
    [
      'of all, after a part',
      [...posted, reversal('30.00')],
      reversal('100.00'),
      { posted: '500.00', status: 'voided' },
    ],
    ['as an advice', posted, reversalAdvice(), { answer: 'accepted', posted: '500.00' }],
    ['after its clearing', [...posted, clearing('100.00')], reversal(), { code: '13', posted: '400.00' }],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('gives back to limits', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), financialAuthorization('100.00'), reversal('40.00')];
    expect(given(...before).when(authorization('40.00', { of: 'next' })).answer).toBe('approved');
    expect(given(...before).when(authorization('40.01', { of: 'next' })).answer).toBe('declined: card_limit_exceeded');
  });
});

describe('a clearing of a financial authorization', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'of the same sum confirms it',
      posted,
      clearing('100.00'),
      { flags: '', posted: '400.00', cleared: '100.00', entry: '' },
    ],
    [
      'of more posts the difference',
      posted,
      clearing('110.00'),
      {
        flags: 'over_capture',
        posted: '390.00',
        cleared: '110.00',
        entry: 'Dr available 10.00 EUR, Cr settlement:visa 10.00 EUR',
      },
    ],
    [
      'of less posts the difference back',
      posted,
      clearing('90.00'),
      { flags: '', posted: '410.00', cleared: '90.00', entry: 'Dr settlement:visa 10.00 EUR, Cr available 10.00 EUR' },
    ],
    [
      'not final, confirms its part',
      posted,
      clearing('60.00', { final: false }),
      { posted: '400.00', cleared: '100.00' },
    ],
    [
      'not final, and then the rest',
      [...posted, clearing('60.00', { final: false })],
      clearing('40.00'),
      { flags: '', posted: '400.00', cleared: '100.00' },
    ],
    [
      'a second one is late',
      [...posted, clearing('100.00')],
      clearing('20.00'),
      { flags: 'late over_capture', posted: '380.00', cleared: '120.00' },
    ],
    [
      'after its reversal is posted, late',
      [...posted, reversal()],
      clearing('100.00'),
      { flags: 'late', posted: '400.00', status: 'settled' },
    ],
    [
      'after a part was reversed',
      [...posted, reversal('30.00')],
      clearing('70.00'),
      { flags: '', posted: '430.00', cleared: '70.00' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('settled in another currency than it was posted in moves both over fx', () => {
    const before = [account('500.00', 'USD'), card(), financialAuthorization('100.00 EUR', { billed: '108.00' })];
    const outcome = given(...before).when(clearing('100.00 EUR', { billed: '109.00', settled: '100.00 EUR' }));
    expect(outcome).toMatchObject({ posted: '391.00', cleared: '100.00' });
    expect(outcome.entry).toBe(
      'Dr available 1.00 USD, Dr fx 100.00 EUR, Dr settlement:visa 108.00 USD, Cr fx 109.00 USD, Cr settlement:visa 100.00 EUR',
    );
  });

  test('is posted back by a clearing reversal as a whole', () => {
    const outcome = given(...posted, clearing('110.00')).when(clearingReversal('110.00'));
    expect(outcome).toMatchObject({ posted: '500.00', cleared: '0.00', flags: '' });
  });

  test('that came first leaves it only the rest to post', () => {
    const cleared = [...ready, clearing('60.00', { final: false })];
    const late = financialAuthorization('100.00', { sent: EARLIER });
    expect(given(...cleared).when(late)).toMatchObject({ answer: 'approved', flags: 'late', posted: '400.00' });
    expect(given(...ready, clearing('60.00')).when(late)).toMatchObject({ answer: 'approved', posted: '440.00' });
    const ofNothing = financialAuthorization('0.00', { sent: EARLIER, settled: '1.00' });
    expect(given(...cleared).when(ofNothing)).toMatchObject({ answer: 'approved', posted: '440.00', entry: '' });
  });
});

test('a clearing that came first, billed as nothing in another currency, has nothing to post back', () => {
  const cleared = [account('500.00', 'USD'), card(), clearing('1.00 EUR', { billed: '0.00', final: false })];
  const joined = given(...cleared, financialAuthorization('90.00', { sent: EARLIER }));
  expect(joined.when()).toMatchObject({ posted: '410.00', cleared: '90.00' });
  expect(joined.when(clearingReversal('40.00'))).toMatchObject({ flags: 'no_original', posted: '410.00' });
});

describe('a financial authorization that comes after its own', () => {
  const late = (amount: string, said: Parameters<typeof financialAuthorization>[1] = {}) =>
    financialAuthorization(amount, { sent: EARLIER, ...said });
  const dollars = [account('500.00', 'USD'), card()];
  const partly = [...ready, clearing('60.00', { final: false })];

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'advice is confirmed: what the network says is held stays so',
      [...ready, authorizationAdvice('100.00')],
      late('100.00'),
      { answer: 'approved', flags: 'late', held: '100.00', posted: '500.00', entry: '' },
    ],
    [
      'advice is cleared like a hold',
      [...ready, authorizationAdvice('100.00'), late('100.00')],
      clearing('100.00'),
      { flags: '', held: '0.00', posted: '400.00', cleared: '100.00' },
    ],
    [
      'advice is reversed like a hold',
      [...ready, authorizationAdvice('100.00'), late('100.00')],
      reversal(),
      { code: '00', held: '0.00', posted: '500.00', status: 'voided' },
    ],
    [
      'advice, reversed meanwhile, is declined',
      [...ready, authorizationAdvice('100.00'), reversal()],
      late('100.00'),
      { answer: 'declined: reversed_before_arrival', code: '25', flags: '', posted: '500.00', status: 'declined' },
    ],
    [
      'clearing is declined when all of it was reversed before it came',
      [...partly, reversal()],
      late('100.00'),
      { answer: 'declined: reversed_before_arrival', posted: '440.00' },
    ],
    [
      'clearing is charged a mark-up for the part that it posts', // 0.65 of 40.00, 30 of 40: 32.70 and 0.49
      [...dollars, rates({ 'EUR/USD': '1.0900' }), markup(150), clearing('10.00 EUR', { final: false })],
      late('40.00 EUR'),
      {
        cleared: '40.00',
        entry:
          'Dr available 32.70 USD, Cr fx 32.70 USD, Dr fx 30.00 EUR, Cr settlement:visa 30.00 EUR, ' +
          'Dr available 0.49 USD, Cr fees 0.49 USD',
      },
    ],
    [
      'clearing is settled for the part of what is billed in a third currency',
      [...dollars, rates({ 'GBP/USD': '1.2500' }), clearing('1000 JPY', { billed: '5.00 GBP', final: false })],
      late('4000 JPY', { billed: '20.00 GBP' }),
      {
        cleared: '4000',
        entry: 'Dr available 18.75 USD, Cr fx 18.75 USD, Dr fx 15.00 GBP, Cr settlement:visa 15.00 GBP',
      },
    ],
    [
      'clearing is approved over a limit, flagged',
      [account('500.00'), card({ perTransaction: '70.00' }), clearing('40.00', { final: false })],
      late('100.00'),
      { answer: 'approved', flags: 'late over_limit', posted: '400.00' },
    ],
    [
      'clearing is settled for the part that it posts',
      partly,
      late('100.00', { settled: '95.00 GBP' }), // 40 of 100
      {
        posted: '400.00',
        entry: 'Dr available 40.00 EUR, Cr fx 40.00 EUR, Dr fx 38.00 GBP, Cr settlement:visa 38.00 GBP',
      },
    ],
    [
      'clearing posts what is missing of what is billed',
      [...dollars, clearing('60.00 EUR', { billed: '66.00', final: false })],
      late('100.00 EUR', { billed: '110.00' }),
      { posted: '390.00', cleared: '100.00', entry: 'Dr available 44.00 USD, Cr settlement:visa 44.00 USD' },
    ],
    [
      'clearing in another currency posts what is missing of the account amount',
      [...dollars, clearing('30.00 GBP', { billed: '40.00', final: false })],
      late('100.00 EUR', { billed: '110.00' }),
      { posted: '390.00', cleared: '100.00', entry: 'Dr available 70.00 USD, Cr settlement:visa 70.00 USD' },
    ],
    [
      'clearing in another currency counts that as its share', // 100.00 × 40 / 110 = 36.36
      [...dollars, clearing('30.00 GBP', { billed: '40.00', final: false }), late('100.00 EUR', { billed: '110.00' })],
      clearingReversal('30.00 GBP', { billed: '40.00' }),
      { flags: '', posted: '430.00', cleared: '63.64' },
    ],
    [
      'clearing without a rate is declined on its own',
      [...ready, clearing('40.00')],
      late('100.00 USD'),
      { answer: 'declined: fx_rate_missing', flags: 'known_network_transaction', posted: '460.00' },
    ],
  ])('%s', (_, before, step, outcome) => expect(given(...before).when(step)).toMatchObject(outcome));
});

test('a refund of a financial authorization goes to the cardholder', () => {
  expect(given(...posted).when(refund('25.00'))).toMatchObject({
    posted: '425.00',
    refunded: '25.00',
    status: 'settled',
  });
});
