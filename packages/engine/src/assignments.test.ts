import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DomainEvent, type Recorded, signedMinor } from '@holdfast/domain';
import { accountId, accountStream, cardId, decode } from '@holdfast/events';
import { type Journal, JournalUnavailable, openSqliteJournal } from '@holdfast/journal';
import { currencyOf } from '@holdfast/money';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountAggregate } from './accountAggregate.ts';
import type { Engine, Resolve } from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import { type EngineOptions, openEngine, type Unfinished } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { type VirtualClock, virtualClock } from './testing/virtualClock.ts';

let directory: string;
let log: Journal;
let clock: VirtualClock;
const opened: Engine[] = [];
let waiting: readonly Unfinished[] = [];
/** A clearing of 30.00 for a card that nobody knew. */
let unknown: { readonly stream: string; readonly revision: number };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-assignments-'));
  log = await openSqliteJournal({ directory });
  clock = virtualClock();
  waiting = [];
  const engine = await open();
  await given.openProgram(engine);
  await given.send(engine, given.clearing(1, 1, 30_00n, { cardId: cardId('nobody’s') }));
  unknown = (await look()).items[0] ?? { stream: '', revision: -1 };
});

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
  await log.close();
  rmSync(directory, { recursive: true });
});

/** Asked before each append whether it dies: then nothing more gets to the log, and nothing is answered. */
async function open(dies: (types: readonly string[]) => boolean = () => false, more: Partial<EngineOptions> = {}) {
  let dead = false;
  const journal: Journal = {
    ...log,
    append: (stream, expected, events) => {
      dead ||= dies(events.map(({ type }) => type));
      return dead ? Promise.reject(new JournalUnavailable('dead')) : log.append(stream, expected, events);
    },
  };
  const unfinished: EngineOptions['unfinished'] = (_before, limit) => waiting.slice(0, limit);
  const engine = await openEngine({ journal, index: memoryIndex(), clock, unfinished, ...more });
  opened.push(engine);
  return engine;
}

async function look() {
  const types: string[] = [];
  const items: { readonly stream: string; readonly revision: number }[] = [];
  const assigned: { readonly stream: string; readonly revision: number }[] = [];
  const sums = { suspense: 0n, in_transit: 0n, available: 0n, losses: 0n };
  for await (const { events } of log.readAll()) {
    for (const stored of events) {
      const event: Recorded<DomainEvent> = decode(stored);
      const { stream, revision } = stored;
      if (event.type.startsWith('Suspense')) types.push(event.type);
      if (event.type === 'SuspenseAssigned') assigned.push({ stream, revision });
      if (event.type === 'UnmatchedMessageRecorded' || event.type === 'ClearingSuspended')
        items.push({ stream, revision });
      if (!('entry' in event.data)) continue;
      for (const leg of event.data.entry) {
        if (leg.account in sums) sums[leg.account as keyof typeof sums] += signedMinor(leg);
      }
    }
  }
  return { types: types.join(' '), items, assigned, ...sums };
}

const toAccount = (to: Resolve['to'] = { accountId: given.account, accountMinor: undefined }): Resolve => ({
  ...{ type: 'resolve', ...unknown, to, reason: 'the card was issued a day too late' },
});
/** 100.00 deposited, 30.00 cleared. */
const DONE = { types: 'SuspenseAssigned SuspenseReceived', suspense: 0n, in_transit: 0n, available: -70_00n };

