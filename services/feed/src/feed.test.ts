import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventToAppend, type Journal, openSqliteJournal } from '@holdfast/journal';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { CloudEvent } from 'cloudevents';
import { connect, DiscardPolicy, type NatsConnection, nanos } from 'nats';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloudEventOf } from './cloudEvent.ts';
import { type FeedOptions, startFeed } from './feed.ts';
import { subjectOf } from './subject.ts';
import { type NatsProcess, natsProcess } from './testing/natsProcess.ts';

const program = inject('natsServer');
/** A server that is named is not ours to kill. */
const natsUrl = process.env.NATS_URL;

let nth = 0;
function event(data: unknown = { nth }, type = 'Tested'): EventToAppend {
  const id = `00000000-0000-4000-8000-${String(++nth).padStart(12, '0')}`;
  const metadata = { schemaVersion: 1, occurredAt: '2026-03-01T12:00:00.000Z', commandId: `c${nth}`, actor: 'tests' };
  return { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
}

describe('an event as it is published', () => {
  const stored = {
    ...event({ amountMinor: '12' }, 'FundsDeposited'),
    stream: 'account-7c8',
    revision: 3,
    position: 99n,
  };

  test('is a CloudEvent that its own library takes, with the data byte for byte', () => {
    const text = cloudEventOf('urn:holdfast', stored);
    // Strict: throws for whatever the specification does not allow.
    expect(new CloudEvent(JSON.parse(text), true)).toMatchObject({
      id: stored.id,
      type: 'FundsDeposited',
      subject: 'account-7c8',
      source: 'urn:holdfast',
      time: '2026-03-01T12:00:00.000Z',
      sequence: '3',
      holdfastposition: '99',
      schemaversion: 1,
      actor: 'tests',
      data: { amountMinor: '12' },
    });
    expect(text).toContain(`"data":${stored.data}}`);
  });

  test.each([
    ['account-7c8', 'FundsDeposited', 'x.account.7c8.FundsDeposited'],
    ['card-a-b', 'CardIssued', 'x.card.a-b.CardIssued'],
    ['unmatched-0f', 'A.B', 'x.unmatched.0f.A%2EB'],
    ['odd-a b*>.%', 'T', 'x.odd.a%20b%2A%3E%2E%25.T'],
    ['nodash', 'T', 'x.nodash._.T'],
  ])('of stream %s and type %s has the subject %s', (stream, type, subject) => {
    expect(subjectOf('x', { stream, type })).toBe(subject);
  });
});

describe.skipIf(program === '' && natsUrl === undefined)('the feed, on a real nats-server', () => {
  let nats: NatsProcess;
  let connection: NatsConnection;
  const closing: (() => Promise<void>)[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-feed-'));
  beforeAll(async () => {
    nats = natsUrl === undefined ? await natsProcess(program) : notOurs(natsUrl);
    await nats.start();
    connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    await connection.close();
    await nats.destroy();
    rmSync(directory, { recursive: true });
  });

  const unique = `T${Date.now().toString(36)}`;
  let streams = 0;
  /** A stream of its own for each test. */
  function named(): FeedOptions['stream'] & { folder: string } {
    const name = `${unique}${++streams}`;
    return { name, prefix: name.toLowerCase(), replicas: 1, folder: join(directory, name) };
  }

  /** A stream that recognises an id for a tenth of a second only. */
  async function withShortWindow(): Promise<ReturnType<typeof named>> {
    const stream = named();
    const manager = await connection.jetstreamManager();
    await manager.streams.add({
      ...{ name: stream.name, subjects: [`${stream.prefix}.>`], discard: DiscardPolicy.New },
      ...{ deny_delete: true, deny_purge: true, duplicate_window: nanos(100) },
    });
    return stream;
  }

  function begin(reader: Journal, { folder, ...stream }: ReturnType<typeof named>) {
    const feed = startFeed({ reader, nats: { servers: nats.url }, stream, source: 'urn:test', directory: folder });
    closing.push(() => feed.close());
    return feed;
  }

  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await sleep(10);
  };

  async function messages(name: string) {
    const manager = await connection.jetstreamManager();
    const { state } = await manager.streams.info(name);
    const all = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
      all.push(await manager.streams.getMessage(name, { seq }));
    }
    return all;
  }

  /** The stream holds every event of the log, once, in its order. */
  async function expectWhole(journal: Journal, name: string): Promise<void> {
    const log = (await Array.fromAsync(journal.readAll())).flatMap(({ events }) => events);
    const published = await messages(name);
    expect(published.map(({ header }) => header.get('Nats-Msg-Id'))).toEqual(log.map(({ id }) => id));
    expect(published.map((message) => message.json<{ id: string }>().id)).toEqual(log.map(({ id }) => id));
  }

  async function fill(journal: Journal, from: number, count: number): Promise<void> {
    for (let i = from; i < from + count; i++) await journal.append(`account-${i}`, 'no_stream', [event(), event()]);
  }

  test('publishes all that is there, then what comes, in the order of the log', async () => {
    const stream = named();
    const journal = openMemoryJournal();
    await fill(journal, 0, 700);
    const feed = begin(journal, stream);
    await until(() => feed.published === 1_400);
    await fill(journal, 700, 20);
    await until(() => feed.published === 1_440 && feed.caughtUp);
    await expectWhole(journal, stream.name);
    const [first] = await messages(stream.name);
    expect(first?.subject).toBe(`${stream.prefix}.account.0.Tested`);
    expect(first?.header.get('Content-Type')).toBe('application/cloudevents+json');
  });

  test('goes on after a restart where the stream stands, within and after its duplicate window', async () => {
    const stream = await withShortWindow();
    const journal = openMemoryJournal();
    for (let life = 0; life < 4; life++) {
      await fill(journal, life * 50, 50);
      const feed = begin(journal, stream);
      // Not always to the end: what was under way is somewhere.
      await until(() => feed.published > life * 10);
      await feed.close();
      rmSync(stream.folder, { recursive: true, force: true });
      if (life % 2 === 0) await sleep(150);
    }
    const feed = begin(journal, stream);
    await until(() => feed.caughtUp);
    await expectWhole(journal, stream.name);
  });

  test.skipIf(natsUrl !== undefined)('waits while NATS is away, and two feeds at once double nothing', async () => {
    // The server forgets ids at once, so that only what the feed expects of the stream keeps it from doubling.
    const stream = await withShortWindow();
    const journal = openMemoryJournal();
    const feeds = [begin(journal, stream), begin(journal, { ...stream, folder: `${stream.folder}-two` })];
    let over = false;
    const writing = (async () => {
      for (let i = 0; !over; i++) {
        await fill(journal, i, 1);
        await sleep(1);
      }
    })();
    for (let round = 0; round < 4; round++) {
      await sleep(200);
      await nats.kill();
      await sleep(round * 150);
      await nats.start();
    }
    over = true;
    await writing;
    const head = await journal.head();
    await until(() => feeds.some((feed) => feed.position() === head));
    await expectWhole(journal, stream.name);
  });

  test('a stream that is another than it must be: it says in what', async () => {
    const stream = named();
    const manager = await connection.jetstreamManager();
    await manager.streams.add({ name: stream.name, subjects: ['other.>'] });
    const feed = begin(openMemoryJournal(), stream);
    await expect(feed.failed).rejects.toThrow(
      `subjects is other.>, must be ${stream.prefix}.>; discard is old, must be new`,
    );
  });

  test('a stream with events of another log: it says so, and publishes nothing', async () => {
    const stream = named();
    const one = openMemoryJournal();
    await fill(one, 0, 5);
    const first = begin(one, stream);
    await until(() => first.published === 10);
    await first.close();
    const other = openMemoryJournal(newMemoryLog());
    await fill(other, 0, 50);
    await expect(begin(other, stream).failed).rejects.toThrow('events of another log');
    await expectWhole(one, stream.name);
  });

  test('a stream that let go of its last message: the checkpoint says where it stood, and without one it stops', async () => {
    const stream = named();
    const journal = openMemoryJournal();
    await fill(journal, 0, 10);
    const first = begin(journal, stream);
    await until(() => first.published === 20);
    await first.close();
    const manager = await connection.jetstreamManager();
    const { config } = await manager.streams.info(stream.name);
    await manager.streams.update(stream.name, { ...config, max_age: nanos(200), duplicate_window: nanos(100) });
    await until(async () => (await manager.streams.info(stream.name)).state.messages === 0);
    await manager.streams.update(stream.name, { ...config, max_age: 0 });
    const journalHead = await journal.head();
    await fill(journal, 10, 1);
    const second = begin(journal, stream);
    await until(() => second.published === 2);
    await second.close();
    const log = (await Array.fromAsync(journal.readAll({ after: journalHead }))).flatMap(({ events }) => events);
    expect((await messages(stream.name)).map(({ seq }) => seq)).toEqual([21, 22]);
    expect((await messages(stream.name)).map(({ header }) => header.get('Nats-Msg-Id'))).toEqual(
      log.map(({ id }) => id),
    );

    await manager.streams.update(stream.name, { ...config, max_age: nanos(200), duplicate_window: nanos(100) });
    await until(async () => (await manager.streams.info(stream.name)).state.messages === 0);
    rmSync(stream.folder, { recursive: true });
    await expect(begin(journal, stream).failed).rejects.toThrow('let go of its last message');
  });

  test('the checkpoint comes to where the stream stands without being stopped', async () => {
    const stream = named();
    const journal = openMemoryJournal();
    await fill(journal, 0, 1);
    const feed = begin(journal, stream);
    await until(() => feed.published === 2);
    // Within a second of the one before, and nothing after it for long.
    await fill(journal, 1, 1);
    await until(() => feed.published === 4);
    const saved = () => JSON.parse(readFileSync(join(stream.folder, 'feed.json'), 'utf8')).sequence;
    const deadline = Date.now() + 4_000;
    await until(() => Date.now() > deadline || (existsSync(join(stream.folder, 'feed.json')) && saved() === 4));
    expect(saved()).toBe(4);
  });

  test('the consumer of docs/accounting.md comes to the balances that the entries have, through restarts', async () => {
    const example = join(import.meta.dirname, '../examples/accounting.ts');
    const page = readFileSync(join(import.meta.dirname, '../../../docs/accounting.md'), 'utf8');
    expect(page).toContain(readFileSync(example, 'utf8').trim());

    const stream = named();
    const journal = await openSqliteJournal({ directory: join(directory, 'log') });
    closing.push(() => journal.close());
    const expected = new Map<string, bigint>();
    async function deposit(n: number): Promise<void> {
      const name = `account-${n % 7}`;
      const minor = 9_007_199_254_740n * BigInt(n + 1);
      const entry = [
        { account: 'bank', currency: 'EUR', debitMinor: String(minor) },
        { account: 'available', currency: 'EUR', creditMinor: String(minor) },
      ];
      const revision = Math.floor(n / 7) - 1;
      await journal.append(name, revision < 0 ? 'no_stream' : revision, [event({ entry }, 'FundsDeposited')]);
      expected.set(`${name} available`, (expected.get(`${name} available`) ?? 0n) + minor);
      expected.set(`${name} bank`, (expected.get(`${name} bank`) ?? 0n) - minor);
    }
    const feed = begin(journal, stream);
    const file = join(directory, 'balances.db');
    const env = {
      ...process.env,
      NATS_URL: nats.url,
      HOLDFAST_FEED_STREAM: stream.name,
      HOLDFAST_FEED_SUBJECT: stream.prefix,
    };
    for (let life = 0; life < 3; life++) {
      for (let n = life * 70; n < life * 70 + 70; n++) await deposit(n);
      await until(() => feed.published === (life + 1) * 70);
      const consumer = spawn(process.execPath, [example, file], { env, stdio: 'inherit' });
      const ended = once(consumer, 'exit');
      // The second one is killed somewhere on its way.
      const enough = life === 1 ? 75 : (life + 1) * 70;
      await until(() => balancesIn(file).applied >= enough);
      consumer.kill(life === 1 ? 'SIGKILL' : 'SIGTERM');
      await ended;
    }
    expect(balancesIn(file).balances).toEqual(expected);
  });
});

function notOurs(url: string): NatsProcess {
  const nothing = async (): Promise<void> => {};
  return { url, start: nothing, kill: nothing, destroy: nothing };
}

function balancesIn(file: string): { applied: number; balances: Map<string, bigint> } {
  try {
    const db = new DatabaseSync(file, { readOnly: true, readBigInts: true } as ConstructorParameters<
      typeof DatabaseSync
    >[1]);
    try {
      const [row] = db.prepare('SELECT coalesce(sum(sequence + 1), 0) AS applied FROM applied').all();
      const rows = db.prepare('SELECT stream, ledger, minor FROM balances').all();
      const balances = new Map(rows.map(({ stream, ledger, minor }) => [`${stream} ${ledger}`, BigInt(String(minor))]));
      return { applied: Number(row?.applied), balances };
    } finally {
      db.close();
    }
  } catch {
    // Not made yet.
    return { applied: 0, balances: new Map() };
  }
}
