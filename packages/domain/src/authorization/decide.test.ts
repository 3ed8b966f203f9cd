import { describe, expect, test } from 'vitest';
import type { CommandId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { comparable } from '../testing/comparable.ts';
import {
  account,
  at,
  authorization,
  authorizationAdvice,
  authorizationMessage,
  balanceInquiry,
  card,
  cardNamed,
  clearing,
  contentOf,
  EUR,
  financialAuthorization,
  given,
  identityOf,
  increment,
  refundAuthorization,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';
import { decideMessage, repeatedTransaction } from './decide.ts';
import type { DecidableMessage } from './message.ts';

const SENT = '2026-03-01T12:00:00.000Z';
const DAY_7 = '2026-03-08T12:00:00.000Z';
const AFTER_DAY_7 = '2026-03-08T12:00:00.001Z';
const one = { stan: '000123', sent: SENT } as const;
const ready = [account('200.00'), card()];

describe('the same message again', () => {
  test.each<[string, readonly Step[], Step, answer: string]>([
    ['an approval', [], authorization('40.00', one), 'approved'],
    ['a partial approval', [], authorization('400.00', { ...one, partial: true }), 'partially approved 200.00'],
    ['a decline', [], authorization('400.00', one), 'declined: insufficient_funds'],
    ['a reversal', [authorization('40.00')], reversal('10.00', one), 'accepted'],
    ['a refused reversal', [authorization('40.00')], reversal('50.00', one), 'accepted: over_reversal'],
    ['a reversal that waits', [], reversal('10.00', one), 'declined: original_not_found'],
    ['a clearing', [authorization('40.00')], clearing('10.00', { ...one, final: false }), 'accepted'],
    ['a clearing in suspense', [], clearing('10.00 USD', one), 'accepted'],
    ['known by its own id', [], authorization('40.00', { id: 'm1' }), 'approved'],
  ])('has no second effect and the same answer: %s', (_, before, step, answer) => {
    const first = given(...ready, ...before).when(step);
    const again = given(...ready, ...before).when(step, step);
    expect(first.answer).toBe(answer);
    expect(again).toMatchObject({ answer, wrote: '', code: first.code, flags: first.flags });
    expect(again.story.last.answer).toEqual(first.story.last.answer);
    expect([again.available, again.held]).toEqual([first.available, first.held]);
    expect(again.story.events).toHaveLength(first.story.events.length);
  });

  test('gets the answer of its time, whatever came after', () => {
    const step = authorization('40.00', one);
    const outcome = given(...ready, step, reversal(), clearing('300.00')).when(step);
    expect(outcome).toMatchObject({ answer: 'approved', wrote: '' });
  });

  test('a reversal and its advice are one', () => {
    const before = [...ready, authorization('40.00'), reversal('10.00', one)];
    expect(given(...before).when(reversalAdvice('10.00', one))).toMatchObject({
      answer: 'accepted',
      wrote: '',
      held: '30.00',
    });
  });

  test('is still known after years', () => {
    const before = [...ready, authorization('40.00', one), at('2031-01-01T00:00:00.000Z')];
    expect(given(...before).when(authorization('40.00', one))).toMatchObject({
      answer: 'approved',
      wrote: 'AnswerRepeated',
    });
  });
});

describe('another message', () => {
  const before = [...ready, card({ name: 'other' }), authorization('40.00', one)];

  test.each<[string, Parameters<typeof authorization>[1]]>([
    ['STAN', { ...one, stan: '000124' }],
    ['time of transmission', { ...one, sent: '2026-03-01T12:00:00.001Z' }],
    ['card', { ...one, card: 'other' }],
    ['id', { ...one, id: 'm1' }],
  ])('has another %s', (_, said) => {
    expect(given(...before).when(authorization('40.00', { ...said, of: 'next' })).held).toBe('80.00');
  });

  test('has another type', () => {
    expect(given(...before).when(reversal('40.00', one))).toMatchObject({ answer: 'accepted', held: '0.00' });
  });
});

describe('the same identity with other content', () => {
  test.each<[string, readonly Step[], Step, answer: string]>([
    ['an authorization', [authorization('40.00', one)], authorization('41.00', one), 'declined: identity_conflict'],
    [
      'a reversal',
      [authorization('40.00'), reversal('10.00', one)],
      reversal('11.00', one),
      'accepted: identity_conflict',
    ],
    [
      'a clearing',
      [clearing('40.00', one)],
      clearing('40.00', { ...one, final: false }),
      'accepted: identity_conflict',
    ],
    [
      'a merchant category',
      [authorization('40.00', one)],
      authorization('40.00', { ...one, mcc: '7995' }),
      'declined: identity_conflict',
    ],
  ])('is recorded, once, without effect: %s', (_, before, twin, answer) => {
    const without = given(...ready, ...before).when();
    const outcome = given(...ready, ...before).when(twin);
    expect(outcome).toMatchObject({ answer, code: '94', wrote: 'MessageConflicted', held: without.held });
    const again = given(...ready, ...before, twin).when(twin);
    expect(again).toMatchObject({ answer, code: '94', wrote: '', held: without.held });
  });

  test('leaves the first one as it is', () => {
    const before = [...ready, authorization('40.00', one), authorization('41.00', one)];
    expect(given(...before).when(authorization('40.00', one))).toMatchObject({ answer: 'approved', wrote: '' });
  });

  test('is recorded for each content', () => {
    const before = [...ready, authorization('40.00', one), authorization('41.00', one)];
    expect(given(...before).when(authorization('42.00', one)).wrote).toBe('MessageConflicted');
  });
});

describe('a message marked as a repeat', () => {
  const first = authorization('40.00', { ...one, rrn: 'R1' });
  const repeat = (said: Parameters<typeof authorization>[1] = {}) =>
    authorization('40.00', { stan: '000123', rrn: 'R1', sent: '2026-03-01T12:00:09.000Z', repeat: true, ...said });

  test.each<[string, Step, wrote: string, held: string]>([
    ['is the first one, whenever it was sent', repeat({ at: SENT }), '', '40.00'],
    ['is the first one for 7 days', repeat({ at: DAY_7 }), 'AnswerRepeated', '40.00'],
    ['is another one after 7 days', repeat({ at: AFTER_DAY_7, of: 'next' }), 'AuthorizationApproved', '80.00'],
    ['is another one with another rrn', repeat({ rrn: 'R2', of: 'next' }), 'AuthorizationApproved', '80.00'],
    ['is another one with another STAN', repeat({ stan: '000124', of: 'next' }), 'AuthorizationApproved', '80.00'],
    ['is another one when it is not marked', repeat({ repeat: false, of: 'next' }), 'AuthorizationApproved', '80.00'],
  ])('%s', (_, step, wrote, held) => expect(given(...ready, first).when(step)).toMatchObject({ wrote, held }));

  test('is known when it comes before the first one', () => {
    expect(given(...ready, repeat()).when(first)).toMatchObject({ answer: 'approved', wrote: '', held: '40.00' });
  });

  test('is not taken for what is sent after it, unmarked', () => {
    const next = authorization('40.00', { stan: '000123', rrn: 'R1', sent: '2026-03-01T12:00:10.000Z', of: 'next' });
    expect(given(...ready, repeat()).when(next).held).toBe('80.00');
  });

  describe('is another one', () => {
    const { story } = given(...ready, card({ name: 'other' }), first).when();
    const usual = { currency: EUR, stan: '000123', sent: '2026-03-01T12:00:09.000Z' };
    const marked = authorizationMessage('40.00', { rrn: 'R1', repeat: true }, usual);
    const { rrn: _, ...withoutRrn } = marked;
    const { stan: __, ...withoutStan } = marked;
    const { acquirerId: ___, ...withoutAcquirer } = marked;
    const { terminalId: ____, ...withoutTerminal } = marked;
    const same = (message: DecidableMessage) =>
      repeatedTransaction(story.account, message, 'another' as CommandId) !== undefined;

    test.each<[string, DecidableMessage]>([
      ['of another card', { ...marked, cardId: cardNamed('other') }],
      ['of another acquirer', { ...marked, acquirerId: '400999' }],
      ['of another terminal', { ...marked, terminalId: 'TERM0002' }],
      ['of another kind', { ...marked, type: 'financial_authorization' }],
      ['under an id of its own', { ...marked, messageId: 'm1' }],
      ['without an rrn', withoutRrn],
      ['without a STAN', withoutStan],
      ['without an acquirer', withoutAcquirer],
      ['without a terminal', withoutTerminal],
    ])('%s', (_, message) => expect([same(marked), same(message)]).toEqual([true, false]));

    test('than one that has an id of its own', () => {
      const named = given(...ready, authorization('40.00', { ...one, rrn: 'R1', id: 'm1' })).when().story.account;
      expect(repeatedTransaction(named, marked, 'another' as CommandId)).toBeUndefined();
    });
  });

  test('is not what came unmarked and was sent later', () => {
    const later = { stan: '000123', rrn: 'R1', sent: '2026-03-01T12:00:09.000Z', of: 'next' };
    expect(given(...ready, authorization('40.00', later)).when(first).held).toBe('80.00');
  });

  test('is the newest of several', () => {
    const second = authorization('50.00', { ...one, rrn: 'R1', sent: '2026-03-01T12:00:01.000Z', of: 'second' });
    expect(given(...ready, first, second).when(repeat()).answer).toBe('declined: identity_conflict');
  });

  test('with other content is a conflict', () => {
    const other = authorization('41.00', { stan: '000123', rrn: 'R1', sent: '2026-03-01T12:00:09.000Z', repeat: true });
    expect(given(...ready, first).when(other)).toMatchObject({ answer: 'declined: identity_conflict', held: '40.00' });
  });
});

describe('a fact that was recorded before its card was issued', () => {
  const clear = { stan: '000123', sent: SENT };
  const message = authorizationMessage('40.00', clear, { currency: EUR, stan: '', sent: '' });
  const carried = [{ commandId: identityOf(message), contentHash: contentOf(message), recordedIn: 'unmatched-07' }];

  test('stays where it is', () => {
    const outcome = given(account(), card({ carried })).when(authorization('40.00', clear));
    expect(outcome).toMatchObject({ answer: 'refused: recorded in unmatched-07', wrote: '', held: '0.00' });
  });

  test('conflicts with another one under its identity', () => {
    const outcome = given(account(), card({ carried })).when(authorization('41.00', clear));
    expect(outcome).toMatchObject({ answer: 'declined: identity_conflict', wrote: 'MessageConflicted' });
  });
});

describe('a decision keeps the version of its program', () => {
  const bought = [...ready, authorization('40.00')];
  const late = { sent: '2026-03-01T11:59:59.000Z' };

  test.each<[string, readonly Step[], Step]>([
    ['an authorization', ready, authorization('40.00')],
    ['a decline', ready, authorization('400.00')],
    ['an increment', bought, increment('40.00')],
    ['a single message', ready, financialAuthorization('40.00')],
    ['a refund authorization', bought, refundAuthorization('40.00')],
    ['an inquiry', ready, balanceInquiry('0.00')],
    ['a late request', [...ready, authorizationAdvice('40.00')], authorization('40.00', late)],
  ])('%s', (_, before, step) =>
    expect(given(...before).when(step).story.last.wrote[0]?.data).toMatchObject({ versions: { program: 3 } }),
  );

  test('and its deadline, and no limit where there is none', () =>
    expect(given(...ready).when(financialAuthorization('40.00')).story.last.wrote[0]?.data).toMatchObject({
      ...{ answerBy: '2026-03-01T12:00:05.000Z', limits: [], reasons: [], flags: [], authorizationCode: 'A00001' },
    }));
});

describe('deciding', () => {
  test('is pure: the same state and message twice, the same events, and the state unchanged', () => {
    const { story } = given(...ready, authorization('40.00', { of: 'first' })).when();
    const message = authorizationMessage('50.00', {}, { currency: EUR, stan: '000009', sent: SENT });
    const context = {
      now: story.now,
      answerBy: story.now,
      commandId: 'c' as CommandId,
      contentHash: contentOf(message),
      program: story.program,
      transactionId: [...story.account.transactions.values()][0]?.transactionId ?? ('' as never),
      authorizationCode: 'A1B2C3',
    };
    const before = structuredClone(comparable(story.account));
    expect(decideMessage(story.account, message, context)).toEqual(decideMessage(story.account, message, context));
    expect(comparable(story.account)).toEqual(before);
  });

  test('for a card of another account breaks an invariant', () => {
    expect(() => given(account()).when(authorization('1.00'))).toThrow(InvariantBroken);
  });

  test('a repeat of what is not in memory breaks an invariant', () => {
    const { story } = given(...ready, authorization('40.00', one)).when();
    story.account.transactions.clear();
    expect(() => authorization('40.00', one)(story)).toThrow(InvariantBroken);
  });
});
