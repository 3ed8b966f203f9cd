import { describe, expect, test } from 'vitest';
import {
  account,
  accountClosed,
  authorization,
  card,
  cardClosed,
  cardPaused,
  clearing,
  clearingReversal,
  given,
  lateRelease,
  type Outcome,
  purchase,
  rates,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';
import { time } from '../testing/story.ts';

const ready = [account('500.00'), card()];
const bought = [...ready, authorization('100.00'), clearing('100.00')];
const EARLIER = '2026-03-01T11:59:59.000Z';
const next = (amount: string) => authorization(amount, { of: 'next' });

describe('a refund', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'of a purchase is posted to the cardholder',
      bought,
      refund('40.00'),
      {
        flags: '',
        posted: '440.00',
        refunded: '40.00',
        cleared: '100.00',
        status: 'settled',
        entry: 'Dr settlement:visa 40.00 EUR, Cr available 40.00 EUR',
      },
    ],
    ['of all of it', bought, refund('100.00'), { posted: '500.00', refunded: '100.00' }],
    [
      'of more than was cleared is posted, flagged',
      bought,
      refund('100.01'),
      { flags: 'over_refund', posted: '500.01' },
    ],
    [
      'of more than was cleared, in two',
      [...bought, refund('60.00')],
      refund('40.01'),
      { flags: 'over_refund', refunded: '100.01' },
    ],
    [
      'without an original is a transaction of its own',
      ready,
      refund('25.00', { of: null }),
      { flags: 'no_original', posted: '525.00', status: 'settled', refunded: '25.00' },
    ],
    [
      'of a purchase that is still held leaves the hold',
      [...ready, authorization('100.00')],
      refund('40.00'),
      { flags: '', held: '100.00', posted: '540.00', status: 'pending' },
    ],
    ['on a closed card is posted', [...bought, cardClosed()], refund('40.00'), { posted: '440.00' }],
    ['on a paused card is posted', [...bought, cardPaused()], refund('40.00'), { posted: '440.00' }],
    [
      'on a closed account is posted',
      [account('100.00'), card(), authorization('100.00'), clearing('100.00'), accountClosed()],
      refund('40.00'),
      { posted: '40.00' },
    ],
    [
      'under the same arn and amount is posted, flagged',
      [...bought, refund('40.00', { arn: 'ARN1' })],
      refund('40.00', { arn: 'ARN1' }),
      { flags: 'possible_duplicate', posted: '480.00' },
    ],
    [
      'under the same arn as its purchase is not flagged',
      [...ready, clearing('40.00', { arn: 'ARN1' })],
      refund('40.00', { arn: 'ARN1' }),
      { flags: '', posted: '500.00' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('gives back to the window of now what its purchase still has charged', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), authorization('100.00'), clearing('100.00')];
    expect(given(...before, refund('40.00')).when(next('40.00')).answer).toBe('approved');
    expect(given(...before, refund('40.00')).when(next('40.01')).answer).toBe('declined: card_limit_exceeded');
    // On the next day it gives back to that day: 140.00 can be spent in it.
    const later = [...before, refund('40.00', { at: '2026-03-02T12:00:00.000Z' })];
    expect(given(...later).when(next('140.00')).answer).toBe('approved');
    expect(given(...later).when(next('140.01')).answer).toBe('declined: card_limit_exceeded');
  });

  test('gives back at most what its purchase was charged, however much is refunded', () => {
    const before = [account('500.00'), card({ daily: '150.00' }), authorization('100.00'), clearing('100.00')];
    expect(given(...before, refund('130.00')).when(next('150.01')).answer).toBe('declined: card_limit_exceeded');
    expect(given(...before, refund('60.00'), refund('60.00')).when(next('150.00')).answer).toBe('approved');
    expect(given(...before, refund('60.00'), refund('60.00')).when(next('150.01')).answer).toBe(
      'declined: card_limit_exceeded',
    );
  });

  test('without an original gives back nothing', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), authorization('100.00'), clearing('100.00')];
    expect(given(...before, refund('40.00', { of: null })).when(next('0.01')).answer).toBe(
      'declined: card_limit_exceeded',
    );
  });

  test('stays given back when what is still open of its purchase is reversed', () => {
    const limited = [account('500.00'), card({ daily: '100.00' })];
    // 40.00 open, 60.00 cleared and 20.00 given back; without what was open 40.00 count.
    const part = [authorization('100.00'), clearing('60.00', { final: false }), refund('20.00'), reversal()];
    expect(given(...limited, ...part).when(next('60.00')).answer).toBe('approved');
    expect(given(...limited, ...part).when(next('60.01')).answer).toBe('declined: card_limit_exceeded');
  });

  test('is not given back twice when its purchase is posted back as well', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), authorization('100.00'), clearing('100.00')];
    const undone = [...before, refund('40.00'), clearingReversal('100.00')];
    expect(given(...undone).when(next('100.00')).answer).toBe('approved');
    expect(given(...undone).when(next('100.01')).answer).toBe('declined: card_limit_exceeded');
  });

  test('in another currency is posted without a mark-up', () => {
    const before = [account('500.00', 'USD'), card(), rates({ 'EUR/USD': '1.0900' })];
    expect(given(...before).when(refund('40.00 EUR', { of: null }))).toMatchObject({
      posted: '543.60',
      entry: 'Dr settlement:visa 40.00 EUR, Cr fx 40.00 EUR, Dr fx 43.60 USD, Cr available 43.60 USD',
    });
  });

  test('without a rate goes to suspense, and the cardholder gets it by a correction', () => {
    expect(given(...bought).when(refund('40.00 USD'))).toMatchObject({
      answer: 'accepted',
      flags: 'no_rate',
      posted: '400.00',
      wrote: 'RefundSuspended',
      entry: 'Dr settlement:visa 40.00 USD, Cr suspense 40.00 USD',
    });
  });
});

