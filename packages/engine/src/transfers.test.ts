import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccountId, type DomainEvent, type Instant, type Recorded, signedMinor } from '@holdfast/domain';
import { accountId, accountIdOfStream, commandIdOf, decode, transferId } from '@holdfast/events';
import { type Journal, JournalUnavailable, openSqliteJournal } from '@holdfast/journal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, Transfer } from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import { openEngine, type Unfinished } from './runtime.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { type VirtualClock, virtualClock } from './testing/virtualClock.ts';

const target = accountId('target');
const id = transferId('one');
const send: Transfer = {
  type: 'transfer',
  accountId: given.account,
  transferId: id,
  target,
  amountMinor: 30_00n,
  currency: given.EUR,
};

let directory: string;
let log: Journal;
let clock: VirtualClock;
const opened: Engine[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-transfers-'));
  log = await openSqliteJournal({ directory });
  clock = virtualClock();
  const engine = await open();
  await given.openProgram(engine);
  await openTarget(engine);
});

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
  await log.close();
  rmSync(directory, { recursive: true });
});

/** `dies` is asked before each append: then nothing more gets to the log, and nothing is answered. */
async function open(dies: (types: readonly string[]) => boolean = () => false): Promise<Engine> {
  let dead = false;
  const journal: Journal = {
    ...log,
    append: (stream, expected, events) => {
      dead ||= dies(events.map(({ type }) => type));
      return dead ? Promise.reject(new JournalUnavailable('dead')) : log.append(stream, expected, events);
    },
  };
  const engine = await openEngine({ journal, index: memoryIndex(), clock, unfinished });
  opened.push(engine);
  return engine;
}

function openTarget(engine: Engine, accountOf: AccountId = target) {
  const { program: programId, EUR: currency } = given;
  return given.execute(engine, { type: 'openAccount', accountId: accountOf, programId, currency });
}

/** As read models would tell it, as of the last look. */
let sentAt = new Map<string, { readonly at: Instant; readonly accountId: AccountId }>();
function unfinished(before: Instant, limit: number): readonly Unfinished[] {
  const all = [...sentAt].filter(([, { at }]) => at <= before);
  return all.slice(0, limit).map(([, { accountId }]) => ({ accountId, transferId: id }));
}

/** What the log has of transfers, by type; and what is in transit. */
async function look() {
  const types: string[] = [];
  const balances = new Map<string, bigint>();
  sentAt = new Map();
  for await (const { events } of log.readAll()) {
    for (const stored of events) {
      const event = decode(stored) as Recorded<DomainEvent>;
      const accountOf = accountIdOfStream(stored.stream);
      if (event.type.startsWith('Transfer')) types.push(event.type);
      if (event.type === 'TransferSent' && accountOf !== undefined)
        sentAt.set(event.data.transferId, { at: event.metadata.occurredAt, accountId: accountOf });
      if (event.type === 'TransferCompleted' || event.type === 'TransferReturned') sentAt.delete(event.data.transferId);
      if (!('entry' in event.data)) continue;
      for (const leg of event.data.entry) {
        const name = leg.account === 'available' ? `${accountOf}` : leg.account;
        balances.set(name, (balances.get(name) ?? 0n) - signedMinor(leg));
      }
    }
  }
  const of = (name: string) => balances.get(name) ?? 0n;
  return { types: types.join(' '), inTransit: of('in_transit'), source: of(given.account), target: of(target) };
}

/** The scheduler of an engine does not wait for what it begins. */
async function until(expected: Awaited<ReturnType<typeof look>>): Promise<void> {
  await expect.poll(look, { timeout: 10_000 }).toEqual(expected);
}

const RECEIVED = {
  types: 'TransferSent TransferReceived TransferCompleted',
  inTransit: 0n,
  source: 70_00n,
  target: 30_00n,
};
const RETURNED = { types: 'TransferSent TransferRefused TransferReturned', inTransit: 0n, source: 100_00n, target: 0n };

describe('a transfer', () => {
  test('is answered once it was received, and again in the same way', async () => {
    const engine = await open();
    const told = await given.execute(engine, send);
    expect(told).toMatchObject({ done: true, event: { type: 'TransferSent' }, transfer: { status: 'received' } });
    expect(await look()).toEqual(RECEIVED);
    expect(await given.execute(engine, send)).toEqual(told);
    expect(await given.execute(await open(), send)).toEqual(told);
    expect(await look()).toEqual(RECEIVED);
  });

  test('of what the source does not have is refused, and nothing is written', async () => {
    const engine = await open();
    const refused = await given.execute(engine, { ...send, amountMinor: 100_01n });
    expect(refused).toEqual({ done: false, refusal: 'insufficient_funds' });
    expect(await given.execute(engine, { ...send, target: accountId('nobody') })).toMatchObject({
      refusal: 'target_not_found',
    });
    expect(await look()).toMatchObject({ types: '' });
  });

  test('sent by twenty calls at once, to two engines, is one', async () => {
    const engines = [await open(), await open()];
    const told = await Promise.all(Array.from({ length: 20 }, (_, n) => given.execute(engines[n % 2] as Engine, send)));
    for (const each of told) expect(each).toMatchObject({ done: true, transfer: { status: 'received' } });
    expect(await look()).toEqual(RECEIVED);
  });

  test('under the key of another one is refused', async () => {
    const engine = await open();
    await given.execute(engine, send, 'key');
    const other = { ...send, amountMinor: 1n };
    expect(await given.execute(engine, other, 'key')).toEqual({ done: false, refusal: 'idempotency_key_reused' });
  });

  test('comes back when its target was closed in between, and is answered so for ever', async () => {
    const first = await open((types) => types.includes('TransferReceived'));
    await expect(given.execute(first, send)).rejects.toThrow(EngineUnavailable);
    const second = await open();
    await given.execute(second, { type: 'closeAccount', accountId: target });
    const told = await given.execute(second, send);
    expect(told).toMatchObject({ done: true, transfer: { status: 'returned', reason: 'account_closed' } });
    expect(await look()).toEqual(RETURNED);
    expect(await given.execute(await open(), send)).toEqual(told);
  });

  test('in both directions at once gets there', async () => {
    const engine = await open();
    await given.execute(engine, { ...send, amountMinor: 50_00n }, 'first');
    const back = {
      ...send,
      accountId: target,
      target: given.account,
      transferId: transferId('back'),
      amountMinor: 20_00n,
    };
    const forth = { ...send, transferId: transferId('forth'), amountMinor: 10_00n };
    await Promise.all([given.execute(engine, back), given.execute(engine, forth)]);
    expect(await look()).toMatchObject({ inTransit: 0n, source: 60_00n, target: 40_00n });
  });
});

