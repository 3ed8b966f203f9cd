import type { AccountId, TransferId } from '@holdfast/domain';
import { transferId } from '@holdfast/events';
import { expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { currency, type World } from '../../test/world.ts';
import { openQueries } from '../index.ts';

const EUR = currency('EUR');
const ids = ['one', 'two', 'three'].map((name) => transferId(name)) as [TransferId, TransferId, TransferId];

function send(world: World, source: AccountId, target: AccountId, id: TransferId, reference?: string): void {
  const { opened, status } = world.accounts.get(target) ?? {};
  if (opened === undefined || status === undefined) throw new Error('no target');
  world.pass(1_000);
  world.command(source, {
    ...{ type: 'sendTransfer', accountId: source, transferId: id, target, amountMinor: 1_000n, currency: EUR },
    targetFacts: { ...opened, status },
    ...(reference === undefined ? {} : { reference }),
  });
}

async function threeTransfers() {
  const world = await newWorld();
  const program = world.createProgram('Travel');
  const [source, target] = [world.openAccount(program, 'EUR'), world.openAccount(program, 'EUR')];
  world.deposit(source, 10_000n);
  const start = world.now();
  for (const id of ids) send(world, source, target, id, id === ids[0] ? 'Rent' : undefined);
  const sum = { amountMinor: 1_000n, currency: EUR };
  world.command(target, { type: 'receiveTransfer', accountId: target, source, transferId: ids[0], ...sum });
  world.command(source, { type: 'finishTransfer', accountId: source, transferId: ids[0], refused: undefined });
  world.command(source, { type: 'finishTransfer', accountId: source, transferId: ids[1], refused: 'account_closed' });
  await world.written();
  await projectAll(world.directory);
  const queries = openQueries({ directory: world.directory });
  onTestFinished(() => queries.close());
  return { world, source, target, start, queries };
}

test('a transfer shows where it is', async () => {
  const { source, target, start, queries } = await threeTransfers();
  const facts = { accountId: source, targetId: target, amountMinor: 1_000n, currency: 'EUR' };
  expect(ids.map((id) => queries.transfer(id))).toEqual([
    { id: ids[0], ...facts, status: 'received', reference: 'Rent', createdAt: start + 1_000 },
    { id: ids[1], ...facts, status: 'returned', reason: 'account_closed', createdAt: start + 2_000 },
    { id: ids[2], ...facts, status: 'in_transit', createdAt: start + 3_000 },
  ]);
  expect(queries.transfer('trf_unknown')).toBeUndefined();
  expect(queries.account(source)?.balances).toEqual({ availableMinor: 8_000n, heldMinor: 0n });
  expect(queries.account(target)?.balances).toEqual({ availableMinor: 1_000n, heldMinor: 0n });
});

test('unfinished are those that nobody has finished, oldest first, also when they were received', async () => {
  const { world, source, target, start, queries } = await threeTransfers();
  const last = { accountId: source, transferId: ids[2] };
  expect(queries.unfinishedTransfers(start + 2_999, 10)).toEqual([]);
  expect(queries.unfinishedTransfers(start + 3_000, 10)).toEqual([last]);
  const sum = { amountMinor: 1_000n, currency: EUR };
  world.command(target, { type: 'receiveTransfer', accountId: target, source, transferId: ids[2], ...sum });
  send(world, source, target, transferId('four'));
  await world.written();
  await projectAll(world.directory);
  expect(queries.unfinishedTransfers(world.now(), 10)).toEqual([
    last,
    { accountId: source, transferId: transferId('four') },
  ]);
  expect(queries.unfinishedTransfers(world.now(), 1)).toEqual([last]);
  expect(() => queries.unfinishedTransfers(world.now(), 0)).toThrow(RangeError);
});
