import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, SupportedMessage } from '@holdfast/domain';
import { accountStream } from '@holdfast/events';
import { type Journal, openSqliteJournal } from '@holdfast/journal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccountIndex } from './accountIndex.ts';
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

async function start(options: Partial<EngineOptions>): Promise<void> {
  journal = await openSqliteJournal({ directory });
  index = await openSqliteAccountIndex({ directory, logId: 'log of the test', sourceHash: 'sources of the test' });
  engine = await openEngine({ journal, index, alarm: (message) => alarms.push(message), ...options });
}

async function stop(): Promise<void> {
  await engine.close();
  await index.close();
  await journal.close();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-residency-'));
  alarms = [];
});

afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true });
  expect(alarms).toEqual([]);
});

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
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `index.db${suffix}`), { force: true });
      await start(LARGE);
    },
  ],
];

const rrnOnly = { networkTransactionId: undefined } as unknown as Partial<SupportedMessage>;
const first = given.authorization(1, 40_00n);
const named = given.authorization(2, 5_00n, { messageId: 'm-2' });
const byRrn = given.authorization(3, 6_00n, rrnOnly);
const cleared = given.clearing(4, 4, 3_00n, { arn: 'ARN4' });
const again = { repeat: true, transmittedAt: '2026-03-02T10:00:00.000Z' } as const;

describe.each(WAYS)('%s', (_, options, pass) => {
  let told: ReadonlyMap<SupportedMessage, Answer>;
  let before: number;

  beforeEach(async () => {
    await start(options);
    await given.openProgram(engine);
    const messages = [first, named, byRrn, cleared];
    told = new Map(await Promise.all(messages.map(async (each) => [each, await given.send(engine, each)] as const)));
    await pass();
    before = (await effects()).length;
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
    expect(await given.send(engine, given.clearing(5, 1, 40_00n))).toMatchObject({
      transactionId: told.get(first)?.transactionId,
      flags: [],
    });
    expect(await given.send(engine, given.clearing(6, 3, 6_00n, rrnOnly))).toMatchObject({
      transactionId: told.get(byRrn)?.transactionId,
      flags: [],
    });
  });

  test('a reversal finds its authorization by original', async () => {
    const { stan, transmittedAt, acquirerId } = first;
    const original = { type: 'authorization', stan, transmittedAt, acquirerId } as SupportedMessage['original'];
    const reversal = given.reversal(7, 999, { original, amountMinor: 10_00n } as Partial<SupportedMessage>);
    expect(await given.send(engine, reversal)).toMatchObject({
      transactionId: told.get(first)?.transactionId,
      billingMinor: 10_00n,
    });
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
  const deposits = async (from: number) => {
    for (let n = from; n < from + 30; n++) await given.deposit(engine, 1n, `deposit ${n}`);
    await until(() => engine.counters.residents <= 30);
  };

  beforeEach(async () => {
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
