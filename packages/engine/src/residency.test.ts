import { cpSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Answer, DecidableMessage } from '@holdfast/domain';
import { accountStream } from '@holdfast/events';
import { type Journal, openSqliteJournal } from '@holdfast/journal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountIndex, AccountIndexFull } from './accountIndex.ts';
import type { Engine } from './engine.ts';
import { type EngineOptions, openEngine } from './runtime.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';
import * as given from './testing/program.ts';

const SMALL = { maxResidents: 8, snapshotEvery: 10 } as const;
const LARGE = { maxResidents: 1_000_000, snapshotEvery: 10 } as const;

let directory: string;
let journal: Journal;
let index: AccountIndex;
let engine: Engine;
let alarms: string[];

async function start(options: Partial<EngineOptions> = {}): Promise<void> {
  journal = await openSqliteJournal({ directory });
  index = await openSqliteAccountIndex({ directory, logId: 'log of the test', sourceHash: 'sources of the test' });
  engine = await openEngine({ journal, index, alarm, ...options });
}

function alarm(message: string, { error }: Record<string, unknown>): void {
  alarms.push(`${message}: ${error}`);
}

async function stop(): Promise<void> {
  await engine.close();
  await index.close();
  await journal.close();
}

async function newDirectory(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-residency-'));
  alarms = [];
}

async function stopAndRemove(): Promise<void> {
  await stop();
  rmSync(directory, { recursive: true });
}

/** What happened to the account; that an answer was repeated after a restart is no effect. */
async function effects(): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const page of journal.readStream(accountStream(given.account))) all.push(...page.map(({ type }) => type));
  return all.filter((type) => type !== 'AnswerRepeated');
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Other traffic, more than memory and a snapshot hold. */
async function muchElse(): Promise<void> {
  const before = engine.counters.snapshots;
  for (let n = 1_000; n < 1_060; n += 20) {
    const messages = Array.from({ length: 20 }, (_, each) => given.authorization(n + each, 1n));
    await Promise.all(messages.map((message) => given.send(engine, message)));
  }
  await until(() => engine.counters.snapshots > before);
}

function forgetIndex(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `index.db${suffix}`), { force: true });
}

const WAYS: readonly (readonly [string, Partial<EngineOptions>, () => Promise<void>])[] = [
  ['while it is in memory', LARGE, muchElse],
  [
    'after it has left memory',
    SMALL,
    async () => {
      await muchElse();
      await until(() => engine.counters.residents < 60);
    },
  ],
  [
    'after a restart',
    LARGE,
    async () => {
      await muchElse();
      await stop();
      await start(LARGE);
    },
  ],
  [
    'after a restart with little memory',
    SMALL,
    async () => {
      await muchElse();
      await stop();
      await start(SMALL);
    },
  ],
  [
    'after a restart without the index',
    LARGE,
    async () => {
      await muchElse();
      await stop();
      forgetIndex();
      await start(LARGE);
    },
  ],
];

const rrnOnly = { networkTransactionId: undefined } as unknown as Partial<DecidableMessage>;
const first = given.authorization(1, 40_00n);
const named = given.authorization(2, 5_00n, { messageId: 'm-2' });
const byRrn = given.authorization(3, 6_00n, rrnOnly);
const toReverse = given.authorization(5, 11_00n);
const cleared = given.clearing(4, 4, 3_00n, { arn: 'ARN4' });
const waiting = given.reversal(6, 7);
const again = { repeat: true, transmittedAt: '2026-03-02T10:00:00.000Z' } as const;

