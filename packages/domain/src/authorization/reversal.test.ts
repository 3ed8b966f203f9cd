import { describe, expect, test } from 'vitest';
import {
  account,
  accountClosed,
  authorization,
  authorizationAdvice,
  card,
  cardClosed,
  cardPaused,
  clearing,
  expiry,
  financialAuthorization,
  given,
  incrementAdvice,
  type Outcome,
  programPaused,
  refund,
  refundAuthorization,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';
import type { MessageType } from './message.ts';

const approved = [account('200.00'), card(), authorization('100.00')];
const partly = (cleared: string) => [...approved, clearing(cleared, { final: false })];

const ready = [account('500.00'), card()];
const SENT = '2026-03-01T12:30:00.000Z';
/** Sent so that a reversal can name it. */
const own = { stan: '000777', sent: SENT };
const naming = (type: MessageType, said: Parameters<typeof reversal>[1] = {}): Step =>
  reversal(undefined, { original: { type, stan: '000777', transmittedAt: SENT, acquirerId: '400123' }, ...said });

describe('what a reversal means', () => {
  const beside = [authorization('100.00'), refundAuthorization('40.00', own)];

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'the hold that an increment advice alone has made',
      [incrementAdvice('50.00')],
      reversal(),
      { code: '00', held: '0.00', status: 'voided' },
    ],
    [
      'nothing of what the network declined, and does not wait',
      [authorizationAdvice('50.00', { decision: 'declined' })],
      reversal(),
      { answer: 'accepted', code: '00', wrote: 'AuthorizationReversed', status: 'declined' },
    ],
    [
      'the authorization that it names, not the credit beside it',
      [authorization('100.00', own), refundAuthorization('40.00')],
      naming('authorization'),
      { code: '00', held: '0.00', pendingCredit: '40.00' },
    ],
    [
      'the credit that it names, not the hold beside it',
      beside,
      naming('refund_authorization'),
      { code: '00', held: '100.00', pendingCredit: '0.00', status: 'pending' },
    ],
    ['the hold first, when it names neither', beside, reversal(), { held: '0.00', pendingCredit: '40.00' }],
    [
      'nothing of a credit that was declined',
      [cardClosed(), refundAuthorization('40.00', own)],
      naming('refund_authorization'),
      { answer: 'accepted', code: '00', status: 'declined' },
    ],
    [
      'nothing of a single message that was declined',
      [financialAuthorization('600.00', own)],
      naming('financial_authorization'),
      { answer: 'accepted', code: '00', posted: '500.00', status: 'declined' },
    ],
    [
      'nothing, down to a sum in another currency',
      [authorization('100.00')],
      reversal(undefined, { remaining: '30.00 USD' }),
      { code: '13', flags: 'over_reversal', held: '100.00' },
    ],
    [
      'of a single message what stands above a sum, its cleared part in it',
      [financialAuthorization('100.00'), clearing('60.00', { final: false })],
      reversal(undefined, { remaining: '80.00' }), // 60.00 cleared and 20.00 of the 40.00 that are left
      { code: '00', posted: '420.00', cleared: '80.00' },
    ],
    [
      'of a credit what stands above a sum, its refunded part in it',
      [refundAuthorization('40.00'), refund('15.00')],
      reversal(undefined, { remaining: '30.00' }), // 15.00 refunded and 15.00 of the 25.00 that are left
      { code: '00', refunded: '15.00', pendingCredit: '15.00' },
    ],
  ])('%s', (_, before, step, outcome) => expect(given(...ready, ...before).when(step)).toMatchObject(outcome));
});

test('all of a single message in its own currency leaves what its clearing posted in another', () => {
  const dollars = [account('500.00', 'USD'), card(), financialAuthorization('0.01 EUR', { billed: '0.99' })];
  const cleared = [...dollars, clearing('0.01 USD', { final: false })]; // by its rate nothing of the euro cent
  expect(given(...cleared).when(reversal())).toMatchObject({ posted: '499.99', status: 'settled' });
});

