import { describe, expect, test } from 'vitest';
import type { CommandId, ContentHash } from '../ids.ts';
import {
  account,
  anyMessage,
  authorization,
  authorizationMessage,
  card,
  clearing,
  clearingMessage,
  contentOf,
  deposit,
  EUR,
  given,
  identityOf,
  lateRelease,
  refund,
  reversal,
  reversalMessage,
  type Said,
  type Step,
} from '../testing/index.ts';
import type { DecidableMessage } from './message.ts';
import { commandKey, conflictId, keysNeededBy, keysOf } from './references.ts';

const SENT = '2026-03-01T12:00:00.000Z';
const AT_SENT = Date.parse(SENT);
const usual = { currency: EUR, stan: '000007', sent: SENT };
const full: Said = { of: 'N1', rrn: 'R1', arn: 'ARN1' };
const original = { type: 'authorization', stan: '000001', transmittedAt: SENT, acquirerId: '400123' } as const;

const NETWORK = 'n|visa|N1';
const RRN = 'q|card_main|R1';
const ARN = 'a|ARN1';
const TARGET = `o|authorization|card_main|000001|${SENT}|400123`;
const repeat = (type: string) => `r|${type}|card_main|400123|TERM0001|000007|R1`;

describe('the keys that a message needs', () => {
  test.each<[string, DecidableMessage, absent: number, readonly string[]]>([
    ['an authorization', authorizationMessage('40.00', full, usual), AT_SENT, [repeat('authorization'), NETWORK]],
    [
      'an authorization that names an original',
      authorizationMessage('40.00', { ...full, original }, usual),
      AT_SENT,
      [repeat('authorization'), NETWORK],
    ],
    ['a reversal', reversalMessage('reversal', undefined, full, usual), AT_SENT, [repeat('reversal'), NETWORK, RRN]],
    [
      'a reversal advice',
      reversalMessage('reversal_advice', undefined, full, usual),
      AT_SENT,
      [repeat('reversal'), NETWORK, RRN],
    ],
    [
      'a reversal of an original',
      reversalMessage('reversal', undefined, { ...full, original }, usual),
      AT_SENT,
      [repeat('reversal'), TARGET],
    ],
    ['a clearing', clearingMessage('40.00', full, usual), AT_SENT, [repeat('clearing'), NETWORK, RRN, ARN]],
    [
      'a clearing of an original',
      clearingMessage('40.00', { ...full, original }, usual),
      AT_SENT,
      [repeat('clearing'), TARGET, ARN],
    ],
    [
      'a clearing reversal',
      anyMessage('clearing_reversal', '40.00', full, usual),
      AT_SENT,
      [repeat('clearing_reversal'), NETWORK, RRN, ARN],
    ],
    ['a refund', anyMessage('refund', '40.00', full, usual), AT_SENT, [repeat('refund'), NETWORK, RRN, ARN]],
    ['an increment', anyMessage('increment', '40.00', full, usual), AT_SENT, [repeat('increment'), NETWORK, RRN]],
    [
      'a financial authorization',
      anyMessage('financial_authorization', '40.00', { ...full, original }, usual),
      AT_SENT,
      [repeat('financial_authorization'), NETWORK],
    ],
    ['a clearing that says nothing of itself', clearingMessage('40.00', { of: null }, usual), AT_SENT, []],
    ['a message with an id of its own', authorizationMessage('40.00', { ...full, id: 'm1' }, usual), 0, [NETWORK]],
    [
      'a repeat, whenever it was sent',
      authorizationMessage('40.00', { ...full, repeat: true }, usual),
      AT_SENT - 1,
      [repeat('authorization'), NETWORK],
    ],
  ])('%s', (_, message, absent, keys) => {
    const commandId = identityOf(message);
    const contentHash = contentOf(message);
    const own = [commandKey(commandId), commandKey(conflictId(commandId, contentHash))];
    expect([...keysNeededBy(message, commandId, contentHash, absent)].sort()).toEqual([...own, ...keys].sort());
  });

  test('its identity is not among them when it was sent after everything that is absent', () => {
    const message = authorizationMessage('40.00', full, usual);
    expect(keysNeededBy(message, identityOf(message), contentOf(message), AT_SENT - 1)).toEqual([NETWORK]);
  });
});

