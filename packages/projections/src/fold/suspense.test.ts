import type { ClearingMessage, SuspenseAssigned } from '@holdfast/domain';
import { cardId, commandIdOf, encode, eventId } from '@holdfast/events';
import { expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { currency } from '../../test/world.ts';
import { openQueries } from '../index.ts';

const EUR = currency('EUR');
const STREAM = 'unmatched-7f';
const SUM = { side: 'debit', amountMinor: 3_000n, currency: EUR } as const;

/** An account with 5.00 of its own in suspense, at its revision 3, and 30.00 of two unmatched clearings. */
async function suspended() {
  const world = await newWorld();
  const account = world.openAccount(world.createProgram('Travel'), 'EUR');
  world.deposit(account, 10_000n);
  world.issueCard(account);
  const correct = { correctionId: 'cor_1' as never, direction: 'debit', against: 'suspense', reason: 'whose' } as const;
  world.command(account, { type: 'correct', accountId: account, ...correct, amountMinor: 500n, currency: EUR });
  await world.written();
  let revision = -1;

  async function unmatched(event: Parameters<typeof encode>[0]): Promise<void> {
    world.pass(1_000);
    const commandId = commandIdOf('unmatched', String(revision));
    const encoded = encode(event, { occurredAt: world.now(), commandId, correlationId: 'test', actor: 'test' });
    const id = eventId(STREAM, commandId, 0, encoded.type, encoded.data, encoded.metadata);
    await world.journal.append(STREAM, revision < 0 ? 'no_stream' : revision, [{ id, ...encoded }]);
    revision += 1;
  }

  const message: ClearingMessage = {
    ...{ type: 'clearing', cardId: cardId('unknown'), network: 'visa', currency: EUR, amountMinor: 3_000n },
    merchant: { id: 'M1', mcc: '5812' },
  };
  const facts = { decision: 'accepted', responseCode: '00', reason: 'card_not_found' } as const;
  const entry = [
    { account: 'suspense', currency: EUR, debitMinor: 3_000n },
    { account: 'settlement:visa', currency: EUR, creditMinor: 3_000n },
  ] as const;
  for (let n = 0; n < 2; n += 1) {
    await unmatched({ type: 'UnmatchedMessageRecorded', data: { message, ...facts, entry } });
  }
  const assign = (at: number, to: 'account' | 'losses') => {
    const facts = { revision: at, ...SUM, reason: 'found', entry: [] };
    const data: SuspenseAssigned['data'] =
      to === 'losses' ? { ...facts, to } : { ...facts, to: 'in_transit', accountId: account, accountMinor: 3_000n };
    return unmatched({ type: 'SuspenseAssigned', data });
  };
  return { world, account, message, assign };
}

async function queriesOf(directory: string) {
  await projectAll(directory);
  const queries = openQueries({ directory });
  onTestFinished(() => queries.close());
  return queries;
}

test('what stands in suspense is listed, newest first, with the message that left it there', async () => {
  const { world, account, message } = await suspended();
  const queries = await queriesOf(world.directory);
  const facts = { side: 'debit', amountMinor: 3_000n, currency: 'EUR', status: 'open' };
  const { cardId: card, network } = message;
  const of = { messageType: 'clearing', network, cardId: card };
  const { data, nextCursor } = queries.suspense({ status: 'open' }, { limit: 2 });
  expect(data).toEqual([
    { stream: STREAM, revision: 1, ...facts, ...of, createdAt: world.now() },
    { stream: STREAM, revision: 0, ...facts, ...of, createdAt: world.now() - 1_000 },
  ]);
  const own = queries.suspense({ status: 'open' }, { limit: 2, cursor: nextCursor ?? '' });
  expect(own).toMatchObject({ data: [{ accountId: account, revision: 3, side: 'credit', amountMinor: 500n }] });
  expect(own.data[0]).not.toHaveProperty('messageType');
  expect(queries.suspense({ accountId: account }, { limit: 9 }).data).toEqual(own.data);
});

test('what is resolved says where it went, and no longer counts as open', async () => {
  const { world, account, assign } = await suspended();
  world.command(account, { type: 'resolveSuspense', accountId: account, revision: 3, to: 'available', reason: 'ours' });
  await assign(0, 'losses');
  await assign(1, 'account');
  const at = world.now();
  await world.written();
  const queries = await queriesOf(world.directory);
  expect(queries.suspense({ status: 'open' }, { limit: 9 }).data).toEqual([]);
  expect(queries.suspense({ status: 'resolved' }, { limit: 9 }).data).toMatchObject([
    { revision: 1, resolvedTo: 'account', toAccountId: account, reason: 'found' },
    { revision: 0, resolvedTo: 'losses', reason: 'found' },
    { revision: 3, resolvedTo: 'account', toAccountId: account, reason: 'ours' },
  ]);

  expect(queries.unfinishedAssignments(at - 1, 9)).toEqual([]);
  expect(queries.unfinishedAssignments(at, 9)).toEqual([{ stream: STREAM, revision: 3 }]);
  const sum = { stream: STREAM, revision: 1, sum: SUM, accountMinor: 3_000n };
  world.command(account, { type: 'receiveSuspense', accountId: account, ...sum });
  await world.written();
  await projectAll(world.directory);
  expect(queries.unfinishedAssignments(at, 9)).toEqual([]);
  expect(queries.account(account)?.balances.availableMinor).toBe(7_000n);
  expect(() => queries.unfinishedAssignments(at, 0)).toThrow(RangeError);
});
