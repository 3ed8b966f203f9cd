import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  card,
  cardPaused,
  clearing,
  given,
  lateRelease,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';

const ready = [account('200.00'), card()];
const SENT = '2026-03-01T11:59:00.000Z';

describe('a reversal before its authorization', () => {
  test('waits: the request is told that there is no original, the advice is accepted', () => {
    expect(given(...ready).when(reversal())).toMatchObject({
      answer: 'declined: original_not_found',
      code: '25',
      wrote: 'ReversalParked',
    });
    expect(given(...ready).when(reversalAdvice())).toMatchObject({
      answer: 'accepted: original_not_found',
      code: '00',
      wrote: 'ReversalParked',
    });
  });

  test.each<[string, Step]>([
    ['of nothing in particular', reversal()],
    ['down to nothing', reversal(undefined, { remaining: '0.00' })],
    ['of the amount', reversal('100.00')],
    ['as an advice', reversalAdvice()],
  ])('in full, %s, declines the authorization', (_, step) => {
    expect(given(...ready, step).when(authorization('100.00'))).toMatchObject({
      answer: 'declined: reversed_before_arrival',
      code: '25',
      wrote: 'AuthorizationDeclined',
      held: '0.00',
    });
  });

  test('in full keeps the other failing reasons behind its own', () => {
    expect(given(...ready, cardPaused(), reversal()).when(authorization('300.00')).answer).toBe(
      'declined: reversed_before_arrival, card_paused, insufficient_funds',
    );
  });

  test.each<[string, readonly Step[], wrote: string, open: string, status: string]>([
    ['a part', [reversal('30.00')], 'AuthorizationReversed', '70.00', 'pending'],
    ['down to a part', [reversal(undefined, { remaining: '30.00' })], 'AuthorizationReversed', '30.00', 'pending'],
    [
      'two parts, in the order they came',
      [reversal('30.00'), reversal(undefined, { remaining: '50.00' })],
      'AuthorizationReversed AuthorizationReversed',
      '50.00',
      'pending',
    ],
    [
      'two parts that are all',
      [reversal('30.00'), reversal('70.00')],
      'AuthorizationReversed AuthorizationReversed',
      '0.00',
      'voided',
    ],
    ['more than there is', [reversal('100.01')], 'ReversalRefused', '100.00', 'pending'],
    [
      'a part, then more than is left',
      [reversal('60.00'), reversal('50.00')],
      'AuthorizationReversed ReversalRefused',
      '40.00',
      'pending',
    ],
    ['the same number in another currency', [reversal('100.00 USD')], 'ReversalRefused', '100.00', 'pending'],
  ])('of %s is applied in the same append', (_, parked, wrote, open, status) => {
    const outcome = given(...ready, ...parked).when(authorization('100.00'));
    expect(outcome).toMatchObject({
      answer: 'approved',
      wrote: `AuthorizationApproved ${wrote}`,
      open,
      held: open,
      status,
    });
    expect(outcome.story.account.parked).toEqual([]);
  });

  test('leaves the one that waits for another', () => {
    const before = [...ready, reversal('30.00'), reversal('20.00', { of: 'other' })];
    const { story } = given(...before).when(authorization('100.00'));
    expect(story.account.parked.map(({ message }) => message.amountMinor)).toEqual([2_000n]);
    expect(given(...before, authorization('100.00')).when(authorization('50.00', { of: 'other' })).open).toBe('30.00');
  });

  test('of a part does not make room: the authorization is decided for its full sum', () => {
    expect(given(...ready, reversal('100.00')).when(authorization('200.01')).answer).toBe(
      'declined: insufficient_funds',
    );
    const limited = [account('200.00'), card({ daily: '100.00' })];
    const declined = given(...limited, reversal('30.00')).when(authorization('130.00'));
    expect(declined.answer).toBe('declined: card_limit_exceeded');
    expect(declined.story.account.parked).toEqual([]);
  });

  test.each([
    ['2026-03-08T11:59:59.999Z', 'declined: reversed_before_arrival'],
    ['2026-03-08T12:00:00.000Z', 'approved'],
  ])('is let go after 7 days: at %s, %s', (at, answer) => {
    const before = [...ready, reversal(undefined, { at: '2026-03-01T12:00:00.000Z' })];
    expect(given(...before).when(authorization('100.00', { at })).answer).toBe(answer);
  });

  test('is forgotten with the next one that waits, once it was let go', () => {
    const before = [...ready, reversal(undefined, { of: 'old', at: '2026-03-01T12:00:00.000Z' })];
    const { story } = given(...before).when(reversal(undefined, { of: 'new', at: '2026-03-08T12:00:00.000Z' }));
    expect(story.account.parked).toHaveLength(1);
  });

  test.each<[string, Parameters<typeof reversal>[1], Parameters<typeof authorization>[1], boolean]>([
    ['the network’s transaction id', { of: 'a' }, { of: 'a' }, true],
    ['another transaction id', { of: 'a' }, { of: 'b' }, false],
    ['the rrn', { of: null, rrn: 'R1' }, { rrn: 'R1' }, true],
    ['another rrn', { of: null, rrn: 'R1' }, { rrn: 'R2' }, false],
    ['the rrn of another card', { of: null, rrn: 'R1' }, { rrn: 'R1', card: 'other' }, false],
    ['its original', original('000007'), { stan: '000007', sent: SENT }, true],
    ['another original, though the rest fits', original('000008'), { stan: '000007', sent: SENT }, false],
    ['nothing', { of: null }, {}, false],
  ])('finds it by %s', (_, reversed, authorized, found) => {
    const before = [...ready, card({ name: 'other' }), reversal(undefined, reversed)];
    const { answer } = given(...before).when(authorization('100.00', authorized));
    expect(answer).toBe(found ? 'declined: reversed_before_arrival' : 'approved');
  });

  test('does not keep a late approval from being released', () => {
    const before = [...ready, reversal('30.00'), authorization('100.00')];
    expect(given(...before).when(lateRelease())).toMatchObject({ held: '0.00', status: 'voided' });
  });

  test('that finds only its clearing waits for the authorization', () => {
    const before = [...ready, clearing('40.00', { final: false })];
    expect(given(...before).when(reversal())).toMatchObject({ wrote: 'ReversalParked' });
    expect(given(...before, reversal()).when(authorization('100.00', { sent: SENT }))).toMatchObject({
      answer: 'declined: reversed_before_arrival',
      held: '0.00',
      posted: '160.00',
    });
    expect(given(...before, reversal('30.00')).when(authorization('100.00', { sent: SENT }))).toMatchObject({
      answer: 'approved',
      wrote: 'AuthorizationApproved AuthorizationReversed',
      held: '30.00',
      posted: '160.00',
      status: 'partially_settled',
    });
  });

  test('that finds only a final clearing moves nothing', () => {
    expect(given(...ready, clearing('40.00')).when(reversal())).toMatchObject({
      answer: 'accepted: nothing_to_reverse',
      code: '13',
    });
  });
});

function original(stan: string) {
  return { original: { type: 'authorization', stan, transmittedAt: SENT, acquirerId: '400123' } } as const;
}