describe.each([
  ['TransferReceived', 'TransferSent'],
  ['TransferCompleted', 'TransferSent TransferReceived'],
])('an engine that dies before %s', (type, written) => {
  beforeEach(async () => {
    const dying = await open((types) => types.includes(type));
    await expect(given.execute(dying, send)).rejects.toThrow(EngineUnavailable);
    expect((await look()).types).toBe(written);
  });

  test('leaves what another one finishes by itself', async () => {
    const engine = await open();
    await clock.advance(2_000);
    await until(RECEIVED);
    await expect.poll(() => engine.counters.resumed).toBe(1);
  });

  test('leaves what two others finish together, once', async () => {
    await Promise.all([open(), open()]);
    await clock.advance(2_000);
    await until(RECEIVED);
  });

  test('leaves what the same call again finishes', async () => {
    expect(await given.execute(await open(), send)).toMatchObject({ transfer: { status: 'received' } });
    expect(await look()).toEqual(RECEIVED);
  });

  test('leaves it alone as long as somebody may be at it', async () => {
    const engine = await open();
    await engine.tick();
    expect((await look()).types).toBe(written);
  });
});

test('what read models still list is finished already: nothing is done', async () => {
  const engine = await open();
  await given.execute(engine, send);
  sentAt = new Map([[id, { at: 0, accountId: given.account }]]);
  await engine.tick();
  await (await open()).tick();
  expect(await look()).toEqual(RECEIVED);
  expect(engine.counters.resumed).toBe(0);
});

test('an engine that has its source in memory, from before it was sent, takes it up too', async () => {
  const engine = await open();
  await given.deposit(engine, 1_00n, 'a cent in time');
  const dying = await open((types) => types.includes('TransferReceived'));
  await expect(given.execute(dying, send)).rejects.toThrow(EngineUnavailable);
  await dying.close();
  opened.pop();
  await look();
  await clock.advance(2_000);
  await until({ ...RECEIVED, source: 71_00n });
  await expect.poll(() => engine.counters.resumed).toBe(1);
});

test('an engine that stops finishes what it has begun', async () => {
  const engine = await openEngine({ journal: log, index: memoryIndex(), clock });
  let told: unknown;
  void given.execute(engine, send).then((outcome) => {
    told = outcome;
  });
  await engine.close();
  expect(told).toMatchObject({ transfer: { status: 'received' } });
  expect(await look()).toEqual(RECEIVED);
});

test.each([
  ['a snapshot', true],
  ['the log alone', false],
])('an unfinished transfer comes back from %s', async (_, keeps) => {
  const first = await open((types) => types.includes('TransferReceived'));
  await expect(given.execute(first, send)).rejects.toThrow(EngineUnavailable);
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: 'test' });
  const saving = await openEngine({ journal: log, index, clock, snapshotEvery: 1 });
  // Anything that is decided makes it take a snapshot.
  await given.deposit(saving, 1n, 'cent');
  await saving.close();
  const engine = keeps ? await openEngine({ journal: log, index, clock }) : await open();
  const emptied = { type: 'withdraw', accountId: given.account, amountMinor: 70_01n, currency: given.EUR } as const;
  await given.execute(engine, { ...emptied, withdrawalId: 'wdr_00000000000000000000000000' as never });
  const closing = await given.execute(engine, { type: 'closeAccount', accountId: given.account });
  expect(closing).toEqual({ done: false, refusal: 'account_not_empty' });
  expect(await given.execute(engine, send)).toMatchObject({ transfer: { status: 'received' } });
  await engine.close();
  await index.close();
});

test('each step says what it follows from', async () => {
  await given.execute(await open(), send);
  const steps: Recorded<DomainEvent>[] = [];
  for await (const { events } of log.readAll()) {
    for (const stored of events) if (stored.type.startsWith('Transfer')) steps.push(decode(stored));
  }
  const [first, ...later] = steps.map(({ metadata }) => metadata);
  expect(first).toMatchObject({ actor: 'key_test' });
  for (const metadata of later) {
    expect(metadata).toMatchObject({ actor: 'system', causationId: first?.commandId, programId: given.program });
    expect(metadata.correlationId).toBe(first?.correlationId);
  }
  expect(first?.commandId).toBe(commandIdOf('api', JSON.stringify({ ...send, amountMinor: '3000' })));
});
