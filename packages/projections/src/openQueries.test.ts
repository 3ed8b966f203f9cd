import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AccountId, CardId } from '@holdfast/domain';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newDirectory, newWorld, project, projectAll } from '../test/readModels.ts';
import { currency, type World } from '../test/world.ts';
import {
  InvalidCursor,
  type Listed,
  MAX_DUE,
  MAX_LIST_ITEMS,
  MAX_WAIT_MS,
  NotReadModels,
  openQueries,
  type Queries,
} from './index.ts';

const DAY_MS = 86_400_000;
const merchant = { id: 'm1', mcc: '5812' };

function queriesOf(directory: string): Queries {
  const queries = openQueries({ directory });
  onTestFinished(() => queries.close());
  return queries;
}

function authorize(world: World, account: AccountId, cardId: CardId, amountMinor: bigint): void {
  world.pass(60_000);
  const message = {
    type: 'authorization',
    network: 'visa',
    cardId,
    amountMinor,
    currency: currency('EUR'),
    merchant,
  } as const;
  world.send(account, message);
}

/** Two accounts with a card each; the first has 1 to 7 authorized, of which 6 and 7 are declined. */
async function someTransactions() {
  const world = await newWorld();
  const program = world.createProgram('Lists');
  const [one, two] = [world.openAccount(program, 'EUR'), world.openAccount(program, 'EUR')];
  const [cardOfOne, cardOfTwo] = [world.issueCard(one), world.issueCard(two)];
  world.deposit(one, 15n);
  world.deposit(two, 1_000n);
  for (let amount = 1n; amount <= 7n; amount += 1n) {
    authorize(world, one, cardOfOne, amount);
    authorize(world, two, cardOfTwo, 10n * amount);
  }
  await world.written();
  await projectAll(world.directory);
  return { world, directory: world.directory, one, two, cardOfOne, cardOfTwo, program };
}

