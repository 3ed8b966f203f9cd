import {
  type AuthorizationAdvice,
  type AuthorizationMessage,
  DAY_MS,
  MAX_PARKED,
  type ReversalMessage,
} from '@holdfast/domain';
import { cardId as cardIdOf, commandIdOf, encode, eventId } from '@holdfast/events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { currency } from '../../test/world.ts';
import { openQueries, type Queries } from '../index.ts';

const EUR = currency('EUR');
const merchant = { id: 'M1', mcc: '5812' };
const original = {
  type: 'authorization',
  ...{ stan: '000123', acquirerId: '400123', transmittedAt: '2026-03-01T12:00:00Z' },
} as const;

async function given() {
  const world = await newWorld();
  const program = world.createProgram('Travel');
  const account = world.openAccount(program, 'EUR');
  world.deposit(account, 100_000n);
  const card = world.issueCard(account);
  const reverse = (more: Partial<ReversalMessage> = {}) => {
    world.pass(1_000);
    const said = {
      type: 'reversal',
      cardId: card,
      network: 'visa',
      networkTransactionId: 'n1',
      currency: EUR,
    } as const;
    world.send(account, { ...said, ...more });
  };
  const authorize = (more: Partial<AuthorizationMessage> = {}) => {
    world.pass(1_000);
    const said = {
      cardId: card,
      network: 'visa',
      networkTransactionId: 'n1',
      amountMinor: 5_000n,
      currency: EUR,
    } as const;
    world.send(account, { ...said, type: 'authorization', merchant, ...more });
  };
  async function read(): Promise<Queries> {
    await world.written();
    await projectAll(world.directory);
    const queries = openQueries({ directory: world.directory });
    onTestFinished(() => queries.close());
    return queries;
  }
  return { world, program, account, card, reverse, authorize, read };
}

describe('a parked reversal', () => {
  test('is listed with what it waits for, and until when', async () => {
    const { world, program, account, card, reverse, read } = await given();
    reverse({ type: 'reversal_advice', amountMinor: 2_000n, original, rrn: '630112000123' });
    const queries = await read();
    const { data } = queries.unapplied({ status: 'waiting' }, world.now(), { limit: 9 });
    expect(data).toEqual([
      {
        ...{ stream: account.replace('acct_', 'account-'), revision: 3, accountId: account, cardId: card },
        ...{ programId: program.programId, messageType: 'reversal_advice', network: 'visa', currency: 'EUR' },
        ...{ networkTransactionId: 'n1', rrn: '630112000123', original, amountMinor: 2_000n },
        ...{ reason: 'original_not_found', status: 'waiting', createdAt: world.now() },
        parkedUntil: world.now() + 7 * DAY_MS,
      },
    ]);
  });

  test.each<[string, Partial<ReversalMessage>, string]>([
    ['in part', { amountMinor: 2_000n }, 'pending'],
    ['whole, which declines it', {}, 'declined'],
    ['for more than there is', { amountMinor: 9_000n }, 'pending'],
  ])('is applied to its original, %s', async (_, more, status) => {
    const { world, reverse, authorize, read } = await given();
    reverse(more);
    authorize();
    const queries = await read();
    const [transaction] = queries.transactions({}, { limit: 1 }).data;
    expect(transaction).toMatchObject({ status });
    expect(queries.unapplied({}, world.now(), { limit: 9 }).data).toMatchObject([
      { status: 'applied', transactionId: transaction?.id, endedAt: world.now() },
    ]);
    expect(queries.unapplied({ status: 'waiting' }, world.now(), { limit: 9 }).data).toEqual([]);
  });

  test('is let go when its time is over, whether anything happens then or not', async () => {
    const { world, reverse, read } = await given();
    reverse();
    const until = world.now() + 7 * DAY_MS;
    const queries = await read();
    const listed = (status: 'waiting' | 'let_go', now: number) =>
      queries.unapplied({ status }, now, { limit: 9 }).data.map(({ networkTransactionId }) => networkTransactionId);
    expect([listed('waiting', until - 1), listed('let_go', until - 1)]).toEqual([['n1'], []]);
    expect([listed('waiting', until), listed('let_go', until)]).toEqual([[], ['n1']]);
    expect(queries.unapplied({}, until, { limit: 9 }).data).toMatchObject([{ status: 'let_go', endedAt: until }]);
    world.pass(7 * DAY_MS);
    reverse({ networkTransactionId: 'n2' });
    await read();
    expect([listed('waiting', 0), listed('let_go', 0)]).toEqual([['n2'], ['n1']]);
  });

  test('is let go before its time when more wait than an account may have', async () => {
    const { world, account, reverse, read } = await given();
    for (let n = 0; n <= MAX_PARKED; n += 1) reverse({ networkTransactionId: `n${n}` });
    const queries = await read();
    const [letGo] = queries.unapplied({ status: 'let_go' }, world.now(), { limit: 9 }).data;
    expect(letGo).toMatchObject({ networkTransactionId: 'n0', endedAt: world.now() });
    expect(world.accounts.get(account)?.parked[0]?.message.networkTransactionId).toBe('n1');
  });
});