describe('a refund reversal', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'takes it back',
      [...bought, refund('40.00')],
      refundReversal('40.00'),
      { flags: '', posted: '400.00', refunded: '0.00', entry: 'Dr available 40.00 EUR, Cr settlement:visa 40.00 EUR' },
    ],
    [
      'takes a part back',
      [...bought, refund('40.00')],
      refundReversal('10.00'),
      { posted: '430.00', refunded: '30.00' },
    ],
    [
      'of more than was refunded is posted, flagged',
      [...bought, refund('40.00')],
      refundReversal('40.01'),
      { flags: 'over_reversal', posted: '399.99', refunded: '0.00' },
    ],
    [
      'takes back whatever the balance, flagged',
      [account('100.00'), card(), authorization('100.00'), clearing('100.00'), refund('40.00'), next('40.00')],
      refundReversal('40.00'),
      { flags: 'overdrawn', available: '-40.00' },
    ],
    [
      'of all that there is left is not flagged',
      [account('100.00'), card(), authorization('100.00'), clearing('100.00'), refund('40.00')],
      refundReversal('40.00'),
      { flags: '', available: '0.00' },
    ],
    [
      'within a credit line is not flagged',
      [
        account('100.00', 'EUR', '40.00'),
        card(),
        authorization('100.00'),
        clearing('100.00'),
        refund('40.00'),
        next('40.00'),
      ],
      refundReversal('40.00'),
      { flags: '', available: '-40.00' },
    ],
    [
      'beyond a limit is posted, flagged',
      [
        account('500.00'),
        card({ daily: '100.00' }),
        authorization('100.00'),
        clearing('100.00'),
        refund('40.00'),
        next('40.00'),
      ],
      refundReversal('40.00'),
      { flags: 'over_limit', posted: '400.00' },
    ],
    [
      'without an original is a transaction of its own',
      ready,
      refundReversal('40.00', { of: null }),
      { flags: 'no_original', posted: '460.00', status: 'settled' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('without a rate goes to suspense: somebody is to pay it', () => {
    expect(given(...ready).when(refundReversal('40.00 USD'))).toMatchObject({
      answer: 'accepted',
      flags: 'no_rate',
      posted: '500.00',
      wrote: 'RefundSuspended',
      entry: 'Dr suspense 40.00 USD, Cr settlement:visa 40.00 USD',
    });
  });

  test('charges limits again what the refund had given back', () => {
    const before = [account('500.00'), card({ daily: '100.00' }), authorization('100.00'), clearing('100.00')];
    const refunded = [...before, refund('40.00')];
    expect(given(...refunded, refundReversal('40.00')).when(next('0.01')).answer).toBe('declined: card_limit_exceeded');
    expect(given(...refunded, refundReversal('15.00')).when(next('25.00')).answer).toBe('approved');
    expect(given(...refunded, refundReversal('15.00')).when(next('25.01')).answer).toBe(
      'declined: card_limit_exceeded',
    );
  });
});

const creditExpiry: Step = (story) => {
  const { transactionId, creditExpiresAt } = purchase(story);
  if (creditExpiresAt === undefined) throw new Error('no credit is pending');
  story.now = creditExpiresAt;
  story.last = time(story, { type: 'expire', transactionId, expiresAt: creditExpiresAt });
};