function pages<View>(list: (cursor: string | undefined) => Listed<View>): readonly (readonly View[])[] {
  const all: (readonly View[])[] = [];
  let cursor: string | undefined;
  do {
    const page = list(cursor);
    all.push(page.data);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

describe('a list of transactions', () => {
  const asked = (listed: readonly { readonly amounts: { readonly requestedMinor: bigint } }[]) =>
    listed.map(({ amounts }) => Number(amounts.requestedMinor));

  test('is newest first, page by page', async () => {
    const { directory, one } = await someTransactions();
    const queries = queriesOf(directory);
    const found = pages((cursor) => queries.transactions({ accountId: one }, { limit: 3, ...(cursor && { cursor }) }));
    expect(found.map(asked)).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
  });

  test('ends without a cursor when the last page is full', async () => {
    const { directory, one } = await someTransactions();
    const listed = queriesOf(directory).transactions({ accountId: one }, { limit: 7 });
    expect(asked(listed.data)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(listed).not.toHaveProperty('nextCursor');
  });

  test('goes on where it was when newer ones come in between', async () => {
    const { directory, world, one, cardOfOne } = await someTransactions();
    const queries = queriesOf(directory);
    const first = queries.transactions({ accountId: one }, { limit: 3 });
    authorize(world, one, cardOfOne, 8n);
    await world.written();
    await projectAll(directory);
    const cursor = first.nextCursor ?? '';
    expect(asked(queries.transactions({ accountId: one }, { limit: 3, cursor }).data)).toEqual([4, 3, 2]);
  });

  test('is filtered by account, card and status, alone and together', async () => {
    const { directory, one, two, cardOfOne, cardOfTwo } = await someTransactions();
    const queries = queriesOf(directory);
    const found = (filter: Parameters<Queries['transactions']>[0]): readonly number[] =>
      asked(queries.transactions(filter, { limit: 100 }).data);
    expect(found({})).toEqual([70, 7, 60, 6, 50, 5, 40, 4, 30, 3, 20, 2, 10, 1]);
    expect(found({ accountId: two })).toEqual([70, 60, 50, 40, 30, 20, 10]);
    expect(found({ cardId: cardOfTwo })).toEqual([70, 60, 50, 40, 30, 20, 10]);
    expect(found({ status: 'declined' })).toEqual([7, 6]);
    expect(found({ accountId: one, status: 'pending' })).toEqual([5, 4, 3, 2, 1]);
    expect(found({ cardId: cardOfOne, status: 'declined' })).toEqual([7, 6]);
    expect(found({ accountId: one, cardId: cardOfOne, status: 'declined' })).toEqual([7, 6]);
    expect(found({ accountId: two, cardId: cardOfOne })).toEqual([]);
    expect(found({ accountId: one, status: 'voided' })).toEqual([]);
    expect(found({ accountId: 'acct_unknown' })).toEqual([]);
  });

  test('reaches back over generations of numbers', async () => {
    const { directory, one } = await someTransactions();
    // As if 100,000 transactions of others lay between the first ones and the rest.
    using db = new DatabaseSync(join(directory, 'read.db'));
    db.exec('UPDATE transactions SET number = number + 100000 WHERE number > 6');
    db.exec('UPDATE transactions SET number = number + 100000 WHERE number > 100009');
    const queries = queriesOf(directory);
    const found = pages((cursor) => queries.transactions({ accountId: one }, { limit: 2, ...(cursor && { cursor }) }));
    expect(found.map(asked)).toEqual([[7, 6], [5, 4], [3, 2], [1]]);
  });
});

test('accounts and cards are listed newest first, by program, account and status', async () => {
  const { directory, world, one, two, cardOfOne, cardOfTwo, program } = await someTransactions();
  const other = world.openAccount(world.createProgram('Other'), 'EUR');
  const second = world.issueCard(one);
  world.command(one, { type: 'pauseCard', cardId: second });
  await world.written();
  await projectAll(directory);
  const queries = queriesOf(directory);
  const page = { limit: 10 };
  const ids = (listed: Listed<{ readonly id: string }>): readonly string[] => listed.data.map(({ id }) => id);
  expect(ids(queries.accounts({}, page))).toEqual([other, two, one]);
  expect(ids(queries.accounts({ programId: program.programId }, page))).toEqual([two, one]);
  expect(
    pages((cursor) => queries.accounts({}, { limit: 2, ...(cursor && { cursor }) })).map((each) => each.length),
  ).toEqual([2, 1]);
  expect(ids(queries.cards({}, page))).toEqual([second, cardOfTwo, cardOfOne]);
  expect(ids(queries.cards({ accountId: one }, page))).toEqual([second, cardOfOne]);
  expect(ids(queries.cards({ accountId: one, status: 'active' }, page))).toEqual([cardOfOne]);
  expect(ids(queries.cards({ status: 'paused' }, page))).toEqual([second]);
});

test('a list takes only cursors that it handed out', async () => {
  const { directory } = await someTransactions();
  const queries = queriesOf(directory);
  const encoded = (text: string): string => Buffer.from(text).toString('base64url');
  const foreign = {
    ...{ 'an empty cursor': '', 'a number': '12', 'no base64url': '***', zero: encoded('transactions:0') },
    ...{ 'a negative number': encoded('transactions:-1'), 'a long number': encoded(`transactions:${'9'.repeat(19)}`) },
    ...{ 'a cursor with padding': `${encoded('transactions:1')}=`, 'of another list': encoded('cards:1') },
  };
  for (const [what, cursor] of Object.entries(foreign)) {
    expect(() => queries.transactions({}, { limit: 1, cursor }), what).toThrow(InvalidCursor);
  }
});

test(`a list takes limits from 1 to ${MAX_LIST_ITEMS}`, async () => {
  const { directory } = await someTransactions();
  const queries = queriesOf(directory);
  for (const limit of [0, -1, 1.5, MAX_LIST_ITEMS + 1, Number.NaN]) {
    expect(() => queries.cards({}, { limit }), `${limit}`).toThrow(RangeError);
  }
  expect(queries.cards({}, { limit: MAX_LIST_ITEMS }).data).toHaveLength(2);
  expect(queries.cards({}, { limit: 1 }).data).toHaveLength(1);
});

test('holds that are due come soonest first, until they are open no more', async () => {
  const { directory, world, one, two, cardOfOne } = await someTransactions();
  const queries = queriesOf(directory);
  const open = [...(world.accounts.get(one)?.transactions.values() ?? [])].filter(({ status }) => status === 'pending');
  const firstExpiry = open[0]?.expiresAt ?? 0;
  expect(queries.due(firstExpiry - 1, 10)).toEqual([]);
  expect(queries.due(firstExpiry, 10)).toEqual([
    { accountId: one, transactionId: open[0]?.transactionId, expiresAt: firstExpiry },
  ]);
  expect(queries.due(firstExpiry + DAY_MS, 3).map(({ accountId }) => accountId)).toEqual([one, two, one]);
  expect(queries.due(firstExpiry + DAY_MS, MAX_DUE)).toHaveLength(12);
  expect(() => queries.due(firstExpiry, MAX_DUE + 1)).toThrow(RangeError);

  world.pass(8 * DAY_MS);
  for (const { transactionId, expiresAt } of open) {
    if (expiresAt !== undefined) world.timer(one, { type: 'expire', transactionId, expiresAt });
  }
  authorize(world, one, cardOfOne, 1n);
  await world.written();
  await projectAll(directory);
  expect(queries.due(firstExpiry + DAY_MS, 100).map(({ accountId }) => accountId)).toEqual(Array(7).fill(two));
});

describe('waiting for a position', () => {
  test('ends when the rows are there, however they get there', async () => {
    const { directory, world, one } = await someTransactions();
    const queries = queriesOf(directory);
    await project(directory);
    world.deposit(one, 77n);
    const position = await world.written();
    expect(await queries.waitFor(position, 10_000)).toBe(true);
    expect(queries.position()).toBe(position);
    expect(queries.account(one)?.balances).toEqual(world.accounts.get(one)?.balances);
    expect(await queries.waitFor(position, 0)).toBe(true);
  });

  test('ends in vain after its time, when closed, or at once with no time', async () => {
    const { directory } = await someTransactions();
    const queries = openQueries({ directory });
    const beyond = queries.position() + 1n;
    expect(await queries.waitFor(beyond, 0)).toBe(false);
    expect(await queries.waitFor(beyond, 5)).toBe(false);
    const closed = queries.waitFor(beyond, MAX_WAIT_MS);
    queries.close();
    expect(await closed).toBe(false);
  });

  test(`lasts ${MAX_WAIT_MS} ms at most`, async () => {
    const { directory } = await someTransactions();
    const queries = queriesOf(directory);
    expect(() => queries.waitFor(10_000n, MAX_WAIT_MS + 1)).toThrow(RangeError);
    expect(() => queries.waitFor(10_000n, -1)).toThrow(RangeError);
  });
});

describe('read models are refused', () => {
  test('when there are none', async () => {
    const directory = await newDirectory();
    expect(() => openQueries({ directory })).toThrow(NotReadModels);
  });

  test('when another release made them', async () => {
    const { directory } = await someTransactions();
    using db = new DatabaseSync(join(directory, 'read.db'));
    db.exec(`UPDATE checkpoint SET sources = 'older'`);
    expect(() => openQueries({ directory })).toThrow('another release');
  });

  test('when the file is not ours', async () => {
    const { directory } = await someTransactions();
    for (const file of ['read.db', 'read.db-wal', 'read.db-shm']) await rm(join(directory, file), { force: true });
    using db = new DatabaseSync(join(directory, 'read.db'));
    db.exec('CREATE TABLE theirs (a TEXT)');
    expect(() => openQueries({ directory })).toThrow(NotReadModels);
  });
});
