import { describe, expect, test } from 'vitest';
import {
  account,
  accountClosed,
  accountControls,
  authorization,
  card,
  cardClosed,
  cardControls,
  cardPaused,
  clearing,
  deposit,
  given,
  programPaused,
  type Step,
} from '../../testing/index.ts';
import { reasons } from '../reasons.ts';
import { CHECKS } from './checks.ts';

/** Each makes one check fail, in the order of the checks. */
const trouble: readonly (readonly [reason: string, step: Step])[] = [
  ['program_paused', programPaused()],
  ['card_paused', cardPaused()],
  ['merchant_category_blocked', cardControls({ blocked: ['7995'], perTransaction: '10.00' })],
  ['account_merchant_category_not_allowed', accountControls({ allowed: ['5812'], daily: '10.00' })],
];

describe('an authorization', () => {
  test('that no check fails is approved', () => {
    const outcome = given(account('100.00'), card()).when(authorization('100.00'));
    expect(outcome).toMatchObject({ answer: 'approved', code: '00', available: '0.00', held: '100.00' });
  });

  test('that fails several checks keeps all reasons in their order, and answers with the first', () => {
    const outcome = given(account('5.00'), card(), ...trouble.map(([, step]) => step)).when(
      authorization('10.01', { mcc: '7995', expiry: '2712' }),
    );
    expect(outcome).toMatchObject({
      answer:
        'declined: program_paused, card_paused, expiry_mismatch, merchant_category_blocked, ' +
        'account_merchant_category_not_allowed, card_limit_exceeded, account_limit_exceeded, insufficient_funds',
      code: reasons.program_paused.responseCode,
      available: '5.00',
      held: '0.00',
      status: 'declined',
    });
  });

  test.each(trouble.map(([reason], index) => [reason, index] as const))(
    'answers %s when what comes before it holds',
    (reason, index) => {
      const steps = trouble.slice(index).map(([, step]) => step);
      const { answer } = given(account('5.00'), card(), ...steps).when(authorization('10.01', { mcc: '7995' }));
      expect(answer).toMatch(new RegExp(`^declined: ${reason}, .*insufficient_funds$`));
    },
  );

  test('without a rate keeps what can be known', () => {
    const outcome = given(account('5.00', 'USD'), card({ perTransaction: '1.00' }), cardPaused()).when(
      authorization('10.00 EUR', { billed: '9.00 GBP' }),
    );
    expect(outcome).toMatchObject({ answer: 'declined: card_paused, fx_rate_missing', code: '62' });
  });

  test('of zero takes nothing: neither overdrawn funds nor an exceeded limit decline it', () => {
    const before = [
      account('1.00'),
      card({ daily: '10.00', perTransaction: '10.00' }),
      clearing('50.00', { of: 'forced' }),
    ];
    const outcome = given(...before).when(authorization('0.00'));
    expect(outcome).toMatchObject({ answer: 'approved', held: '0.00', status: 'pending' });
  });

  test('may use the credit line, and not one cent more', () => {
    const before = [account('10.00', 'EUR', '5.00'), card()];
    expect(given(...before).when(authorization('15.00'))).toMatchObject({ answer: 'approved', available: '-5.00' });
    expect(given(...before).when(authorization('15.01')).answer).toBe('declined: insufficient_funds');
  });

  test('is held once for each authorization, so two cannot spend the same money', () => {
    const outcome = given(account('100.00'), card(), authorization('60.00', { of: 'first' })).when(
      authorization('40.01', { of: 'second' }),
    );
    expect(outcome).toMatchObject({ answer: 'declined: insufficient_funds', code: '51', held: '60.00' });
  });

  test('uses a deposit at once', () => {
    const outcome = given(account('0.00'), card(), deposit('7.00')).when(authorization('7.00'));
    expect(outcome.answer).toBe('approved');
  });
});

describe('a state that allows no spending', () => {
  test.each<[string, readonly Step[], string, string]>([
    ['a paused program', [account(), card(), programPaused()], 'program_paused', '57'],
    ['a closed account', [account('0.00'), card(), accountClosed()], 'account_closed, insufficient_funds', '57'],
    ['a paused card', [account(), card(), cardPaused()], 'card_paused', '62'],
    ['a closed card', [account(), card(), cardClosed()], 'card_closed', '46'],
    ['an expired card', [account(), card({ expiry: '2602' })], 'card_expired', '54'],
  ])('%s', (_, before, reason, code) => {
    expect(given(...before).when(authorization('1.00'))).toMatchObject({ answer: `declined: ${reason}`, code });
  });

  test.each([
    ['2603', '2026-03-31T23:59:59.999Z', 'approved'],
    ['2603', '2026-04-01T00:00:00.000Z', 'declined: card_expired'],
  ])('a card of %s at %s: %s', (expiry, at, answer) => {
    expect(given(account(), card({ expiry })).when(authorization('1.00', { at })).answer).toBe(answer);
  });

  test.each([
    ['2811', 'approved'],
    ['2812', 'declined: expiry_mismatch'],
  ])('an expiry date sent as %s: %s', (expiry, answer) => {
    expect(given(account(), card({ expiry: '2811' })).when(authorization('1.00', { expiry })).answer).toBe(answer);
  });
});

test('there are eleven checks', () => expect(CHECKS).toHaveLength(11));