describe('a message that is recorded and moves nothing', () => {
  test('is an advice that no rate converts', async () => {
    const { world, account, authorize, card, read } = await given();
    authorize();
    const advice: AuthorizationAdvice = {
      ...{ type: 'authorization_advice', cardId: card, network: 'visa', networkTransactionId: 'n1', merchant },
      ...{ amountMinor: 7_000n, currency: currency('USD') },
    };
    world.send(account, advice);
    world.send(account, { ...advice, networkTransactionId: 'n2' });
    world.send(account, { ...advice, networkTransactionId: 'n3', networkDecision: 'declined' });
    const queries = await read();
    const declined = queries.transactions({ status: 'declined' }, { limit: 1 }).data;
    expect(declined).toHaveLength(1);
    const [transaction] = queries.transactions({ status: 'pending' }, { limit: 1 }).data;
    const { data } = queries.unapplied({ status: 'recorded' }, world.now() + 90 * DAY_MS, { limit: 9 });
    const facts = { messageType: 'authorization_advice', amountMinor: 7_000n, currency: 'USD', status: 'recorded' };
    expect(data).toMatchObject([
      { ...facts, reason: 'fx_rate_missing', networkTransactionId: 'n2' },
      { ...facts, reason: 'fx_rate_missing', networkTransactionId: 'n1', transactionId: transaction?.id },
    ]);
    expect(data[0]).not.toHaveProperty('transactionId');
    expect(data[0]).not.toHaveProperty('endedAt');
  });

  test('is an advice or a reversal of a card that nobody knows, not what stands in suspense or was asked', async () => {
    const { world, read } = await given();
    const said = {
      cardId: cardIdOf('unknown'),
      network: 'visa',
      currency: EUR,
      amountMinor: 3_000n,
      merchant,
    } as const;
    const legs = [
      { account: 'suspense', currency: EUR, debitMinor: 3_000n },
      { account: 'settlement:visa', currency: EUR, creditMinor: 3_000n },
    ] as const;
    const stream = 'unmatched-7f';
    const types = ['authorization', 'clearing', 'authorization_advice', 'reversal', 'reversal_advice'] as const;
    for (const [at, type] of types.entries()) {
      const facts = { decision: 'accepted', responseCode: '14', reason: 'card_not_found' } as const;
      const data = { message: { ...said, type }, ...facts, entry: type === 'clearing' ? legs : [] };
      const commandId = commandIdOf(type);
      const metadata = { occurredAt: world.now(), commandId, correlationId: 'test', actor: 'test' };
      const encoded = encode({ type: 'UnmatchedMessageRecorded', data }, metadata);
      const id = eventId(stream, commandId, 0, encoded.type, encoded.data, encoded.metadata);
      await world.journal.append(stream, at === 0 ? 'no_stream' : at - 1, [{ id, ...encoded }]);
    }
    const queries = await read();
    const { data } = queries.unapplied({}, world.now(), { limit: 9 });
    expect(data).toMatchObject([
      { stream, revision: 4, messageType: 'reversal_advice', reason: 'card_not_found', status: 'recorded' },
      { stream, revision: 3, messageType: 'reversal' },
      { stream, revision: 2, messageType: 'authorization_advice' },
    ]);
    expect(data[0]).not.toHaveProperty('accountId');
    expect(data[0]).not.toHaveProperty('programId');
  });
});

test('unapplied messages are filtered by program and account, and paged', async () => {
  const { world, program, account, card, reverse, read } = await given();
  for (let n = 0; n < 5; n += 1) reverse({ networkTransactionId: `n${n}` });
  const other = world.createProgram('Other');
  const second = world.openAccount(other, 'EUR');
  const said = { type: 'reversal', cardId: world.issueCard(second), network: 'visa', currency: EUR } as const;
  world.send(second, { ...said, networkTransactionId: 's' });
  const queries = await read();
  const found = (filter: Parameters<Queries['unapplied']>[0]) =>
    queries.unapplied(filter, world.now(), { limit: 100 }).data.map(({ networkTransactionId }) => networkTransactionId);
  expect(found({})).toEqual(['s', 'n4', 'n3', 'n2', 'n1', 'n0']);
  expect(found({ programId: other.programId })).toEqual(['s']);
  expect(found({ accountId: account, status: 'waiting' })).toEqual(['n4', 'n3', 'n2', 'n1', 'n0']);
  expect(found({ programId: program.programId, accountId: account })).toEqual(['n4', 'n3', 'n2', 'n1', 'n0']);
  expect(found({ programId: other.programId, accountId: account })).toEqual([]);
  expect(found({ programId: 'prog_unknown' })).toEqual([]);
  const first = queries.unapplied({ accountId: account }, world.now(), { limit: 3 });
  const rest = queries.unapplied({ accountId: account }, world.now(), { limit: 3, cursor: first.nextCursor ?? '' });
  const names = [first, rest].map(({ data }) => data.map(({ networkTransactionId }) => networkTransactionId));
  expect(names).toEqual([
    ['n4', 'n3', 'n2'],
    ['n1', 'n0'],
  ]);
  expect(rest).not.toHaveProperty('nextCursor');
  expect(card).toBe(first.data[0]?.cardId);
});

test('unapplied messages of any status are paged newest first', async () => {
  const { world, account, card, reverse, read } = await given();
  const advice: AuthorizationAdvice = {
    ...{ type: 'authorization_advice', cardId: card, network: 'visa', merchant },
    ...{ amountMinor: 7_000n, currency: currency('USD') },
  };
  for (const n of [0, 1]) {
    reverse({ networkTransactionId: `waits ${n}` });
    world.send(account, { ...advice, networkTransactionId: `recorded ${n}` });
  }
  const queries = await read();
  const pages: (string | undefined)[] = [];
  let cursor: string | undefined;
  do {
    const page = queries.unapplied({}, world.now(), { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(...page.data.map(({ networkTransactionId }) => networkTransactionId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(pages).toEqual(['recorded 1', 'waits 1', 'recorded 0', 'waits 0']);
});