describe('an event is found under', () => {
  const own = { ...full, stan: '000007', sent: SENT };
  const before = [account('200.00'), card()];
  const id = (type: string) => `card_main|${type}|400123|TERM0001|000007|${SENT}`;
  const said = (type: string) => [repeat(type), NETWORK, RRN, `o|${type}|card_main|000007|${SENT}|400123`];

  test.each<[string, Step, readonly string[]]>([
    [
      'all that an authorization says',
      authorization('40.00', own),
      [`c|${id('authorization')}`, `t|txn_${id('authorization')}`, ...said('authorization')],
    ],
    [
      'the arn too of a clearing',
      clearing('40.00', own),
      [`c|${id('clearing')}`, `t|txn_${id('clearing')}`, ...said('clearing'), ARN],
    ],
    [
      'the arn too of a refund',
      refund('40.00', own),
      [`c|${id('refund')}`, `t|txn_${id('refund')}`, ...said('refund'), ARN],
    ],
    [
      'nothing of a transaction when it has none, but what it left in suspense',
      clearing('40.00 USD', own),
      [`c|${id('clearing')}`, repeat('clearing'), 's|3'],
    ],
    ['its command when it is a call', deposit('1.00'), ['c|deposit:3']],
  ])('%s', (_, step, keys) => {
    const last = given(...before)
      .when(step)
      .story.events.at(-1);
    expect(last && [...keysOf(last)].sort()).toEqual([...keys].sort());
  });

  test('its conflict, not what it says', () => {
    const { story } = given(...before, authorization('40.00', own)).when(authorization('41.00', own));
    const last = story.events.at(-1);
    const conflict = conflictId(id('authorization') as CommandId, last?.metadata.contentHash as ContentHash);
    expect(last && keysOf(last)).toEqual([`c|${conflict}`, `t|txn_${id('authorization')}`]);
  });
});

describe('what an event can be needed for', () => {
  /** Every key that a message needs leads to each event of memory that its decision rests on. */
  test.each<[string, readonly Step[], DecidableMessage]>([
    [
      'a repeat',
      [account(), card(), authorization('40.00', { ...full, stan: '000007', sent: SENT })],
      authorizationMessage('40.00', full, usual),
    ],
    [
      'a conflict',
      [
        account(),
        card(),
        authorization('41.00', { ...full, stan: '000007', sent: SENT }),
        authorization('40.00', { ...full, stan: '000007', sent: SENT }),
      ],
      authorizationMessage('40.00', full, usual),
    ],
    [
      'a reversal',
      [account(), card(), authorization('40.00', full), clearing('1.00', { ...full, final: false })],
      reversalMessage('reversal', undefined, full, usual),
    ],
    [
      'a possible duplicate',
      [account(), card(), clearing('40.00', { ...full, of: 'N2', rrn: 'R2' })],
      clearingMessage('40.00', full, usual),
    ],
  ])('%s', (_, before, message) => {
    const { story } = given(...before).when();
    const needed = keysNeededBy(message, identityOf(message), contentOf(message), Number.POSITIVE_INFINITY);
    const decisions = story.events.filter(({ data }) => 'message' in data);
    for (const event of decisions) expect(keysOf(event).some((key) => needed.includes(key))).toBe(true);
  });

  test('a transaction leads to all its events, a timer’s too', () => {
    const { story } = given(account(), card(), authorization('40.00'), lateRelease()).when(clearing('40.00'));
    const [transaction] = story.account.transactions.values();
    expect(
      story.events.filter((event) => keysOf(event).includes(`t|${transaction?.transactionId}`)).map(({ type }) => type),
    ).toEqual(['AuthorizationApproved', 'LateApprovalReleased', 'ClearingPosted']);
  });

  test('a reversal that waited is remembered by the event that parked it, not by the one that applied it', () => {
    const waiting = reversal('1.00', { ...full, stan: '000003' });
    const { story } = given(account(), card(), waiting).when(authorization('40.00', full));
    const [parked, , applied] = story.events.slice(-3).map(keysOf);
    const key = 'r|reversal|card_main|400123|TERM0001|000003|R1';
    expect(parked).toContain(key);
    expect(applied).not.toContain(key);
    expect(applied?.filter((one) => one.startsWith('c|'))).toEqual([]);
  });

  test('a card leads to the facts that it carries', () => {
    const carried = [{ commandId: 'x' as never, contentHash: 'h' as never, recordedIn: 'unmatched-00' }];
    const { story } = given(account()).when(card({ carried }));
    expect(keysOf(story.events.at(-1) as never)).toContain('c|x');
  });
});
