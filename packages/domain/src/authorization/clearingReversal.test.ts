import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  card,
  clearing,
  clearingReversal,
  financialAuthorization,
  given,
  markup,
  type Outcome,
  rates,
  refund,
  type Step,
} from '../testing/index.ts';

const ready = [account('500.00'), card()];
const cleared = [...ready, authorization('100.00'), clearing('100.00', { arn: 'ARN1' })];
const SENT = '2026-03-02T08:00:00.000Z';

describe('a clearing reversal', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'posts the clearing back and opens no hold',
      cleared,
      clearingReversal('100.00'),
      {
        held: '0.00',
        posted: '500.00',
        cleared: '0.00',
        status: 'settled',
        entry: 'Dr settlement:visa 100.00 EUR, Cr available 100.00 EUR',
      },
    ],
    ['posts a part back', cleared, clearingReversal('30.00'), { posted: '430.00', cleared: '70.00' }],
    [
      'posts back what was not posted back yet, and the rest to suspense',
      [...cleared, clearingReversal('30.00')],
      clearingReversal('100.00'),
      {
        flags: 'over_reversal',
        posted: '500.00',
        cleared: '0.00',
        entry: 'Dr settlement:visa 100.00 EUR, Cr available 100.00 EUR, Dr available 30.00 EUR, Cr suspense 30.00 EUR',
      },
    ],
    [
      'of a clearing that was posted back goes to suspense',
      [...cleared, clearingReversal('100.00')],
      clearingReversal('100.00'),
      {
        flags: 'no_original',
        posted: '500.00',
        wrote: 'ClearingSuspended',
        entry: 'Dr settlement:visa 100.00 EUR, Cr suspense 100.00 EUR',
      },
    ],
    [
      'without a clearing goes to suspense',
      [...ready, authorization('100.00')],
      clearingReversal('100.00'),
      { flags: 'no_original', held: '100.00', wrote: 'ClearingSuspended' },
    ],
    [
      'without a clearing goes to suspense as the network settles it',
      ready,
      clearingReversal('100.00', { settled: '90.00 GBP' }),
      { flags: 'no_original', entry: 'Dr settlement:visa 90.00 GBP, Cr suspense 90.00 GBP' },
    ],
    [
      'without a clearing goes to suspense as the network bills it',
      ready,
      clearingReversal('100.00', { billed: '110.00 USD' }),
      { flags: 'no_original', entry: 'Dr settlement:visa 110.00 USD, Cr suspense 110.00 USD' },
    ],
    ['finds its clearing by arn', cleared, clearingReversal('100.00', { of: null, arn: 'ARN1' }), { posted: '500.00' }],
    [
      'finds the one that it names',
      [...cleared, clearing('40.00', { stan: '000555', sent: SENT })],
      clearingReversal('10.00', {
        original: { type: 'clearing', stan: '000555', transmittedAt: SENT, acquirerId: '400123' },
      }),
      { posted: '370.00', cleared: '130.00' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  describe('by its arn', () => {
    const two = [
      ...ready,
      clearing('60.00', { of: 'a', arn: 'ARN1', final: false }),
      clearing('40.00', { of: 'b', arn: 'ARN1', final: false }),
    ];
    const back = (amount: string) => clearingReversal(amount, { of: null, arn: 'ARN1' });

    test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
      ['means the one of the same amount', two, back('60.00'), { flags: 'ambiguous_original', cleared: '0.00' }],
      ['means the newest, for another amount', two, back('10.00'), { flags: 'ambiguous_original', cleared: '30.00' }],
      [
        'means the one that is left',
        [...two, back('40.00')],
        back('40.00'),
        { flags: 'ambiguous_original', cleared: '20.00' },
      ],
      [
        'means no other clearing of its purchase',
        [...cleared, clearing('30.00'), back('100.00')],
        clearingReversal('30.00', { arn: 'ARN1' }),
        { flags: 'no_original', posted: '470.00', wrote: 'ClearingSuspended' },
      ],
      [
        'means the clearing of its purchase when only a refund has that',
        [...ready, authorization('100.00'), clearing('100.00'), refund('30.00', { arn: 'ARN1' })],
        clearingReversal('100.00', { arn: 'ARN1' }),
        { flags: '', posted: '530.00', cleared: '0.00' },
      ],
    ])('%s', (_, before, step, outcome) => expect(given(...before).when(step)).toMatchObject(outcome));
  });

  test('means no single message that no clearing has confirmed', () =>
    expect(given(...ready, financialAuthorization('100.00')).when(clearingReversal('100.00'))).toMatchObject({
      flags: 'no_original',
      posted: '400.00',
    }));

  test('means the clearing of the same amount, else the newest', () => {
    const before = [
      ...ready,
      authorization('100.00'),
      clearing('60.00', { final: false }),
      clearing('40.00', { final: false }),
    ];
    const same = given(...before, clearingReversal('60.00')).when(clearingReversal('60.00'));
    // The one of 60.00 is gone, so the second reversal means the one of 40.00: 20.00 are too much.
    expect(same).toMatchObject({ flags: 'over_reversal', posted: '500.00', cleared: '0.00' });
    expect(given(...before).when(clearingReversal('10.00'))).toMatchObject({ posted: '410.00', cleared: '90.00' });
  });

  test('gives back to limits', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), authorization('100.00'), clearing('100.00')];
    const next = authorization('60.00', { of: 'next' });
    expect(given(...before).when(next).answer).toBe('declined: card_limit_exceeded');
    expect(given(...before, clearingReversal('60.00')).when(next).answer).toBe('approved');
  });

  test('without a billing amount goes back at the clearing’s own rate, its mark-up too', () => {
    const before = [
      account('500.00', 'USD'),
      card(),
      rates({ 'EUR/USD': '1.0900' }),
      markup(100),
      clearing('100.00 EUR'), // 109.00 and 1.09 of mark-up
      rates({ 'EUR/USD': '1.2000' }),
    ];
    expect(given(...before).when()).toMatchObject({ posted: '389.91' });
    expect(given(...before).when(clearingReversal('100.00 EUR'))).toMatchObject({
      posted: '500.00',
      entry:
        'Dr settlement:visa 100.00 EUR, Cr fx 100.00 EUR, Dr fx 109.00 USD, Cr available 109.00 USD, ' +
        'Dr fees 1.09 USD, Cr available 1.09 USD',
    });
    // A quarter: 27.25 and 0.27 of mark-up, in sum 110.09 × 25 / 100 = 27.52.
    expect(given(...before).when(clearingReversal('25.00 EUR'))).toMatchObject({ posted: '417.43' });
  });
});