describe('a reversal', () => {
  test.each<[string, readonly Step[], Step, answer: string, open: string, status: string]>([
    ['of nothing in particular takes all', approved, reversal(), 'accepted', '0.00', 'voided'],
    ['down to nothing takes all', approved, reversal(undefined, { remaining: '0.00' }), 'accepted', '0.00', 'voided'],
    ['of all takes all', approved, reversal('100.00'), 'accepted', '0.00', 'voided'],
    ['of a part takes the part', approved, reversal('30.00'), 'accepted', '70.00', 'pending'],
    ['of the first cent takes it', approved, reversal('0.01'), 'accepted', '99.99', 'pending'],
    ['of nothing takes nothing', approved, reversal('0.00'), 'accepted', '100.00', 'pending'],
    [
      'of more than is open takes nothing',
      approved,
      reversal('100.01'),
      'accepted: over_reversal',
      '100.00',
      'pending',
    ],
    ['down to a part', approved, reversal(undefined, { remaining: '30.00' }), 'accepted', '30.00', 'pending'],
    [
      'down to more than stands',
      approved,
      reversal(undefined, { remaining: '300.00' }),
      'accepted',
      '100.00',
      'pending',
    ],
    ['of a part, a second time', [...approved, reversal('30.00')], reversal('30.00'), 'accepted', '40.00', 'pending'],
    [
      'of what was first asked for, after a part was reversed, takes the rest',
      [...approved, reversal('30.00')],
      reversal('100.00'),
      'accepted',
      '0.00',
      'voided',
    ],
    [
      'of more than is open, after a part was reversed, takes nothing',
      [...approved, reversal('30.00')],
      reversal('70.01'),
      'accepted: over_reversal',
      '70.00',
      'pending',
    ],
    ['of what is open, beside what was cleared', partly('40.00'), reversal('60.00'), 'accepted', '0.00', 'settled'],
    ['of nothing in particular, beside what was cleared', partly('40.00'), reversal(), 'accepted', '0.00', 'settled'],
    ['of the whole, beside what was cleared', partly('40.00'), reversal('100.00'), 'accepted', '0.00', 'settled'],
    [
      'down to a total of which a part was cleared',
      partly('40.00'),
      reversal(undefined, { remaining: '70.00' }),
      'accepted',
      '30.00',
      'partially_settled',
    ],
    [
      'down to less than was cleared takes all that is open',
      partly('40.00'),
      reversal(undefined, { remaining: '30.00' }),
      'accepted',
      '0.00',
      'settled',
    ],
    ['of a voided one takes nothing', [...approved, reversal()], reversal(), 'accepted', '0.00', 'voided'],
    ['of an expired one takes nothing', [...approved, expiry()], reversal(), 'accepted', '0.00', 'expired'],
    [
      'of a part of a voided one',
      [...approved, reversal()],
      reversal('30.00'),
      'accepted: over_reversal',
      '0.00',
      'voided',
    ],
    [
      'of a declined one takes nothing',
      [account('1.00'), card(), authorization('100.00')],
      reversal(),
      'accepted',
      '0.00',
      'declined',
    ],
    [
      'after a final clearing moves nothing',
      [...approved, clearing('40.00')],
      reversal(),
      'accepted: nothing_to_reverse',
      '0.00',
      'settled',
    ],
    [
      'of a part after a final clearing moves nothing',
      [...approved, clearing('40.00')],
      reversal('10.00'),
      'accepted: nothing_to_reverse',
      '0.00',
      'settled',
    ],
    ['of a part, in another currency', approved, reversal('30.00 USD'), 'accepted: over_reversal', '100.00', 'pending'],
    ['by an advice', approved, reversalAdvice('30.00'), 'accepted', '70.00', 'pending'],
  ])('%s', (_, before, step, answer, open, status) => {
    const outcome = given(...before).when(step);
    expect(outcome).toMatchObject({ answer, code: answer === 'accepted' ? '00' : '13', open, status, held: open });
  });

  test('takes of the hold in proportion, half up, and all of it at the end', () => {
    const before = [account('200.00', 'USD'), card(), authorization('100.00 EUR', { billed: '108.01' })];
    const third = reversal('33.33 EUR');
    expect(given(...before).when(third).held).toBe('72.01'); // 108.01 − 35.9997… = 72.01
    expect(given(...before, third).when(third).held).toBe('36.01'); // 72.01 − 35.9996… = 36.01
    expect(given(...before, third, third).when(reversal('33.34 EUR')).held).toBe('0.00');
  });

  test.each<[string, Step]>([
    ['a paused card', cardPaused()],
    ['a closed card', cardClosed()],
    ['a paused program', programPaused()],
  ])('of a purchase with %s is accepted', (_, step) => {
    expect(given(...approved, step).when(reversal())).toMatchObject({ answer: 'accepted', available: '200.00' });
  });

  test('in a closed account is accepted', () => {
    const before = [account('0.00'), card(), authorization('0.00'), accountClosed()];
    expect(given(...before).when(reversal())).toMatchObject({ answer: 'accepted', status: 'voided' });
  });

  test('says what it gave back, and posts nothing else', () => {
    const { story } = given(...approved).when(reversal('30.00'));
    expect(story.last.wrote).toMatchObject([
      {
        type: 'AuthorizationReversed',
        data: {
          taken: { openMinor: 3_000n, openAccountMinor: 3_000n, heldMinor: 3_000n },
          entry: [
            { account: 'held', debitMinor: 3_000n },
            { account: 'available', creditMinor: 3_000n },
          ],
          balances: { availableMinor: 13_000n, heldMinor: 7_000n },
        },
      },
    ]);
  });
});
