import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { accountStream } from '@holdfast/events';
import { type JournalReader, openSqliteJournalReader } from '@holdfast/journal';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startChild } from '../test/child.ts';
import { dump, newDirectory, newWorld, project, projectAll } from '../test/readModels.ts';
import { startTraffic } from '../test/traffic.ts';
import { NotReadModels, openProjections, openQueries, ProjectionFailed } from './index.ts';

const readFiles = ['read.db', 'read.db-wal', 'read.db-shm'];

function execute(directory: string, sql: string): void {
  using db = new DatabaseSync(join(directory, 'read.db'));
  db.exec(sql);
}

describe('rebuilding', () => {
  test('after deleting the file, the rows are those that live folding made', async () => {
    const world = await newWorld();
    const { directory } = world;
    const live = await project(directory);
    const traffic = startTraffic(world, 6, 1);
    for (let run = 0; run < 10; run += 1) await traffic.run(100);
    expect(await live.waitFor(await world.written(), 10_000)).toBe(true);
    await live.close();
    const before = dump(directory);

    for (const file of readFiles) await rm(join(directory, file), { force: true });
    const rebuilt = await project(directory);
    await rebuilt.caughtUp;
    await rebuilt.close();

    expect(rebuilt.rebuilt).toBe('new');
    expect(before.length).toBeGreaterThan(1_000);
    expect(dump(directory)).toEqual(before);
  });

  test.each([
    ['when other sources made the rows', 'other_sources', `UPDATE checkpoint SET sources = 'older'`],
    ['when the log has another event at the checkpoint', 'other_log', `UPDATE checkpoint SET last_event = 'another'`],
    ['when the log ends before the checkpoint', 'other_log', 'UPDATE checkpoint SET position = position + 1'],
    ['when a table of an older release is missing', 'new', 'DROP TABLE checkpoint'],
  ])('happens %s', async (_, reason, sql) => {
    const world = await newWorld();
    const { directory } = world;
    await startTraffic(world, 2, 2).run(50);
    await projectAll(directory);
    const before = dump(directory);
    execute(directory, `${sql}; UPDATE accounts SET available_minor = 1`);

    const projections = await project(directory);
    await projections.caughtUp;

    expect(projections.rebuilt === reason || reason === 'new').toBe(true);
    expect(dump(directory)).toEqual(before);
  });

  test('happens when the file is no database any more', async () => {
    const world = await newWorld();
    const { directory } = world;
    await startTraffic(world, 2, 2).run(50);
    await projectAll(directory);
    const before = dump(directory);
    writeFileSync(join(directory, 'read.db'), 'not a database'.repeat(1_000));

    const projections = await project(directory);
    await projections.caughtUp;

    expect(projections.rebuilt).toBe('damaged');
    expect(dump(directory)).toEqual(before);
  });

  test('tells its progress', async () => {
    const world = await newWorld();
    await startTraffic(world, 2, 2).run(50);
    const head = await world.written();
    const reader = await openSqliteJournalReader({ directory: world.directory });
    const reached: bigint[] = [];
    const projections = await openProjections({
      directory: world.directory,
      reader,
      onProgress: (progress) => {
        expect(progress).toMatchObject({ head, rebuilding: true });
        reached.push(progress.position);
      },
    });
    await projections.caughtUp;
    await projections.close();
    await reader.close();
    expect(reached).toEqual([head]);
  });

  test('never touches the file of another program', async () => {
    const world = await newWorld();
    using db = new DatabaseSync(join(world.directory, 'read.db'));
    db.exec('CREATE TABLE theirs (a TEXT)');
    await expect(project(world.directory)).rejects.toThrow(NotReadModels);
    expect(db.prepare('SELECT count(*) AS n FROM theirs').get()).toEqual({ n: 0 });
  });
});

test('goes on where it was when nothing has changed', async () => {
  const world = await newWorld();
  await startTraffic(world, 2, 3).run(20);
  await projectAll(world.directory);
  const again = await project(world.directory);
  expect(again.rebuilt).toBeUndefined();
  expect(again.position()).toBe(await world.written());
});

test('two processes that project into one folder apply no page twice: one of them stops', async () => {
  const world = await newWorld();
  const { directory } = world;
  const traffic = startTraffic(world, 3, 4);
  const first = await project(directory);
  await first.waitFor(await world.written(), 10_000);
  const second = startChild(directory);
  await second.beginning;
  let failed: unknown;
  void first.failed.catch(({ name }: Error) => {
    failed = name;
  });
  void second.failed.then((name) => {
    failed = name;
  });
  while (failed === undefined) {
    await traffic.run(10);
    await setTimeout(1);
  }
  const queries = openQueries({ directory });
  expect(await queries.waitFor(await world.written(), 10_000)).toBe(true);
  queries.close();
  expect(failed).toBe('CheckpointMoved');

  const rows = dump(directory);
  second.process.kill('SIGKILL');
  await second.ended;
  await first.close();
  for (const file of readFiles) await rm(join(directory, file), { force: true });
  await projectAll(directory);
  expect(dump(directory)).toEqual(rows);
});

