import { describe, expect, test } from 'vitest';
import type { AccountEvent, Recorded } from '../events.ts';
import type { AccountId, CommandId, TransferId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { comparable } from '../testing/comparable.ts';
import {
  account,
  authorization,
  card,
  cardPaused,
  deposit,
  given,
  manage,
  reversal,
  type Step,
  type Story,
} from '../testing/index.ts';
import { MAX_PARKED, newAccount } from './account.ts';
import { evolveAccount, remember } from './evolve.ts';
import { forgetMessages, messagesBy, newMessageIndex } from './messageIndex.ts';
import { managementRecord, rememberCommand } from './records.ts';

const SENT = '2026-03-01T12:00:00.000Z';
const approved = [account('100.00'), card(), authorization('40.00', { rrn: 'R1', stan: '000007', sent: SENT })];

const transferId = 'trf_one' as TransferId;
const sent: Step = (story) => {
  const { accountId, currency, program } = story;
  const to = { target: 'acct_other' as AccountId, targetFacts: { ...program, currency, status: 'open' } } as const;
  manage(story, { type: 'sendTransfer', accountId, transferId, ...to, amountMinor: 100n, currency });
};
const completed: Step = (story) => {
  manage(story, { type: 'finishTransfer', accountId: story.accountId, transferId, refused: undefined });
};

function last({ events }: Story): Recorded<AccountEvent> {
  const event = events.at(-1);
  if (event === undefined) throw new Error('nothing happened');
  return event;
}

/** The last event of a story with some of its fields changed, after all events but it. */
function changed(story: Story, data: object, metadata: object = {}): () => unknown {
  const before = story.events.slice(0, -1).reduce(evolveAccount, newAccount());
  const event = last(story);
  const other = { ...event, data: { ...event.data, ...data }, metadata: { ...event.metadata, ...metadata } };
  return () => evolveAccount(before, other as Recorded<AccountEvent>);
}

describe('an event that cannot follow', () => {
  const { story } = given(...approved).when();
  const reversed = given(...approved).when(reversal('10.00')).story;
  const paused = given(...approved).when(cardPaused()).story;
  const sentAndDone = given(account('9.00')).when(sent, completed).story;
  const { entry } = last(story).data as { readonly entry: readonly object[] };
  const leg = { account: 'available', currency: 'EUR', debitMinor: 4_000n };

  test.each<[string, () => unknown]>([
    ['says another available balance', changed(story, { balances: { availableMinor: 5_999n, heldMinor: 4_000n } })],
    ['says another held balance', changed(story, { balances: { availableMinor: 6_000n, heldMinor: 4_001n } })],
    ['has an entry that is off', changed(story, { entry: [leg] })],
    [
      'has an entry that is off where no balance of the account shows it',
      changed(story, { entry: [...entry, { account: 'fees', currency: 'EUR', debitMinor: 1n }] }),
    ],
    ['is of the past', changed(story, {}, { occurredAt: Date.parse(SENT) - 1 })],
    [
      'takes more than is open',
      changed(reversed, { taken: { openMinor: 4_001n, openAccountMinor: 0n, heldMinor: 0n } }),
    ],
    [
      'takes more than is held',
      changed(reversed, { taken: { openMinor: 0n, openAccountMinor: 0n, heldMinor: 4_001n } }),
    ],
    [
      'leaves a hold with nothing open',
      changed(reversed, { taken: { openMinor: 4_000n, openAccountMinor: 0n, heldMinor: 1n } }),
    ],
    ['is of a transaction that nobody knows', changed(reversed, { transactionId: 'txn_other' })],
    ['changes a card that was never issued', changed(paused, { cardId: 'card_other' })],
    ['completes a transfer that was never sent', changed(sentAndDone, { transferId: 'trf_other' })],
    ['comes before the account was opened', () => evolveAccount(newAccount(), last(story))],
  ])('is refused: it %s', (_, evolve) => expect(evolve).toThrow(InvariantBroken));
});

describe('what comes back from the index', () => {
  test('restores whatever a message is known by, whichever part of it had left memory', () => {
    const { account } = given(...approved).when().story;
    const { story } = given(...approved).when();
    const { commands, messages = newMessageIndex() } = story.account;
    for (const leave of [() => commands.clear(), () => forgetMessages(messages, last(story).revision)]) {
      leave();
      expect(comparable(story.account)).not.toEqual(comparable(account));
      for (let times = 0; times < 2; times++) {
        for (const event of story.events) rememberCommand(story.account, event);
        expect(comparable(story.account)).toEqual(comparable(account));
      }
    }
  });

  test('changes no balance, no limit and no time', () => {
    const { story } = given(...approved).when();
    const fresh = newAccount();
    remember(fresh, last(story));
    expect(fresh).toMatchObject({ balances: { availableMinor: 0n, heldMinor: 0n }, lastOccurredAt: 0 });
    expect(fresh.spending.quarters).toEqual([]);
    expect(fresh.transactions).toEqual(story.account.transactions);
    expect(fresh.messages).toEqual(story.account.messages);
  });

  test('does not take the rrn from a newer message', () => {
    const { story } = given(...approved).when(
      authorization('40.00', { rrn: 'R1', stan: '000007', sent: '2026-03-01T12:00:01.000Z', of: 'next' }),
    );
    const [older, newer] = story.events.slice(-2);
    if (older === undefined || newer === undefined) throw new Error('two authorizations');
    const fresh = newAccount();
    for (const event of [newer, older]) remember(fresh, event);
    expect(messagesBy(fresh.messages, 'rrn', 'R1').map(({ revision }) => revision)).toEqual([
      older.revision,
      newer.revision,
    ]);
  });
});

test.each<[string, Step, number]>([
  ['a message, as it says', authorization('1.00', { sent: '2026-03-01T11:00:00.000Z' }), Date.parse(SENT) - 3_600_000],
  ['a message with an id of its own, when it came', authorization('1.00', { id: 'm1', sent: '' }), Date.parse(SENT)],
  [
    'what a card brings from before it was issued, later than any',
    card({ name: 'new', carried: [{ commandId: 'c', contentHash: 'h', recordedIn: 'unmatched-07' }] as never }),
    Number.MAX_SAFE_INTEGER,
  ],
])('the latest time of sending is that of %s', (_, step, expected) =>
  expect(given(account('100.00'), card()).when(step).story.account.newestTransmission).toBe(expected),
);

test('what a management call wrote is known by its command', () => {
  const { story } = given(account('9.00')).when(deposit('1.00'));
  expect(story.account.commands.get('deposit:1' as CommandId)).toEqual({ revision: 1 });
});

test.each([0, 255, 256, 100_000])('of a management call at revision %i that is all that is kept', (revision) => {
  expect(managementRecord(revision)).toEqual({ revision });
});

test('an account has the name that it was opened with, or none', () => {
  const { story } = given(account('0.00')).when();
  const opened = last(story);
  const named = { ...opened, data: { ...opened.data, name: 'Travel' } } as typeof opened;
  expect(evolveAccount(newAccount(), named).opened).toStrictEqual({ ...story.account.opened, name: 'Travel' });
  expect(story.account.opened).not.toHaveProperty('name');
});

test('the latest time at which anything was sent is kept', () => {
  const { story } = given(...approved).when(authorization('1.00', { of: 'next', sent: '2026-02-01T00:00:00.000Z' }));
  expect(story.account.newestTransmission).toBe(Date.parse(SENT));
});

test.each([
  [MAX_PARKED, MAX_PARKED, 0],
  [MAX_PARKED + 1, MAX_PARKED, 1],
])('of %i reversals that wait, %i are kept: the oldest %i are let go', (came, kept, gone) => {
  const parked = last(given(account('100.00'), card()).when(reversal()).story);
  const state = given(account('100.00'), card()).when().story.events.reduce(evolveAccount, newAccount());
  for (let n = 0; n < came; n++) {
    const metadata = { ...parked.metadata, commandId: `${n}` as typeof parked.metadata.commandId };
    evolveAccount(state, { ...parked, metadata } as Recorded<AccountEvent>);
  }
  expect(state.parked).toHaveLength(kept);
  expect(state.parked[0]?.commandId).toBe(`${gone}`);
});