describe('a clearing of an unknown card', () => {
  test('goes to the account that somebody names, once', async () => {
    const engine = await open();
    const told = await given.execute(engine, toAccount());
    expect(told).toMatchObject({ done: true, event: { type: 'SuspenseAssigned', data: { accountId: given.account } } });
    expect(await look()).toMatchObject(DONE);
    expect(await given.execute(engine, toAccount())).toEqual(told);
    expect(await given.execute(await open(), toAccount())).toEqual(told);
    expect(await look()).toMatchObject(DONE);
  });

  test('is borne', async () => {
    await given.execute(await open(), toAccount('losses'));
    expect(await look()).toMatchObject({ types: 'SuspenseAssigned', suspense: 0n, in_transit: 0n, losses: 30_00n });
  });

  test('resolved by many at once, to different accounts, through two engines, is resolved once', async () => {
    const engines = [await open(), await open()];
    const told = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        given.execute(engines[n % 2] as Engine, toAccount(n % 3 === 0 ? 'losses' : undefined), `caller ${n}`),
      ),
    );
    expect(told.filter(({ done }) => done)).toHaveLength(1);
    for (const each of told) if (!each.done) expect(each.refusal).toBe('suspense_resolved');
    expect(await look()).toMatchObject({ suspense: 0n, in_transit: 0n });
  });

  test.each<[string, (item: Resolve) => Resolve, string]>([
    [
      'to an account that is not there',
      (it) => ({ ...it, to: { accountId: accountId('x'), accountMinor: undefined } }),
      'account_not_found',
    ],
    [
      'with an amount that it does not need',
      (it) => ({ ...it, to: { accountId: given.account, accountMinor: 1n } }),
      'account_amount_mismatch',
    ],
    ['of another revision', (it) => ({ ...it, revision: it.revision + 1 }), 'suspense_not_found'],
    ['of another kind of stream', (it) => ({ ...it, stream: 'program-x' }), 'suspense_not_found'],
    [
      'of an account that left nothing',
      (it) => ({ ...it, stream: accountStream(given.account) }),
      'suspense_not_found',
    ],
    ['of an account to another', (it) => ({ ...it, stream: accountStream(accountId('x')) }), 'other_account'],
  ])('%s is refused, and nothing is written', async (_, change, refusal) => {
    const head = await log.head();
    expect(await given.execute(await open(), change(toAccount()))).toEqual({ done: false, refusal });
    expect(await log.head()).toBe(head);
  });
});

describe('an engine that dies before the account has received', () => {
  beforeEach(async () => {
    const dying = await open((types) => types.includes('SuspenseReceived'));
    await expect(given.execute(dying, toAccount())).rejects.toThrow(EngineUnavailable);
    const { types, in_transit, assigned } = await look();
    expect([types, in_transit]).toEqual(['SuspenseAssigned', 30_00n]);
    waiting = assigned;
  });

  test('leaves what others finish by themselves, once', async () => {
    await Promise.all([open(), open()]);
    await clock.advance(1_000);
    await expect.poll(look, { timeout: 10_000 }).toMatchObject(DONE);
  });

  test('leaves what the same call again finishes', async () => {
    expect(await given.execute(await open(), toAccount())).toMatchObject({ done: true });
    expect(await look()).toMatchObject(DONE);
  });

  test('leaves what nobody can resolve otherwise', async () => {
    const other = await given.execute(await open(), toAccount('losses'), 'other');
    expect(other).toEqual({ done: false, refusal: 'suspense_resolved' });
  });
});

test('a sum of an unmatched message is found through a snapshot of its stream', async () => {
  const index = memoryIndex();
  const first = await open(() => false, { index, snapshotEvery: 1 });
  await given.send(first, given.clearing(2, 2, 7_00n, { cardId: cardId('nobody’s') }));
  const item = (await look()).items[1];
  if (item === undefined) throw new Error('not suspended');
  await expect.poll(() => index.snapshot(item.stream)).toBeDefined();
  const second = await open(() => false, { index });
  expect(await given.execute(second, { ...toAccount(), ...item })).toMatchObject({
    event: { type: 'SuspenseAssigned', data: { amountMinor: 7_00n } },
  });
});

test('items leave memory with the events that left them', () => {
  const account = accountAggregate.initial();
  account.suspense = new Map();
  account.suspense.set(3, { sum: undefined, resolved: false, lastRevision: 3 });
  account.suspense.set(5, { sum: undefined, resolved: false, lastRevision: 5 });
  accountAggregate.evict(account, 3);
  expect([...account.suspense.keys()]).toEqual([5]);
});

test('a sum that left memory is found, and so is that it was resolved', async () => {
  const engine = await open(() => false, { maxResidents: 4, snapshotEvery: 2 });
  const inPounds = { currency: currencyOf('GBP').code };
  await given.send(engine, given.clearing(50, 50, 5_00n, inPounds));
  const [, own] = (await look()).items;
  if (own === undefined) throw new Error('not suspended');
  const forget = async (from: number) => {
    for (let n = from; n < from + 40; n++) await given.send(engine, given.authorization(n, 1n));
  };
  await forget(100);
  const to = { accountId: given.account, accountMinor: 6_00n };
  const resolve = { ...toAccount(to), ...own };
  expect(await given.execute(engine, resolve)).toMatchObject({
    event: { type: 'SuspenseResolved', data: { to: 'available', accountMinor: 6_00n } },
  });
  await forget(200);
  expect(await given.execute(engine, resolve, 'again')).toEqual({ done: false, refusal: 'suspense_resolved' });
  expect(await given.execute(await open(), resolve, 'elsewhere')).toEqual({
    done: false,
    refusal: 'suspense_resolved',
  });
});
