import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  card,
  clearing,
  clearingReversal,
  given,
  markup,
  type Outcome,
  purchase,
  rates,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
  type Step,
} from '../testing/index.ts';

const ready = [account('500.00', 'USD'), card()];
const marked = [...ready, rates({ 'EUR/USD': '1.0900' }), markup(150)];

describe('money back in another currency', () => {
  const bought = [
    ...ready,
    authorization('100.00 EUR', { billed: '108.00' }),
    clearing('100.00 EUR', { billed: '108.00' }),
  ];
  const announced = [...marked, refundAuthorization('40.00 EUR')]; // 43.60, without a mark-up

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['is the share that it is of what was cleared', bought, refund('54.00'), { flags: '', refunded: '50.00' }],
    ['is flagged when it is a cent more', bought, refund('108.01'), { flags: 'over_refund', posted: '500.01' }],
    [
      'is flagged by what the merchant says, whatever it is billed as',
      bought,
      refund('100.01 EUR', { billed: '90.00' }),
      { flags: 'over_refund', refunded: '100.01', posted: '482.00' },
    ],
    [
      'is taken back by the share that it is of what was refunded',
      [...bought, refund('54.00')],
      refundReversal('27.00'),
      { flags: '', refunded: '25.00', posted: '419.00' },
    ],
    [
      'of which nothing was refunded takes back nothing of it, flagged',
      bought,
      refundReversal('27.00'),
      { flags: 'over_reversal', refunded: '0.00', posted: '365.00' },
    ],
    [
      'takes the place of what was announced, in its share',
      announced,
      refund('10.90'),
      { refunded: '10.00', pendingCredit: '30.00', posted: '510.90' },
    ],
    [
      'takes the place of all that was announced when it is more',
      announced,
      refund('50.00'),
      { refunded: '40.00', pendingCredit: '0.00', posted: '550.00' },
    ],
  ])('%s', (_, before, step, outcome) => expect(given(...before).when(step)).toMatchObject({ code: '00', ...outcome }));

  test.each<[string, Step, bigint]>([
    ['a reversal of a part', reversal('15.00 EUR'), 2_725n], // 43.60 × 25 / 40
    ['a reversal down to a part', reversal(undefined, { remaining: '15.00 EUR' }), 1_635n],
    ['a refund of a part', refund('10.00 EUR'), 3_270n],
    ['a refund of a part in account currency', refund('10.90'), 3_270n],
    ['a refund of all', refund('40.00 EUR'), 0n],
  ])('announced is lowered in both currencies by %s', (_, step, accountMinor) => {
    const { story } = given(...announced).when(step);
    expect(purchase(story).accountTotals.pendingCreditMinor).toBe(accountMinor);
  });

  test.each<[string, Step, Partial<Outcome>]>([
    [
      'by what the network bills',
      clearingReversal('50.00 EUR', { billed: '54.00' }),
      { posted: '446.00', cleared: '50.00', entry: 'Dr settlement:visa 54.00 USD, Cr available 54.00 USD' },
    ],
    [
      'in a third currency by the share that is billed',
      clearingReversal('50.00 GBP', { billed: '54.00' }),
      { posted: '446.00', cleared: '50.00' },
    ],
    ['in account currency by the share that it is', clearingReversal('54.00'), { posted: '446.00', cleared: '50.00' }],
    [
      'for what is settled, over fx',
      clearingReversal('50.00 EUR', { settled: '50.00 EUR' }),
      {
        posted: '446.00',
        cleared: '50.00',
        entry: 'Dr settlement:visa 50.00 EUR, Cr fx 50.00 EUR, Dr fx 54.00 USD, Cr available 54.00 USD',
      },
    ],
    [
      'for another sum than is settled, over fx',
      clearingReversal('50.00 EUR', { settled: '53.90' }),
      {
        posted: '446.00',
        entry: 'Dr settlement:visa 53.90 USD, Cr fx 53.90 USD, Dr fx 54.00 USD, Cr available 54.00 USD',
      },
    ],
    [
      'for more than was cleared, the rest to suspense',
      clearingReversal('120.00 EUR'),
      {
        flags: 'over_reversal',
        posted: '500.00',
        entry:
          'Dr settlement:visa 108.00 USD, Cr available 108.00 USD, Dr settlement:visa 20.00 EUR, Cr suspense 20.00 EUR',
      },
    ],
    [
      'for more than was cleared, settled as one sum: each in its share', // 130.00 × 100 / 120 = 108.33
      clearingReversal('120.00 EUR', { settled: '130.00' }),
      {
        flags: 'over_reversal',
        posted: '500.00',
        entry:
          'Dr settlement:visa 108.33 USD, Cr fx 108.33 USD, Dr fx 108.00 USD, Cr available 108.00 USD, ' +
          'Dr settlement:visa 21.67 USD, Cr suspense 21.67 USD',
      },
    ],
  ])('is posted back %s', (_, step, outcome) =>
    expect(given(...bought).when(step)).toMatchObject({ answer: 'accepted', flags: '', ...outcome }),
  );
});
