import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  balanceInquiry,
  card,
  clearing,
  financialAuthorization,
  given,
  increment,
  incrementAdvice,
  later,
  markup,
  type Outcome,
  rates,
  reversal,
  type Step,
} from '../testing/index.ts';

const DAY_MS = 86_400_000;
const ready = [account('500.00', 'USD'), card()];
const rated = [...ready, rates({ 'EUR/USD': '1.0900' })];
const marked = [...rated, markup(150)];

describe('an amount in another currency', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'is what the network bills, when it does',
      marked,
      authorization('40.00 EUR', { billed: '43.60' }),
      { answer: 'approved', held: '43.60', open: '40.00' },
    ],
    ['is converted by the program’s rate', rated, authorization('40.00 EUR'), { answer: 'approved', held: '43.60' }],
    [
      'is marked up, as a leg of its own', // 43.60 × 1.5 % = 0.654
      marked,
      authorization('40.00 EUR'),
      {
        held: '44.25',
        entry: 'Dr available 43.60 USD, Cr held 43.60 USD, Dr available 0.65 USD, Cr held 0.65 USD',
      },
    ],
    [
      'is converted by the pair the other way round: divided',
      [...ready, rates({ 'USD/EUR': '0.9174' })], // 40.00 / 0.9174 = 43.6015…
      authorization('40.00 EUR'),
      { answer: 'approved', held: '43.60' },
    ],
    [
      'of a currency without minor units',
      [...ready, rates({ 'USD/JPY': '150.00' })],
      authorization('3000 JPY'),
      { answer: 'approved', held: '20.00', open: '3000' },
    ],
    [
      'of a currency with three decimals',
      [...ready, rates({ 'KWD/USD': '3.2500' })],
      authorization('10.005 KWD'), // 32.51625
      { answer: 'approved', held: '32.52', open: '10.005' },
    ],
    [
      'that the network bills in a third currency is converted from that',
      [...ready, rates({ 'GBP/USD': '1.2500' })],
      authorization('4000 JPY', { billed: '20.00 GBP' }),
      { answer: 'approved', held: '25.00', open: '4000' },
    ],
    [
      'without a rate is declined',
      ready,
      authorization('40.00 EUR'),
      { answer: 'declined: fx_rate_missing', code: '91', held: '0.00' },
    ],
    [
      'with a rate that is no longer valid is declined',
      [...rated, later(DAY_MS)],
      authorization('40.00 EUR'),
      { answer: 'declined: fx_rate_missing', code: '91' },
    ],
    [
      'with a rate that is not valid yet is declined',
      [...ready, rates({ 'EUR/USD': '1.0900' }, { from: '2026-03-01T12:00:00.001Z' })],
      authorization('40.00 EUR'),
      { answer: 'declined: fx_rate_missing', code: '91' },
    ],
    ['of nothing needs no rate', ready, authorization('0.00 EUR'), { answer: 'approved', held: '0.00' }],
    ['that is only asked about needs no rate', ready, balanceInquiry('0.00 EUR'), { answer: 'approved' }],
    [
      'is approved in part with its mark-up in the same part',
      [account('20.00', 'USD'), card(), rates({ 'EUR/USD': '1.0900' }), markup(150)],
      authorization('40.00 EUR', { partial: true }), // 44.25 asked: 40.00 × 20.00 / 44.25 = 18.07; 44.25 × 18.07 / 40.00 = 19.99
      {
        ...{ answer: 'partially approved 18.07', held: '19.99', open: '18.07' },
        entry: 'Dr available 19.70 USD, Cr held 19.70 USD, Dr available 0.29 USD, Cr held 0.29 USD', // 0.65 × 18.07 / 40
      },
    ],
    [
      'raises a hold',
      [...marked, authorization('40.00 EUR')],
      increment('10.00 EUR'), // 10.90 and 0.16
      { answer: 'approved', held: '55.31', open: '50.00' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('is released in proportion, and to the last cent', () => {
    const held = [...marked, authorization('40.00 EUR')];
    expect(given(...held).when(reversal('13.33 EUR'))).toMatchObject({ held: '29.50' }); // 44.25 × 13.33 / 40.00 = 14.75
    expect(given(...held, reversal('13.33 EUR')).when(reversal())).toMatchObject({ held: '0.00', available: '500.00' });
  });
});

describe('a clearing in another currency', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'held USD 108.00 for EUR 100.00, EUR 60.00 cleared as USD 65.70, not final: 43.20 stay',
      [...ready, authorization('100.00 EUR', { billed: '108.00' })],
      clearing('60.00 EUR', { billed: '65.70', final: false }),
      { held: '43.20', posted: '434.30', open: '40.00' },
    ],
    [
      'is posted with its mark-up to fees, settled in its own currency over fx',
      marked,
      clearing('40.00 EUR'),
      {
        flags: 'force_post',
        posted: '455.75',
        entry:
          'Dr available 43.60 USD, Cr fx 43.60 USD, Dr fx 40.00 EUR, Cr settlement:visa 40.00 EUR, ' +
          'Dr available 0.65 USD, Cr fees 0.65 USD',
      },
    ],
    [
      'billed in the account’s currency and settled in it is posted without fx',
      rated,
      clearing('40.00 EUR', { billed: '43.60' }),
      { posted: '456.40', entry: 'Dr available 43.60 USD, Cr settlement:visa 43.60 USD' },
    ],
    [
      'settled for another sum than billed moves the difference over fx',
      rated,
      clearing('40.00 EUR', { billed: '43.60', settled: '43.51 USD' }),
      {
        posted: '456.40',
        entry: 'Dr available 43.60 USD, Cr fx 43.60 USD, Dr fx 43.51 USD, Cr settlement:visa 43.51 USD',
      },
    ],
    [
      'billed in a third currency is converted from that, and settled in it',
      [...ready, rates({ 'GBP/USD': '1.2500' })],
      clearing('4000 JPY', { billed: '20.00 GBP' }),
      {
        posted: '475.00',
        entry: 'Dr available 25.00 USD, Cr fx 25.00 USD, Dr fx 20.00 GBP, Cr settlement:visa 20.00 GBP',
      },
    ],
    [
      'takes the newest rate, however old, flagged',
      [...rated, later(40 * DAY_MS)],
      clearing('40.00 EUR'),
      { flags: 'stale_rate force_post', posted: '456.40' },
    ],
    [
      'without any rate goes to suspense, and a hold stays',
      [...ready, authorization('40.00 EUR', { billed: '43.60' })],
      clearing('40.00 EUR'),
      {
        flags: 'no_rate',
        held: '43.60',
        wrote: 'ClearingSuspended',
        entry: 'Dr suspense 40.00 EUR, Cr settlement:visa 40.00 EUR',
      },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('at another rate than was held posts what it is now, and takes all when final', () => {
    const before = [...marked, authorization('40.00 EUR'), later(3_600_000), rates({ 'EUR/USD': '1.2000' })];
    expect(given(...before).when(clearing('40.00 EUR'))).toMatchObject({ held: '0.00', posted: '451.28' }); // 48.00 and 0.72
  });
});

