import { describe, expect, test } from 'vitest';
import { indexMessage, messagesBy, newMessageIndex } from '../accounts/messageIndex.ts';
import type { MessageRecord } from '../accounts/records.ts';
import {
  account,
  authorization,
  authorizationAdvice,
  authorizationMessage,
  card,
  clearing,
  EUR,
  given,
  increment,
  incrementAdvice,
  later,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
  type Said,
  type Step,
  type Story,
} from '../testing/index.ts';
import { ofNetworkTransaction } from './original.ts';

const SENT = '2026-03-01T12:00:00.000Z';
const ready = [account('1000.00'), card(), card({ name: 'other' })];

/** Which purchase, named by its STAN, was reversed; `none` when the reversal waits. */
function reversed(before: readonly Step[], said: Said, amount?: string): string {
  const { story, flags } = given(...ready, ...before).when(reversal(amount, { of: null, ...said }));
  const stan = stanOf(story);
  return flags === '' ? stan : `${stan} ${flags}`;
}

function stanOf({ account, last }: Story): string {
  const id = last.answer?.transactionId;
  const transaction = id === undefined ? undefined : account.transactions.get(id);
  return transaction === undefined ? 'none' : (transaction.transactionId.split('|')[4] ?? '');
}

const named = (stan: string) => ({ type: 'authorization', stan, transmittedAt: SENT, acquirerId: '400123' }) as const;
const original = (stan: string): Said => ({ original: named(stan) });
const bought = (stan: string, amount: string, said: Said = {}): Step =>
  authorization(amount, { stan, sent: SENT, of: null, ...said });

describe('the original of a message', () => {
  const one = bought('000001', '10.00', { of: 'a', rrn: 'R1' });
  const two = bought('000002', '20.00', { of: 'b', rrn: 'R2' });

  test.each<[string, Said, string]>([
    ['is what it says it is', original('000001'), '000001'],
    [
      'is what it says, also where other references say otherwise',
      { ...original('000001'), of: 'b', rrn: 'R2' },
      '000001',
    ],
    [
      'is not there when what it says is not, whatever other references say',
      { ...original('000009'), of: 'b' },
      'none',
    ],
    ['is not of another card', { ...original('000001'), card: 'other' }, 'none'],
    ['is not of another acquirer', { original: { ...named('000001'), acquirerId: '400999' } }, 'none'],
    ['is not of another kind', { original: { ...named('000001'), type: 'financial_authorization' } }, 'none'],
    ['is not of another time', { original: { ...named('000001'), transmittedAt: '2026-03-01T12:00:00.001Z' } }, 'none'],
    ['has its network transaction id', { of: 'b' }, '000002'],
    ['has its network transaction id before its rrn', { of: 'b', rrn: 'R1' }, '000002'],
    ['has its rrn', { rrn: 'R1' }, '000001'],
    ['has its rrn, where its network transaction id is unknown', { of: 'z', rrn: 'R1' }, '000001'],
    ['has its rrn and its card', { rrn: 'R1', card: 'other' }, 'none'],
    ['may be of another card by its network transaction id', { of: 'a', card: 'other' }, '000001'],
    ['is not found by nothing', {}, 'none'],
  ])('%s', (_, said, expected) => expect(reversed([one, two], said)).toBe(expected));

  test('may be named by a message that came later', () => {
    const cleared = clearing('4.00', { stan: '000005', sent: SENT, of: 'b', final: false });
    const named: Said = { original: { type: 'clearing', stan: '000005', transmittedAt: SENT, acquirerId: '400123' } };
    expect(reversed([one, two, cleared], named)).toBe('000002');
  });

  test.each([
    [45 * 86_400_000, '000001'],
    [45 * 86_400_000 + 1, 'none'],
  ])('is found by its rrn for 45 days: after %d ms, %s', (ms, expected) => {
    expect(reversed([one, later(ms)], { rrn: 'R1' })).toBe(expected);
  });

  test('is not of another network, though it has its transaction id', () => {
    const { account } = given(...ready, one).when().story;
    const message = authorizationMessage('10.00', { of: 'a' }, { currency: EUR, stan: '000009', sent: SENT });
    expect(ofNetworkTransaction(account, message)).toHaveLength(1);
    expect(ofNetworkTransaction(account, { ...message, network: 'mastercard' })).toEqual([]);
  });

  test('is found by its network transaction id for ever', () => {
    expect(reversed([one, later(400 * 86_400_000)], { of: 'a' })).toBe('000001');
  });
});

describe('among several originals', () => {
  const of = (stan: string, amount: string, said: Said = {}) => bought(stan, amount, { rrn: 'R1', ...said });
  const [ten, twenty, thirty] = [of('000001', '10.00'), of('000002', '20.00'), of('000003', '30.00')];
  const closed: Step = reversal(undefined, { of: null, ...original('000003') });
  const codes = { '000001': 'A00001', '000002': 'A00002', '000003': 'A00003' };

  test.each<[string, readonly Step[], Said, string | undefined, string]>([
    ['the one with the authorization code', [ten, twenty, thirty], { code: codes['000002'] }, '12.00', '000002'],
    ['the one with the open amount', [ten, twenty, thirty], {}, '10.00', '000001'],
    [
      'the newest open one, for another amount',
      [ten, later(1), twenty, later(1), thirty, closed],
      {},
      '15.00',
      '000002',
    ],
    ['the newest open one, of two in one moment', [ten, twenty], {}, '15.00', '000002'],
    ['the newest open one, without an amount', [ten, later(1), twenty], {}, undefined, '000002'],
    [
      'the newest, when none is open',
      [ten, reversal(undefined, { of: null, ...original('000001') }), later(1), thirty, closed],
      {},
      undefined,
      '000003',
    ],
    [
      'not the one whose open amount is the same number in another currency',
      [of('000001', '15.00 USD', { billed: '15.00' }), later(1), twenty],
      {},
      '15.00',
      '000002',
    ],
  ])('%s is meant, and that is flagged', (_, before, said, amount, expected) => {
    expect(reversed(before, { rrn: 'R1', ...said }, amount)).toBe(`${expected} ambiguous_original`);
  });

  test.each<[string, Step]>([
    ['an increment', increment('1.00')],
    ['an increment advice', incrementAdvice('1.00')],
    ['an authorization advice', authorizationAdvice('1.00')],
    ['an advice of what the network declined', authorizationAdvice('1.00', { decision: 'declined' })],
    ['a clearing', clearing('1.00')],
    ['a refund', refund('1.00')],
    ['a refund reversal', refundReversal('1.00')],
    ['a refund authorization', refundAuthorization('1.00')],
    ['a reversal', reversal('1.00')],
  ])('%s is flagged, and it is not when there is one', (_, step) => {
    const one = given(...ready, authorization('10.00'))
      .when(step)
      .flags.split(' ');
    const several = given(...ready, authorization('10.00'), authorization('20.00'))
      .when(step)
      .flags.split(' ');
    expect(one).not.toContain('ambiguous_original');
    expect(several).toContain('ambiguous_original');
  });

  test('the order in which they came to memory does not matter', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { story } = given(...ready, ten, later(1), twenty, later(1), thirty).when();
      const records = messagesBy(story.account.messages, 'rrn', 'R1');
      expect(records).toHaveLength(order.length);
      const messages = newMessageIndex();
      for (const at of order) indexMessage(messages, records[at] as MessageRecord);
      story.account.messages = messages;
      reversal(undefined, { of: null, rrn: 'R1' })(story);
      expect(stanOf(story)).toBe('000003');
    }
  });
});