describe('a refund authorization', () => {
  const announced = [...bought, refundAuthorization('40.00')];

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'announces a credit, which no balance knows',
      bought,
      refundAuthorization('40.00'),
      { answer: 'approved', posted: '400.00', available: '400.00', pendingCredit: '40.00', entry: '' },
    ],
    [
      'without an original is a transaction of its own',
      ready,
      refundAuthorization('40.00'),
      { answer: 'approved', status: 'pending', pendingCredit: '40.00', posted: '500.00' },
    ],
    [
      'on a closed card is declined',
      [...ready, cardClosed()],
      refundAuthorization('40.00'),
      { answer: 'declined: card_closed', status: 'declined' },
    ],
    [
      'on a closed account is declined',
      [account('0.00'), card(), accountClosed()],
      refundAuthorization('40.00'),
      { answer: 'declined: account_closed', status: 'declined' },
    ],
    ['on a paused card is approved', [...ready, cardPaused()], refundAuthorization('40.00'), { answer: 'approved' }],
    [
      'without a rate is declined',
      ready,
      refundAuthorization('40.00 USD'),
      { answer: 'declined: fx_rate_missing', code: '91' },
    ],
    ['its refund takes its place', announced, refund('40.00'), { posted: '440.00', pendingCredit: '0.00' }],
    ['its refund in part', announced, refund('15.00'), { posted: '415.00', pendingCredit: '25.00' }],
    ['its refund of more', announced, refund('45.00'), { posted: '445.00', pendingCredit: '0.00' }],
    [
      'its refund settles one of its own',
      [...ready, refundAuthorization('40.00')],
      refund('40.00'),
      { status: 'settled', flags: '', posted: '540.00' },
    ],
    ['a reversal of its purchase leaves it', announced, reversal(), { code: '13', pendingCredit: '40.00' }],
    [
      'the reversal of one of its own',
      [...ready, refundAuthorization('40.00')],
      reversal(),
      { answer: 'accepted', pendingCredit: '0.00', status: 'voided', posted: '500.00' },
    ],
    [
      'the reversal of a part',
      [...ready, refundAuthorization('40.00')],
      reversal('15.00'),
      { answer: 'accepted', pendingCredit: '25.00', status: 'pending' },
    ],
    [
      'the reversal of more',
      [...ready, refundAuthorization('40.00')],
      reversal('40.01'),
      { code: '13', flags: 'over_reversal', pendingCredit: '40.00' },
    ],
    [
      'the reversal of more, when it announced nothing',
      [...ready, refundAuthorization('0.00')],
      reversal('40.00'),
      { code: '13', flags: 'over_reversal' },
    ],
    [
      'expires',
      [...ready, refundAuthorization('40.00')],
      creditExpiry,
      { pendingCredit: '0.00', status: 'expired', wrote: 'PendingCreditExpired' },
    ],
    ['expires beside its purchase', announced, creditExpiry, { pendingCredit: '0.00', status: 'settled' }],
    [
      'that came too late is dropped',
      [...ready, refundAuthorization('40.00')],
      lateRelease(),
      { pendingCredit: '0.00', status: 'voided', wrote: 'LateApprovalReleased' },
    ],
    [
      'beside an authorization of nothing leaves that when it came too late',
      [...ready, authorization('0.00'), refundAuthorization('40.00')],
      lateRelease(),
      { pendingCredit: '0.00', status: 'pending' },
    ],
    [
      'of nothing, too',
      [...ready, authorization('0.00'), refundAuthorization('0.00')],
      lateRelease(),
      { status: 'pending', wrote: 'LateApprovalReleased' },
    ],
    [
      'that was reversed before it came is declined',
      [...ready, reversal()],
      refundAuthorization('40.00'),
      { answer: 'declined: reversed_before_arrival', code: '25' },
    ],
    [
      'of which a part was reversed before it came',
      [...ready, reversalAdvice('15.00')],
      refundAuthorization('40.00'),
      { answer: 'approved', pendingCredit: '25.00' },
    ],
    [
      'after its own refund announces only what is missing',
      [...ready, refund('30.00')],
      refundAuthorization('40.00', { sent: EARLIER }),
      { answer: 'approved', pendingCredit: '10.00', posted: '530.00' },
    ],
    [
      'after a refund and a clearing in any currency announces all',
      [...ready, refund('30.00'), clearing('20.00 USD', { billed: '18.00' })],
      refundAuthorization('40.00', { sent: EARLIER }),
      { answer: 'approved', pendingCredit: '40.00', posted: '512.00' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('named by its reversal is dropped beside its purchase', () => {
    const sent = '2026-03-01T12:30:00.000Z';
    const named = { type: 'refund_authorization', stan: '000777', transmittedAt: sent, acquirerId: '400123' } as const;
    const before = [...bought, refundAuthorization('40.00', { stan: '000777', sent })];
    expect(given(...before).when(reversal(undefined, { original: named }))).toMatchObject({
      answer: 'accepted',
      code: '00',
      pendingCredit: '0.00',
      posted: '400.00',
    });
  });
});
