import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  cardClosed,
  cardPaused,
  clearing,
  expiry,
  financialAuthorization,
  given,
  increment,
  incrementAdvice,
  type Outcome,
  purchase,
  refund,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';

const ready = [account('200.00'), card()];
const approved = [...ready, authorization('100.00')];
const EARLIER = '2026-03-01T11:59:59.000Z';

describe('an authorization advice of an authorization', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['raises it to the new total', approved, authorizationAdvice('120.00'), { held: '120.00', open: '120.00' }],
    ['lowers it to the new total', approved, authorizationAdvice('80.00'), { held: '80.00', status: 'pending' }],
    ['to nothing voids it', approved, authorizationAdvice('0.00'), { held: '0.00', status: 'voided' }],
    [
      'replaces increments',
      [...approved, increment('50.00')],
      authorizationAdvice('110.00'),
      { held: '110.00', open: '110.00' },
    ],
    ['replaces reversals', [...approved, reversal('60.00')], authorizationAdvice('90.00'), { held: '90.00' }],
    [
      'holds what is not cleared of the total',
      [...approved, clearing('30.00', { final: false })],
      authorizationAdvice('120.00'),
      { held: '90.00', posted: '170.00', status: 'partially_settled' },
    ],
    [
      'below what is cleared holds nothing',
      [...approved, clearing('30.00', { final: false })],
      authorizationAdvice('20.00'),
      { held: '0.00', posted: '170.00', status: 'settled' },
    ],
    [
      'after the final clearing changes nothing',
      [...approved, clearing('90.00')],
      authorizationAdvice('100.00'),
      { held: '0.00', posted: '110.00', status: 'settled', wrote: 'AuthorizationAdvised' },
    ],
    [
      'of a single message changes nothing',
      [...ready, financialAuthorization('100.00')],
      authorizationAdvice('120.00'),
      { held: '0.00', posted: '100.00', status: 'settled' },
    ],
    ['holds an expired one again', [...approved, expiry()], authorizationAdvice('100.00'), { held: '100.00' }],
    ['holds a voided one again', [...approved, reversal()], authorizationAdvice('100.00'), { held: '100.00' }],
    [
      'holds what we had declined',
      [...ready, cardPaused(), authorization('100.00')],
      authorizationAdvice('100.00'),
      { held: '100.00', status: 'pending' },
    ],
    [
      'that the network declined moves nothing',
      approved,
      authorizationAdvice('150.00', { decision: 'declined' }),
      { held: '100.00', wrote: 'AdviceRecorded' },
    ],
    [
      'beyond the funds is held, flagged',
      approved,
      authorizationAdvice('250.00'),
      { held: '250.00', available: '-50.00', flags: 'overdrawn' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('holds at its own rate', () => {
    const before = [
      account('500.00', 'USD'),
      card(),
      authorization('100.00 EUR', { billed: '108.00' }),
      clearing('40.00 EUR', { billed: '43.80', final: false }),
    ];
    // 150.00 EUR = 165.00 USD; 110.00 EUR of it open: 165 × 110 / 150 = 121.00
    const outcome = given(...before).when(authorizationAdvice('150.00 EUR', { billed: '165.00' }));
    expect(outcome).toMatchObject({ held: '121.00', open: '110.00', posted: '456.20' });
  });

  test('in another currency takes it over while nothing is cleared, and stands apart afterwards', () => {
    const before = [account('500.00', 'USD'), card(), authorization('100.00 EUR', { billed: '108.00' })];
    const advice = authorizationAdvice('110.00 USD');
    expect(given(...before).when(advice)).toMatchObject({ held: '110.00', open: '110.00', flags: '' });
    const cleared = [...before, clearing('40.00 EUR', { billed: '43.20', final: false })];
    expect(given(...cleared).when(advice)).toMatchObject({ held: '174.80', flags: 'stand_in' }); // 64.80 + 110.00
  });

  test('counts for limits what it adds, and gives back what it takes away', () => {
    const before = [account('500.00'), card({ daily: '150.00' }), authorization('100.00')];
    const next = (amount: string) => authorization(amount, { of: 'next' });
    expect(given(...before).when(authorizationAdvice('150.01')).flags).toBe('over_limit');
    expect(given(...before, authorizationAdvice('150.00')).when(next('0.01')).answer).toBe(
      'declined: card_limit_exceeded',
    );
    expect(given(...before, authorizationAdvice('60.00')).when(next('90.00')).answer).toBe('approved');
  });

  test('is reversed in full by its total', () => {
    expect(given(...approved, authorizationAdvice('120.00')).when(reversal('120.00'))).toMatchObject({
      held: '0.00',
      status: 'voided',
    });
  });

  test.each<[string, readonly Step[], string]>([
    ['what was first asked for', [...approved, authorizationAdvice('80.00')], '100.00'],
    ['what was first advised', [...ready, authorizationAdvice('80.00'), authorizationAdvice('60.00')], '80.00'],
    [
      'what was asked for and declined',
      [...ready, cardPaused(), authorization('100.00'), authorizationAdvice('80.00')],
      '100.00',
    ],
  ])('is reversed in full by %s', (_, before, amount) =>
    expect(given(...before).when(reversal(amount))).toMatchObject({ code: '00', held: '0.00', status: 'voided' }),
  );

  test('sets the expiry anew, by the category of its merchant', () => {
    const advised = authorizationAdvice('100.00', { mcc: '5541', at: '2026-03-05T12:00:00.000Z' });
    const { story } = given(...approved, advised).when();
    expect(new Date(purchase(story).expiresAt ?? 0).toISOString()).toBe('2026-03-07T12:00:00.000Z'); // fuel: 2 days
  });

  test('with the identity of the authorization is that authorization', () => {
    const said = { stan: '000009', sent: EARLIER };
    const outcome = given(...ready, authorization('100.00', said)).when(authorizationAdvice('100.00', said));
    expect(outcome).toMatchObject({ answer: 'approved', held: '100.00', wrote: '' });
  });
});

describe('a stand-in advice', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['is held at once', ready, authorizationAdvice('50.00'), { flags: 'stand_in', held: '50.00', status: 'pending' }],
    [
      'is held whatever the balance',
      ready,
      authorizationAdvice('250.00'),
      { flags: 'stand_in overdrawn', held: '250.00', available: '-50.00' },
    ],
    ['is held to the last cent', ready, authorizationAdvice('200.00'), { flags: 'stand_in', available: '0.00' }],
    [
      'is held on credit',
      [account('100.00', 'EUR', '100.00'), card()],
      authorizationAdvice('200.00'),
      { flags: 'stand_in', available: '-100.00' },
    ],
    [
      'is held on a closed card',
      [...ready, cardClosed()],
      authorizationAdvice('50.00'),
      { flags: 'stand_in', held: '50.00' },
    ],
    [
      'is held over a limit, flagged',
      [account('200.00'), card({ perTransaction: '40.00' })],
      authorizationAdvice('50.00'),
      { flags: 'stand_in over_limit', held: '50.00' },
    ],
    [
      'that names an original which is not there is held',
      approved,
      authorizationAdvice('50.00', {
        original: { type: 'authorization', stan: '999999', transmittedAt: EARLIER, acquirerId: '400123' },
      }),
      { flags: 'stand_in', held: '150.00' },
    ],
    [
      'that the network declined is a declined transaction',
      ready,
      authorizationAdvice('50.00', { decision: 'declined' }),
      { answer: 'accepted: declined_by_network', held: '0.00', status: 'declined' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject({ answer: 'accepted', code: '00', ...outcome });
  });

  test('is cleared like any other', () => {
    expect(given(...ready, authorizationAdvice('50.00')).when(clearing('50.00'))).toMatchObject({
      flags: '',
      held: '0.00',
      posted: '150.00',
      status: 'settled',
    });
  });

  test('expires when its merchant’s holds do', () => {
    const { story } = given(...ready, authorizationAdvice('50.00', { mcc: '5541' })).when();
    expect(new Date(purchase(story).expiresAt ?? 0).toISOString()).toBe('2026-03-03T12:00:00.000Z'); // fuel: 2 days
  });

  test('lets go of the reversal that came before it', () => {
    const { story } = given(...ready, reversalAdvice()).when(authorizationAdvice('50.00'));
    expect([story.account.parked, story.last.answer?.flags]).toEqual([[], ['stand_in']]);
  });

  test('expires like any other', () => {
    expect(given(...ready, authorizationAdvice('50.00')).when(expiry())).toMatchObject({
      held: '0.00',
      status: 'expired',
    });
  });

  test('that was reversed before it came is recorded and holds nothing', () => {
    expect(given(...ready, reversalAdvice()).when(authorizationAdvice('50.00'))).toMatchObject({
      answer: 'accepted: reversed_before_arrival',
      held: '0.00',
      status: 'voided',
    });
    expect(given(...ready, reversalAdvice('20.00')).when(authorizationAdvice('50.00'))).toMatchObject({
      answer: 'accepted',
      held: '30.00',
    });
  });

  test('without a rate is recorded, flagged', () => {
    expect(given(...ready).when(authorizationAdvice('50.00 USD'))).toMatchObject({
      answer: 'accepted',
      flags: 'no_rate',
      wrote: 'AdviceRecorded',
      held: '0.00',
    });
  });

  describe('and then the request that was under way', () => {
    const late = (amount: string) => authorization(amount, { sent: EARLIER });

    test.each<[string, readonly Step[], Partial<Outcome>]>([
      ['joins it and holds nothing more', [authorizationAdvice('50.00')], { answer: 'approved', held: '50.00' }],
      [
        'joins it when it is cleared',
        [authorizationAdvice('50.00'), clearing('50.00')],
        { held: '0.00', posted: '150.00' },
      ],
      [
        'is declined when it was reversed meanwhile',
        [authorizationAdvice('50.00'), reversal()],
        { answer: 'declined: reversed_before_arrival', code: '25', held: '0.00' },
      ],
      [
        'is declined when the network had declined it',
        [authorizationAdvice('50.00', { decision: 'declined' })],
        { answer: 'declined: declined_by_network', code: '05', held: '0.00' },
      ],
      [
        'joins an increment advice and holds what is missing',
        [incrementAdvice('50.00')],
        { answer: 'approved', held: '100.00' },
      ],
      [
        'joins one that is held on a paused card',
        [authorizationAdvice('50.00'), cardPaused()],
        { answer: 'approved', flags: 'late', held: '50.00' },
      ],
    ])('%s', (_, before, outcome) => {
      const joined = given(...ready, ...before).when(late('50.00'));
      expect(joined).toMatchObject(outcome);
      expect(joined.story.account.transactions.size).toBe(1);
    });
  });
});

describe('an advice that comes after its refund', () => {
  test('is held: a refund is no authorization', () => {
    const before = [...ready, refund('20.00')];
    expect(given(...before).when(authorizationAdvice('50.00'))).toMatchObject({ held: '50.00', posted: '220.00' });
  });
});