describe('what has come while nothing was read', () => {
  /** 1,202 events, which are three pages. */
  async function behind() {
    const world = await newWorld();
    const account = world.openAccount(world.createProgram('One'), 'EUR');
    for (let deposits = 0; deposits < 1_200; deposits++) world.deposit(account, 1n);
    const head = await world.written();
    const log = openMemoryJournal();
    const commits: bigint[] = [];
    const options = { directory: await newDirectory(), reader: log, onCommit: (at: bigint) => void commits.push(at) };
    const projections = await openProjections(options);
    onTestFinished(() => projections.close());
    await projections.caughtUp;
    const reader = await openSqliteJournalReader({ directory: world.directory });
    const pages = await Array.fromAsync(reader.readAll());
    await reader.close();
    const fill = () => {
      for (const { stream, revision, id, type, data, metadata } of pages.flatMap(({ events }) => events)) {
        void log.append(stream, revision === 0 ? 'no_stream' : revision - 1, [{ id, type, data, metadata }]);
      }
    };
    return { head, projections, commits, fill };
  }

  test('is committed together', async () => {
    const { head, projections, commits, fill } = await behind();
    fill();
    while (projections.position() < head) await setTimeout(1);
    expect(commits).toEqual([head]);
  });

  test('is committed page by page for whoever waits', async () => {
    const { head, projections, commits, fill } = await behind();
    const seen = projections.waitFor(head, 10_000);
    fill();
    expect(await seen).toBe(true);
    expect(commits).toEqual([500n, 1_000n, head]);
  });
});

describe('what was read when the connection to the log is lost', () => {
  /** Three events past the head of the start, of which nothing says that they are all. */
  async function cutOff(sql?: string) {
    const world = await newWorld();
    world.deposit(world.openAccount(world.createProgram('One'), 'EUR'), 1n);
    const head = await world.written();
    const log = await openSqliteJournalReader({ directory: world.directory });
    onTestFinished(() => log.close());
    const [page] = await Array.fromAsync(log.readAll());
    const deliver = Promise.withResolvers<void>();
    const reader: JournalReader = {
      ...openMemoryJournal(),
      subscribe: ({ onPage }) => {
        const closed = Promise.withResolvers<void>();
        if (page !== undefined) void deliver.promise.then(() => onPage(page));
        return { ended: closed.promise, close: async () => closed.resolve() };
      },
    };
    const directory = await newDirectory();
    const projections = await openProjections({ directory, reader });
    onTestFinished(() => projections.close());
    if (sql !== undefined) execute(directory, sql);
    deliver.resolve();
    await deliver.promise;
    return { directory, head, projections };
  }

  test('is committed all the same, for whoever waits and whoever else writes', async () => {
    const { directory, head, projections } = await cutOff();
    expect(await projections.waitFor(head, 2_000)).toBe(true);
    execute(directory, 'BEGIN IMMEDIATE; ROLLBACK');
  });

  test('raises the alarm when it cannot be committed', async () => {
    const full = `CREATE TRIGGER full BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'full'); END`;
    const { projections } = await cutOff(full);
    await expect(projections.failed).rejects.toThrow('full');
    expect(projections.position()).toBe(0n);
  });
});

describe('an event that cannot be folded', () => {
  test.each([
    ['of an unknown type', 'CardTeleported', '{}'],
    ['that is malformed', 'FundsDeposited', '{"depositId":"dep_x"}'],
    ['about a card that is not there', 'CardPaused', '{"cardId":"card_x"}'],
  ])('%s stops the projections before it and raises the alarm', async (_, type, data) => {
    const world = await newWorld();
    const account = world.openAccount(world.createProgram('One'), 'EUR');
    world.deposit(account, 500n);
    const good = await world.written();
    world.appendRaw(accountStream(account), type, data);
    world.deposit(account, 1n);
    await world.written();

    const projections = await project(world.directory);
    const alarm = await projections.failed.catch((error: unknown) => error);

    expect(alarm).toBeInstanceOf(ProjectionFailed);
    expect(alarm).toMatchObject({ type, stream: accountStream(account), revision: 2, position: good + 1n });
    expect(projections.position()).toBe(good);
    const queries = openQueries({ directory: world.directory });
    expect(queries.account(account)?.balances.availableMinor).toBe(500n);
    expect(await queries.waitFor(good + 1n, 20)).toBe(false);
    queries.close();

    await projections.close();
    const again = await project(world.directory);
    await expect(again.failed).rejects.toThrow(ProjectionFailed);
    expect(again.position()).toBe(good);
  });

  test('leaves nothing of itself when only part of its rows could be written', async () => {
    const world = await newWorld();
    const program = world.createProgram('One');
    const account = world.openAccount(program, 'EUR');
    world.deposit(account, 500n);
    const card = world.issueCard(account);
    await world.written();
    await projectAll(world.directory);
    const before = dump(world.directory);
    execute(world.directory, `CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END`);

    const merchant = { id: 'm', mcc: '5812' };
    const { opened } = world.accounts.get(account) ?? {};
    if (opened === undefined) throw new Error('not open');
    const { currency } = opened;
    world.send(account, { type: 'authorization', network: 'visa', cardId: card, amountMinor: 5n, currency, merchant });
    await world.written();
    const projections = await project(world.directory);

    await expect(projections.failed).rejects.toThrow('full');
    expect(dump(world.directory)).toEqual(before);
  });
});