describe('an advice in another currency', () => {
  test('is held at the newest rate, however old, flagged', () => {
    const before = [...rated, later(40 * DAY_MS)];
    expect(given(...before).when(authorizationAdvice('40.00 EUR'))).toMatchObject({
      flags: 'stand_in stale_rate',
      held: '43.60',
    });
  });
});

describe('an advice with a mark-up', () => {
  const advised = [...marked, authorizationAdvice('40.00 EUR')]; // 43.60 and 0.65

  test.each<[string, Step, Partial<Outcome>]>([
    [
      'that raises the total holds the same part of it for the mark-up of what it adds',
      authorizationAdvice('80.00 EUR'), // 87.20 and 1.31 of 88.51: of the 44.26 more, 0.66
      {
        held: '88.51',
        entry: 'Dr available 43.60 USD, Cr held 43.60 USD, Dr available 0.66 USD, Cr held 0.66 USD',
      },
    ],
    [
      'that lowers it gives back without one',
      authorizationAdvice('20.00 EUR'), // 21.80 and 0.33
      { held: '22.13', entry: 'Dr held 22.12 USD, Cr available 22.12 USD' },
    ],
    [
      'of an increment adds its own',
      incrementAdvice('10.00 EUR'), // 10.90 and 0.16
      {
        held: '55.31',
        entry: 'Dr available 10.90 USD, Cr held 10.90 USD, Dr available 0.16 USD, Cr held 0.16 USD',
      },
    ],
  ])('%s', (_, step, outcome) => expect(given(...advised).when(step)).toMatchObject(outcome));
});

describe('a single message in another currency', () => {
  const billed = [...ready, financialAuthorization('100.00 EUR', { billed: '108.00' })];
  const converted = [...marked, financialAuthorization('40.00 EUR')]; // 43.60 and 0.65

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'is posted with its mark-up to fees',
      marked,
      financialAuthorization('40.00 EUR'),
      {
        answer: 'approved',
        posted: '455.75',
        entry:
          'Dr available 43.60 USD, Cr fx 43.60 USD, Dr fx 40.00 EUR, Cr settlement:visa 40.00 EUR, ' +
          'Dr available 0.65 USD, Cr fees 0.65 USD',
      },
    ],
    [
      'is confirmed by its clearing, mark-up and all',
      converted,
      clearing('40.00 EUR'),
      { posted: '455.75', entry: '' },
    ],
    [
      'cleared for less posts back the difference of each leg',
      converted,
      clearing('30.00 EUR'), // 32.70 and 0.49
      {
        posted: '466.81',
        cleared: '30.00',
        entry:
          'Dr fx 10.90 USD, Dr settlement:visa 10.00 EUR, Dr fees 0.16 USD, Cr available 11.06 USD, Cr fx 10.00 EUR',
      },
    ],
    [
      'reversed in part gives back that part of its mark-up',
      converted,
      reversal('10.00 EUR'), // 11.0625, with 0.1625 in it
      {
        posted: '466.81',
        cleared: '30.00',
        entry:
          'Dr settlement:visa 10.00 EUR, Cr fx 10.00 EUR, Dr fx 10.90 USD, Cr available 10.90 USD, ' +
          'Dr fees 0.16 USD, Cr available 0.16 USD',
      },
    ],
    [
      'cleared in a third currency for what was billed',
      billed,
      clearing('90.00 GBP', { billed: '108.00' }),
      { flags: '', posted: '392.00', cleared: '100.00', entry: '' },
    ],
    [
      'cleared in a third currency for a cent more',
      billed,
      clearing('90.00 GBP', { billed: '108.01' }),
      { flags: 'over_capture', posted: '391.99', entry: 'Dr available 0.01 USD, Cr settlement:visa 0.01 USD' },
    ],
    [
      'cleared in a third currency in half, not final, and then the rest',
      [...billed, clearing('45.00 GBP', { billed: '54.00', final: false })],
      clearing('50.00 EUR', { billed: '54.00' }),
      { flags: '', posted: '392.00', cleared: '100.00', entry: '' },
    ],
    [
      'cleared in a third currency for more, not final',
      billed,
      clearing('95.00 GBP', { billed: '120.00', final: false }),
      { flags: 'over_capture', posted: '380.00', cleared: '100.00' },
    ],
  ])('%s', (_, before, step, outcome) => expect(given(...before).when(step)).toMatchObject({ code: '00', ...outcome }));
});
