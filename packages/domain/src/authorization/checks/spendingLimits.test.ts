import { describe, expect, test } from 'vitest';
import {
  account,
  accountControls,
  authorization,
  card,
  cardControls,
  clearing,
  expiry,
  given,
  increment,
  reversal,
  type Step,
} from '../../testing/index.ts';

const CARD = 'declined: card_limit_exceeded';
const ACCOUNT = 'declined: account_limit_exceeded';
const spentBefore = (amount: string, at?: string): Step =>
  authorization(amount, { of: `before ${amount} ${at}`, ...(at === undefined ? {} : { at }) });

describe('a limit per transaction of 100.00', () => {
  test.each([
    ['99.99', 'approved'],
    ['100.00', 'approved'],
    ['100.01', CARD],
  ])('of the card, asked for %s: %s', (asks, answer) => {
    const before = [account(), card({ perTransaction: '100.00' }), spentBefore('50.00')];
    expect(given(...before).when(authorization(asks)).answer).toBe(answer);
  });

  test('of the account counts for every card', () => {
    const before = [account(), card(), card({ name: 'other' }), accountControls({ perTransaction: '100.00' })];
    expect(given(...before).when(authorization('100.01', { card: 'other' })).answer).toBe(ACCOUNT);
  });
});

describe('a daily limit of 100.00', () => {
  test.each([
    // zone, spent before, at, asks, at, outcome
    ['Europe/Berlin', '40.00', '2026-03-28T12:00:00.000Z', '60.00', '2026-03-28T22:59:59.999Z', 'approved'],
    ['Europe/Berlin', '40.00', '2026-03-28T12:00:00.000Z', '60.01', '2026-03-28T22:59:59.999Z', CARD],
    ['Europe/Berlin', '100.00', '2026-03-28T22:59:59.999Z', '100.00', '2026-03-28T23:00:00.000Z', 'approved'],
    ['Europe/Berlin', '100.00', '2026-03-28T23:00:00.000Z', '0.01', '2026-03-29T21:59:59.999Z', CARD], // 23 hours
    ['Europe/Berlin', '100.00', '2026-03-28T23:00:00.000Z', '100.00', '2026-03-29T22:00:00.000Z', 'approved'],
    ['Europe/Berlin', '100.00', '2026-10-24T22:00:00.000Z', '0.01', '2026-10-25T22:59:59.999Z', CARD], // 25 hours
    ['Europe/Berlin', '100.00', '2026-10-24T22:00:00.000Z', '100.00', '2026-10-25T23:00:00.000Z', 'approved'],
    ['America/New_York', '100.00', '2026-03-08T05:00:00.000Z', '0.01', '2026-03-09T03:59:59.999Z', CARD], // 23 hours
    ['America/New_York', '100.00', '2026-03-08T05:00:00.000Z', '100.00', '2026-03-09T04:00:00.000Z', 'approved'],
    ['America/New_York', '100.00', '2026-11-01T04:00:00.000Z', '0.01', '2026-11-02T04:59:59.999Z', CARD], // 25 hours
    ['America/New_York', '100.00', '2026-11-01T04:00:00.000Z', '100.00', '2026-11-02T05:00:00.000Z', 'approved'],
    ['Asia/Kathmandu', '100.00', '2026-03-28T18:15:00.000Z', '0.01', '2026-03-29T18:14:59.999Z', CARD],
    ['Asia/Kathmandu', '100.00', '2026-03-28T18:14:59.999Z', '100.00', '2026-03-28T18:15:00.000Z', 'approved'],
    ['Pacific/Apia', '100.00', '2026-03-28T11:00:00.000Z', '0.01', '2026-03-29T10:59:59.999Z', CARD],
    ['Pacific/Apia', '100.00', '2026-03-28T10:59:59.999Z', '100.00', '2026-03-28T11:00:00.000Z', 'approved'],
    ['Antarctica/Troll', '100.00', '2026-10-24T22:00:00.000Z', '0.01', '2026-10-25T23:59:59.999Z', CARD], // 26 hours
  ])('in %s, having spent %s at %s, asked for %s at %s: %s', (zone, spent, then, asks, at, answer) => {
    const before = [account(), card({ daily: '100.00', zone }), spentBefore(spent, then)];
    expect(given(...before).when(authorization(asks, { at })).answer).toBe(answer);
  });

  test('counts nothing of what was declined', () => {
    const before = [account(), card({ daily: '100.00' }), spentBefore('100.01')];
    expect(given(...before).when(authorization('100.00')).answer).toBe('approved');
  });

  test.each([
    ['60.00', 'approved'],
    ['60.01', CARD],
  ])('set in the middle of a day counts what was spent before: asked for %s, %s', (asks, answer) => {
    const before = [account(), card(), spentBefore('40.00'), cardControls({ daily: '100.00' })];
    expect(given(...before).when(authorization(asks)).answer).toBe(answer);
  });

  test('moved to another time zone counts in the day there', () => {
    const before = [
      account(),
      card({ daily: '100.00' }),
      spentBefore('70.00', '2026-03-28T22:00:00.000Z'), // still the 28th in Berlin, the 29th in Kathmandu
      spentBefore('20.00', '2026-03-28T23:30:00.000Z'),
    ];
    const asks = authorization('30.00');
    expect(given(...before).when(asks).answer).toBe('approved');
    expect(given(...before, cardControls({ daily: '100.00', zone: 'Asia/Kathmandu' })).when(asks).answer).toBe(CARD);
    expect(given(...before, cardControls({ daily: '100.00', zone: 'UTC' })).when(asks).answer).toBe(CARD);
  });

  test.each([
    ['of the card does not count other cards', { daily: '100.00' }, {}, 'approved'],
    ['of the account counts all cards', {}, { daily: '100.00' }, ACCOUNT],
  ])('%s', (_, ofCard, ofAccount, answer) => {
    const before = [account(), card(ofCard), card({ name: 'other' }), accountControls(ofAccount)];
    const spent = authorization('40.00', { card: 'other', of: 'other' });
    expect(given(...before, spent).when(authorization('60.01')).answer).toBe(answer);
  });

  test.each<[string, readonly Step[], string]>([
    ['a reversal', [authorization('100.00'), reversal()], '100.00'],
    ['part of a reversal', [authorization('100.00'), reversal('30.00')], '30.00'],
    ['a final clearing for less', [authorization('100.00'), clearing('80.00')], '20.00'],
    ['a clearing that is not final', [authorization('100.00'), clearing('80.00', { final: false })], '0.00'],
    ['a clearing for more', [authorization('80.00'), clearing('90.00')], '10.00'],
    ['a forced clearing', [clearing('90.00', { of: 'forced' })], '10.00'],
  ])('after %s has left what was given back', (_, steps, left) => {
    const before = [account(), card({ daily: '100.00' }), ...steps];
    const cent = (Number(left) + 0.01).toFixed(2);
    expect(given(...before).when(authorization(left, { of: 'next' })).answer).toBe('approved');
    expect(given(...before).when(authorization(cent, { of: 'next' })).answer).toBe(CARD);
  });

  test('gets nothing back from what was charged the day before', () => {
    const before = [
      account(),
      card({ daily: '100.00' }),
      authorization('50.00', { at: '2026-03-28T22:00:00.000Z' }),
      authorization('100.00', { of: 'today', at: '2026-03-28T23:00:00.000Z' }),
      reversal('50.00'),
    ];
    expect(given(...before).when(authorization('0.01', { of: 'next' })).answer).toBe(CARD);
  });

  test('gets back the newest charge first', () => {
    const before = [
      account(),
      card({ daily: '100.00' }),
      authorization('50.00', { at: '2026-03-28T22:00:00.000Z' }),
      clearing('80.00', { final: false, at: '2026-03-28T23:00:00.000Z' }), // 30.00 more than was open, charged today
    ];
    expect(given(...before).when(authorization('70.00', { of: 'next' })).answer).toBe('approved');
    expect(given(...before).when(authorization('70.01', { of: 'next' })).answer).toBe(CARD);
  });

  test('gets back what expires, in the day that it was charged', () => {
    const before = [account(), card({ daily: '100.00' }), authorization('100.00'), expiry()];
    expect(given(...before).when(authorization('100.00', { of: 'next' })).answer).toBe('approved');
  });

  test('counts what a clearing of another card’s purchase adds against that other card', () => {
    const before = [account(), card({ daily: '100.00' }), card({ name: 'other' })];
    const cleared = [authorization('50.00', { card: 'other' }), clearing('80.00')];
    expect(given(...before, ...cleared).when(authorization('100.00', { of: 'next' })).answer).toBe('approved');
  });

  test('of the card that was charged counts an increment by another card', () => {
    const before = [account(), card({ daily: '100.00' }), card({ name: 'other' }), authorization('60.00')];
    expect(given(...before).when(increment('40.00', { card: 'other' })).answer).toBe('approved');
    expect(given(...before).when(increment('40.01', { card: 'other' })).answer).toBe(CARD);
  });

  test.each([
    ['60.00', ''],
    ['60.01', 'over_limit'],
  ])('counts what was spent before a fact of %s: flagged "%s"', (amount, flags) => {
    const before = [account(), card({ daily: '100.00' }), spentBefore('40.00')];
    expect(given(...before).when(clearing(amount)).flags).toBe(`force_post ${flags}`.trim());
  });

  test('is kept in the decision as it was seen', () => {
    const before = [account(), card({ daily: '100.00', perTransaction: '90.00' }), spentBefore('40.00')];
    const { story } = given(...before).when(authorization('50.00', { at: '2026-03-01T12:00:00.000Z' }));
    expect(story.last.wrote[0]?.data).toMatchObject({
      limits: [
        { limitId: 'lim_transaction', scope: 'card', amountMinor: 9_000n, spentMinor: 0n },
        {
          limitId: 'lim_day',
          scope: 'card',
          amountMinor: 10_000n,
          spentMinor: 4_000n,
          startsAt: '2026-02-28T23:00:00.000Z',
          endsAt: '2026-03-01T23:00:00.000Z',
        },
      ],
    });
  });
});