describe.each(WAYS)('%s', (_, options, pass) => {
  let told: ReadonlyMap<DecidableMessage, Answer>;
  let before: number;

  // Once for all: what a test does is no business of the next, which looks at other messages.
  beforeAll(async () => {
    await newDirectory();
    await start(options);
    await given.openProgram(engine);
    const messages = [first, named, byRrn, cleared, toReverse];
    told = new Map(await Promise.all(messages.map(async (each) => [each, await given.send(engine, each)] as const)));
    await given.send(engine, waiting);
    await pass();
  });

  beforeEach(async () => {
    before = (await effects()).length;
  });

  afterAll(async () => {
    expect(alarms).toEqual([]);
    await stopAndRemove();
  });

  test('a message that comes again gets the same answer, and has no effect', async () => {
    for (const [message, answer] of told) expect(await given.send(engine, message)).toEqual(answer);
    expect((await effects()).length).toBe(before);
  });

  test('a message marked as a repeat, sent at another time, is the first one', async () => {
    for (const message of [first, byRrn, cleared]) {
      expect(await given.send(engine, { ...message, ...again })).toEqual(told.get(message));
    }
    expect((await effects()).length).toBe(before);
  });

  test('other content under the same identity is a conflict, once', async () => {
    for (let times = 0; times < 2; times++) {
      for (const message of [given.authorization(1, 41_00n), given.authorization(2, 5_01n, { messageId: 'm-2' })]) {
        expect(await given.send(engine, message)).toMatchObject({ responseCode: '94' });
      }
    }
    expect((await effects()).slice(before)).toEqual(['MessageConflicted', 'MessageConflicted']);
  });

  test('a clearing finds its authorization by the network’s id, another by rrn', async () => {
    expect(await given.send(engine, given.clearing(15, 1, 40_00n))).toMatchObject({
      transactionId: told.get(first)?.transactionId,
      flags: [],
    });
    expect(await given.send(engine, given.clearing(6, 3, 6_00n, rrnOnly))).toMatchObject({
      transactionId: told.get(byRrn)?.transactionId,
      flags: [],
    });
  });

  test('a reversal finds its authorization by original', async () => {
    const { stan, transmittedAt, acquirerId } = toReverse;
    const original = { type: 'authorization', stan, transmittedAt, acquirerId } as DecidableMessage['original'];
    const reversal = given.reversal(17, 999, { original, amountMinor: 10_00n } as Partial<DecidableMessage>);
    expect(await given.send(engine, reversal)).toMatchObject({
      transactionId: told.get(toReverse)?.transactionId,
      billingMinor: 10_00n,
    });
  });

  test('a reversal that waits applies to its authorization', async () => {
    expect(await given.send(engine, given.authorization(7, 1_00n))).toMatchObject({
      reason: 'reversed_before_arrival',
    });
    expect(await given.send(engine, waiting)).toMatchObject({ responseCode: '25' });
  });

  test('one presentment under two identities is told by its arn', async () => {
    const twin = given.clearing(8, 8, 3_00n, { arn: 'ARN4' });
    expect(await given.send(engine, twin)).toMatchObject({ flags: ['force_post', 'possible_duplicate'] });
  });

  test('another authorization under a known network transaction id is flagged', async () => {
    const second = given.authorization(9, 1_00n, { networkTransactionId: 'NT1' });
    expect(await given.send(engine, second)).toMatchObject({ flags: ['known_network_transaction'] });
  });

  test('a call under the same key is answered alike', async () => {
    expect(await given.deposit(engine, 100_00n)).toMatchObject({ done: true, event: { type: 'FundsDeposited' } });
    expect(await given.deposit(engine, 99_00n)).toEqual({ done: false, refusal: 'idempotency_key_reused' });
    expect((await effects()).length).toBe(before);
  });
});

describe('of what has left memory in part', () => {
  afterEach(stopAndRemove);

  const deposits = async (from: number) => {
    for (let n = from; n < from + 30; n++) await given.deposit(engine, 1n, `deposit ${n}`);
    await until(() => engine.counters.residents <= 30);
  };

  beforeEach(async () => {
    await newDirectory();
    await start({ maxResidents: 30, snapshotEvery: 5 });
    await given.openProgram(engine);
  });

  test('a transaction stays, its messages do not: they are known all the same', async () => {
    const messages = [1, 2, 3, 4, 5, 6].map((n) => given.authorization(n, 1_00n));
    const answers = await Promise.all(messages.map((message) => given.send(engine, message)));
    await deposits(0);
    const before = (await effects()).length;
    expect(await Promise.all(messages.map((message) => given.send(engine, message)))).toEqual(answers);
    expect((await effects()).length).toBe(before);
  });

  test('a message stays, what a repeat finds it by does not: it is found all the same', async () => {
    const older = given.authorization(1, 1_00n);
    const newer = given.authorization(1, 1_00n, { transmittedAt: '2026-03-01T09:00:00.000Z' });
    await given.send(engine, older);
    for (let n = 2; n < 12; n++) await given.send(engine, given.authorization(n, 1n));
    const answer = await given.send(engine, newer);
    await deposits(0);
    expect(await given.send(engine, { ...newer, ...again })).toEqual(answer);
  });
});

