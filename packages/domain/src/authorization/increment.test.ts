import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  cardPaused,
  clearing,
  clearingReversal,
  expiry,
  given,
  increment,
  incrementAdvice,
  lateRelease,
  type Outcome,
  purchase,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';

const HOTEL = { mcc: '7011' };
const ready = [account('500.00'), card()];
const approved = [...ready, authorization('200.00', HOTEL)];
/** Its own time of sending, so that a reversal can name it. */
const SENT = '2026-03-01T12:30:00.000Z';
const plus = (amount: string, said: Parameters<typeof increment>[1] = {}): Step =>
  increment(amount, { ...HOTEL, stan: '000777', sent: SENT, ...said });
const original = { type: 'increment', stan: '000777', transmittedAt: SENT, acquirerId: '400123' } as const;

describe('an increment', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['adds to the hold', approved, plus('75.00'), { answer: 'approved', held: '275.00', open: '275.00' }],
    ['of nothing adds nothing', approved, plus('0.00'), { answer: 'approved', held: '200.00' }],
    [
      'of nothing leaves the state after a clearing was posted back',
      [...approved, clearing('50.00', { final: false }), clearingReversal('50.00')],
      plus('0.00'),
      { answer: 'approved', held: '150.00', status: 'partially_settled' },
    ],
    [
      'of nothing does not open what was finally cleared',
      [...approved, clearing('200.00'), plus('0.00')],
      reversal(),
      { answer: 'accepted: nothing_to_reverse', status: 'settled' },
    ],
    [
      'above the funds is declined, and the rest stays',
      approved,
      plus('300.01'),
      { answer: 'declined: insufficient_funds', code: '51', held: '200.00', status: 'pending' },
    ],
    [
      'is approved in part where the terminal can',
      approved,
      plus('400.00', { partial: true }),
      { answer: 'partially approved 300.00', code: '10', held: '500.00', open: '500.00' },
    ],
    [
      'on a paused card is declined',
      [...approved, cardPaused()],
      plus('75.00'),
      { answer: 'declined: card_paused', held: '200.00' },
    ],
    [
      'opens an expired one again',
      [...approved, expiry()],
      plus('75.00'),
      { answer: 'approved', held: '75.00', status: 'pending' },
    ],
    [
      'opens a voided one again',
      [...approved, reversal()],
      plus('75.00'),
      { answer: 'approved', held: '75.00', status: 'pending' },
    ],
    [
      'opens a settled one again',
      [...approved, clearing('200.00')],
      plus('75.00'),
      { answer: 'approved', held: '75.00', posted: '300.00', status: 'partially_settled' },
    ],
    [
      'without an original is declined',
      ready,
      plus('75.00'),
      { answer: 'declined: original_not_found', code: '25', held: '0.00', wrote: 'IncrementDeclined' },
    ],
    [
      'on a declined one is declined',
      [...ready, authorization('600.00')],
      plus('75.00'),
      { answer: 'declined: original_not_found', code: '25', status: 'declined' },
    ],
    [
      'on one of which only the clearing came is declined',
      [...ready, clearing('10.00', { final: false })],
      plus('75.00'),
      { answer: 'declined: original_not_found', code: '25' },
    ],
    [
      'in another currency is declined',
      approved,
      plus('75.00 USD', { billed: '70.00' }),
      { answer: 'declined: currency_differs', code: '12', held: '200.00' },
    ],
    ['on an advised one adds', [...ready, authorizationAdvice('50.00')], plus('75.00'), { held: '125.00' }],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test.each([
    ['100.00', '60.00', 'approved'], // 100 + 60 = 160
    ['100.00', '60.01', 'declined: card_limit_exceeded'],
  ])('of %s and then %s with a limit of 160.00 per transaction: the second is %s', (first, second, answer) => {
    const before = [account('500.00'), card({ perTransaction: '160.00' }), authorization(first)];
    expect(given(...before).when(increment(second)).answer).toBe(answer);
  });

  test('looks at what was approved net of reversals, for a limit per transaction', () => {
    const before = [account('500.00'), card({ perTransaction: '160.00' }), authorization('150.00'), reversal('50.00')];
    expect(given(...before).when(increment('60.00')).answer).toBe('approved');
    expect(given(...before).when(increment('60.01')).answer).toBe('declined: card_limit_exceeded');
  });

  test('counts for the day, and gives back when it is reversed', () => {
    const before = [account('500.00'), card({ daily: '300.00' }), authorization('200.00'), plus('100.00')];
    expect(given(...before).when(authorization('0.01', { of: 'next' })).answer).toBe('declined: card_limit_exceeded');
    expect(
      given(...before, reversal(undefined, { original })).when(authorization('100.00', { of: 'next' })).answer,
    ).toBe('approved');
  });

  test('sets the expiry anew', () => {
    const { story } = given(...approved, plus('75.00', { at: '2026-03-11T12:00:00.000Z' })).when();
    expect(new Date(purchase(story).expiresAt ?? 0).toISOString()).toBe('2026-04-10T12:00:00.000Z'); // lodging: 30 days
  });

  test('by an advice sets it anew too', () => {
    const { story } = given(...approved, incrementAdvice('75.00', { ...HOTEL, at: '2026-03-11T12:00:00.000Z' })).when();
    expect(new Date(purchase(story).expiresAt ?? 0).toISOString()).toBe('2026-04-10T12:00:00.000Z');
  });

  test('is cleared with the rest', () => {
    expect(given(...approved, plus('75.00')).when(clearing('260.00'))).toMatchObject({
      flags: '',
      held: '0.00',
      posted: '240.00',
      status: 'settled',
    });
  });

  test('twice has one effect and the same answer', () => {
    const at = '2026-03-01T12:40:00.000Z';
    const outcome = given(...approved, plus('75.00', { at })).when(plus('75.00', { at }));
    expect(outcome).toMatchObject({ answer: 'approved', held: '275.00', wrote: '' });
  });

  test('with other content under the same identity is declined, 94, without effect', () => {
    const at = '2026-03-01T12:40:00.000Z';
    expect(given(...approved, plus('75.00', { at })).when(plus('75.01', { at }))).toMatchObject({
      answer: 'declined: identity_conflict',
      code: '94',
      held: '275.00',
      wrote: 'MessageConflicted',
    });
  });

  test('that came too late is released, and nothing else', () => {
    expect(given(...approved, plus('75.00')).when(lateRelease())).toMatchObject({
      held: '200.00',
      status: 'pending',
      wrote: 'LateApprovalReleased',
    });
    expect(given(...approved, plus('75.00'), reversal('10.00')).when(lateRelease())).toMatchObject({
      held: '265.00',
      wrote: '',
    });
  });

  test('that was reversed before it came keeps the authorization from being released as late', () => {
    const undone = [reversal(undefined, { original }), plus('75.00')];
    expect(given(...approved, ...undone).when(lateRelease())).toMatchObject({ held: '200.00', wrote: '' });
  });

  test('released as late is told so when it comes again, and the authorization is not', () => {
    const first = authorization('200.00', { ...HOTEL, stan: '000001', sent: '2026-03-01T12:00:00.000Z' });
    const before = [...ready, first, plus('75.00'), lateRelease()];
    expect(given(...before).when(plus('75.00'))).toMatchObject({ answer: 'declined: answered_late', code: '91' });
    expect(given(...before).when(first)).toMatchObject({ answer: 'approved', held: '200.00' });
  });
});