describe('an index and a log of different moments', () => {
  let backup: string;

  /** The log as it is now, for later; the index goes on. */
  beforeEach(async () => {
    await newDirectory();
    backup = await mkdtemp(join(tmpdir(), 'holdfast-backup-'));
    await start({ snapshotEvery: 5 });
    await given.openProgram(engine);
    await stop();
    cpSync(directory, backup, { recursive: true, filter: (path) => !basename(path).startsWith('index.') });
    await start({ snapshotEvery: 5 });
    for (let n = 0; n < 20; n++) await given.send(engine, given.authorization(n, 1_00n));
    await until(() => engine.counters.snapshots > 0);
    await stop();
  });

  afterEach(async () => {
    rmSync(backup, { recursive: true });
    await stopAndRemove();
  });

  async function restore(): Promise<void> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `log.db${suffix}`), { force: true });
    cpSync(backup, directory, { recursive: true });
    await start({ snapshotEvery: 5 });
  }

  const fault = /^a stream is quarantined: the account index has revision .* Stop, delete index.db, and start again/;
  const message = given.authorization(1, 1_00n);

  test('a log that has less than the index: nothing is decided, and the alarm says what to do', async () => {
    await restore();
    const before = await effects();
    await expect(given.send(engine, message)).rejects.toThrow('quarantined');
    expect(await effects()).toEqual(before);
    expect(alarms).toEqual([expect.stringMatching(fault)]);
  });

  test('a log that has gone on otherwise: the same', async () => {
    const kept = await mkdtemp(join(tmpdir(), 'holdfast-kept-'));
    cpSync(directory, kept, { recursive: true, filter: (path) => !basename(path).startsWith('log.') });
    forgetIndex();
    await restore();
    for (let n = 100; n < 130; n++) await given.send(engine, given.authorization(n, 1_00n));
    await stop();
    forgetIndex();
    cpSync(kept, directory, { recursive: true });
    rmSync(kept, { recursive: true });
    await start();
    const before = await effects();
    await expect(given.send(engine, message)).rejects.toThrow('quarantined');
    expect(await effects()).toEqual(before);
    expect(alarms).toEqual([expect.stringMatching(fault)]);
  });

  test('without the index the restored log is what counts', async () => {
    forgetIndex();
    await restore();
    const before = (await effects()).length;
    await expect(given.send(engine, message)).resolves.toMatchObject({ decision: 'approved' });
    expect((await effects()).length).toBe(before + 1);
    expect(alarms).toEqual([]);
  });
});

describe('an index that takes nothing', () => {
  beforeEach(newDirectory);
  afterEach(stopAndRemove);

  test('changes no answer, and catches up when it can', async () => {
    await start(SMALL);
    let full = true;
    const failing: AccountIndex = {
      ...index,
      write: (write) => (full ? Promise.reject(new AccountIndexFull('the disk is full')) : index.write(write)),
    };
    engine = await openEngine({ journal, index: failing, alarm, ...SMALL });
    await given.openProgram(engine);
    const messages = Array.from({ length: 40 }, (_, n) => given.authorization(n, 1_00n));
    const send = async () => {
      const answers: Answer[] = [];
      for (const message of messages) answers.push(await given.send(engine, message));
      return answers;
    };
    const answers = await send();
    expect(await send()).toEqual(answers);
    expect(new Set(alarms)).toEqual(new Set(['a snapshot was not written: the disk is full']));
    expect(engine.counters.snapshots).toBe(0);
    full = false;
    for (let n = 100; n < 120; n++) await given.send(engine, given.authorization(n, 1_00n));
    await until(() => engine.counters.snapshots > 0 && engine.counters.residents < 40);
    expect(await send()).toEqual(answers);
    await stop();
    await start(SMALL);
    expect(await send()).toEqual(answers);
    expect((await effects()).filter((type) => type.startsWith('Authorization'))).toHaveLength(60);
  });
});