describe('the reversal of an increment', () => {
  const raised = [...approved, plus('75.00')];
  const undo = (amount?: string, said: Parameters<typeof reversal>[1] = {}) => reversal(amount, { original, ...said });

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    ['of all', raised, undo(), { answer: 'accepted', code: '00', held: '200.00' }],
    ['of its amount', raised, undo('75.00'), { code: '00', held: '200.00' }],
    ['of a part', raised, undo('25.00'), { code: '00', held: '250.00' }],
    ['of more', raised, undo('75.01'), { answer: 'accepted: over_reversal', code: '13', held: '275.00' }],
    ['of all, twice', [...raised, undo()], undo(), { code: '00', held: '200.00' }],
    ['of all, after a part', [...raised, undo('25.00')], undo('75.00'), { code: '00', held: '200.00' }],
    ['of more than is left', [...raised, undo('25.00')], undo('60.00'), { code: '13', held: '250.00' }],
    ['down to what stands', raised, undo(undefined, { remaining: '250.00' }), { code: '00', held: '250.00' }],
    ['down to less than the rest', raised, undo(undefined, { remaining: '100.00' }), { code: '00', held: '200.00' }],
    ['after a clearing took most', [...raised, clearing('250.00', { final: false })], undo(), { held: '0.00' }],
    ['after the final clearing', [...raised, clearing('250.00')], undo(), { code: '13', held: '0.00' }],
    ['that was declined', [...approved, plus('400.00')], undo(), { answer: 'accepted', code: '00', held: '200.00' }],
    [
      'that was declined, by its amount',
      [...approved, plus('400.00')],
      undo('400.00'),
      { answer: 'accepted', code: '00', held: '200.00' },
    ],
    [
      'that was declined since only a clearing had come',
      [...ready, clearing('10.00', { final: false }), plus('75.00')],
      undo(),
      { answer: 'accepted', code: '00', posted: '490.00' },
    ],
    [
      'replaced by an advice',
      [...raised, authorizationAdvice('275.00')],
      undo(),
      { code: '00', held: '275.00', wrote: 'AuthorizationReversed' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('means only the one that it names, by STAN, time and acquirer', () => {
    const two = [...raised, plus('50.00', { stan: '000778' }), plus('40.00', { sent: '2026-03-01T12:30:01.000Z' })];
    expect(given(...two).when(undo())).toMatchObject({ code: '00', held: '290.00' });
    expect(given(...two, undo()).when(undo('50.00', { original: { ...original, stan: '000778' } }))).toMatchObject({
      code: '00',
      held: '240.00',
    });
    const second = { ...original, transmittedAt: '2026-03-01T12:30:01.000Z' };
    expect(given(...two, undo()).when(undo(undefined, { original: second })).held).toBe('250.00');
    expect(given(...two).when(undo(undefined, { original: { ...original, acquirerId: '400999' } })).code).toBe('25');
  });

  test('released as late takes nothing more, and of another one what it added', () => {
    const late = [...approved, plus('50.00', { stan: '000778' }), plus('75.00'), lateRelease()];
    expect(given(...late).when(undo())).toMatchObject({ answer: 'accepted', code: '00', held: '250.00' });
    expect(given(...late).when(undo(undefined, { original: { ...original, stan: '000778' } })).held).toBe('200.00');
  });

  test('before it is parked; then a full one declines it, and a partial one is applied with it', () => {
    const first = given(...approved).when(undo());
    expect(first).toMatchObject({ answer: 'declined: original_not_found', code: '25', wrote: 'ReversalParked' });
    expect(given(...approved, undo()).when(plus('75.00'))).toMatchObject({
      answer: 'declined: reversed_before_arrival',
      code: '25',
      held: '200.00',
    });
    expect(given(...approved, undo('25.00')).when(plus('75.00'))).toMatchObject({
      answer: 'approved',
      held: '250.00',
      wrote: 'IncrementApproved AuthorizationReversed',
    });
  });

  test('without naming it means the whole transaction', () => {
    expect(given(...raised).when(reversal('275.00'))).toMatchObject({ held: '0.00', status: 'voided' });
    expect(given(...raised).when(reversal('75.00'))).toMatchObject({ held: '200.00' });
  });
});

describe('an increment advice', () => {
  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'adds whatever the controls say, flagged',
      [...approved, cardPaused()],
      incrementAdvice('350.00'),
      { answer: 'accepted', code: '00', flags: 'overdrawn', held: '550.00', available: '-50.00' },
    ],
    [
      'with the STAN of an approved increment confirms it',
      [...approved, plus('75.00')],
      incrementAdvice('75.00', { stan: '000777', sent: '2026-03-01T13:00:00.000Z' }),
      { answer: 'accepted', held: '275.00' },
    ],
    [
      'that names an approved increment confirms it',
      [...approved, plus('75.00')],
      incrementAdvice('75.00', { original }),
      { answer: 'accepted', held: '275.00' },
    ],
    [
      'with the rrn of an approved increment confirms it',
      [...approved, plus('75.00', { rrn: '111111111111' })],
      incrementAdvice('75.00', { rrn: '111111111111' }),
      { answer: 'accepted', held: '275.00' },
    ],
    [
      'with another STAN and rrn than an approved increment adds',
      [...approved, plus('75.00', { rrn: '111111111111' })],
      incrementAdvice('75.00', { stan: '000779', rrn: '222222222222' }),
      { answer: 'accepted', held: '350.00' },
    ],
    [
      'in another currency stands apart',
      approved,
      incrementAdvice('75.00 USD', { billed: '70.00' }),
      { answer: 'accepted', flags: 'stand_in', held: '270.00', open: '75.00' },
    ],
    [
      'of a declined increment adds: the network approved it',
      [...approved, plus('400.00')],
      incrementAdvice('400.00', { stan: '000777', sent: '2026-03-01T13:00:00.000Z' }),
      { answer: 'accepted', flags: 'overdrawn', held: '600.00' },
    ],
    [
      'on a declined authorization adds, flagged',
      [...ready, authorization('600.00')],
      incrementAdvice('75.00'),
      { answer: 'accepted', flags: 'after_decline', held: '75.00', status: 'pending' },
    ],
    [
      'without an original is a transaction of its own',
      ready,
      incrementAdvice('75.00'),
      { answer: 'accepted', flags: 'stand_in', held: '75.00', status: 'pending' },
    ],
    [
      'that the network declined moves nothing',
      approved,
      incrementAdvice('75.00', { decision: 'declined' }),
      { answer: 'accepted', held: '200.00', wrote: 'AdviceRecorded' },
    ],
  ])('%s', (_, before, step, outcome) => {
    expect(given(...before).when(step)).toMatchObject(outcome);
  });

  test('of nothing is there to be reversed, and to be confirmed', () => {
    const before = [...ready, incrementAdvice('0.00', { stan: '000777', sent: SENT })];
    expect(given(...before).when(reversal())).toMatchObject({ answer: 'accepted', status: 'voided' });
    expect(given(...before).when(incrementAdvice('75.00', { stan: '000777' }))).toMatchObject({ held: '0.00' });
  });

  test('after its reversal is recorded and holds nothing', () => {
    const outcome = given(...approved, reversalAdvice(undefined, { original })).when(
      incrementAdvice('75.00', { stan: '000777', sent: SENT }),
    );
    expect(outcome).toMatchObject({ answer: 'accepted: reversed_before_arrival', held: '200.00' });
    expect(outcome.story.account.parked).toEqual([]);
  });

  test('that confirms one after the final clearing does not open it again', () => {
    const settled = [...approved, plus('75.00'), clearing('275.00'), incrementAdvice('75.00', { original })];
    expect(given(...settled).when(reversal())).toMatchObject({ code: '13', flags: '', posted: '225.00' });
  });

  test('with the identity of an increment is that increment', () => {
    const outcome = given(...approved, plus('75.00')).when(
      incrementAdvice('75.00', { ...HOTEL, stan: '000777', sent: SENT }),
    );
    expect(outcome).toMatchObject({ answer: 'approved', held: '275.00', wrote: '' });
  });
});
