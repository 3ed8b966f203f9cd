import { accountStream } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import { type EngineOptions, openEngine } from './runtime.ts';
import { faultyIndex } from './testing/faultyIndex.ts';
import { type Fault, faultyJournal } from './testing/faultyJournal.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, type VirtualClock, virtualClock } from './testing/virtualClock.ts';

let log: MemoryLog;
let clock: VirtualClock;
let faults: (Fault | undefined)[];
let unreadable: boolean;
let alarms: string[];
let engine: Engine;

const journal = (): Journal =>
  faultyJournal(
    openMemoryJournal(log),
    clock,
    () => faults.shift(),
    () => unreadable,
  );

const open = (options: Partial<EngineOptions> = {}) =>
  openEngine({
    journal: journal(),
    index: memoryIndex(),
    clock,
    alarm: (message) => alarms.push(message),
    ...options,
  });

beforeEach(async () => {
  log = newMemoryLog();
  clock = virtualClock();
  faults = [];
  unreadable = false;
  alarms = [];
  engine = await open();
  await given.openProgram(engine);
});

const types = () => (log.streams.get(accountStream(given.account)) ?? []).map(({ type }) => type);

describe('while the index cannot be read', () => {
  test('an account that needs it is unavailable, and goes on when it can be read again', async () => {
    let broken = false;
    const index = faultyIndex(
      memoryIndex(),
      clock,
      () => undefined,
      () => broken,
    );
    engine = await open({ index, snapshotEvery: 1 });
    await given.send(engine, given.authorization(1, 1_00n));
    broken = true;
    engine = await open({ index });
    await expect(given.send(engine, given.authorization(1, 1_00n))).rejects.toThrow(EngineUnavailable);
    broken = false;
    const again = () => given.send(engine, given.authorization(1, 1_00n));
    await expect(again()).resolves.toMatchObject({ decision: 'approved' });
    engine = await open({ index });
    await given.send(engine, given.authorization(2, 1_00n));
    broken = true;
    await expect(again()).rejects.toThrow(EngineUnavailable);
    broken = false;
    await expect(again()).resolves.toMatchObject({ decision: 'approved' });
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(2);
    expect(alarms).toEqual([]);
  });
});

describe('an append whose outcome is unknown', () => {
  test.each<[string, Fault]>([
    ['is there', { kind: 'answer_lost' }],
    ['is not there', { kind: 'request_lost' }],
    ['gets there later', { kind: 'request_delayed', ms: 300 }],
  ])('and %s, and whose next tries are refused, is still in doubt: nobody is told that it failed', async (_, lost) => {
    faults = [lost, { kind: 'refused' }, { kind: 'refused' }];
    const answered = given.send(engine, given.authorization(1, 90_00n));
    await clock.advance(1_000);
    await expect(answered).resolves.toMatchObject({ decision: 'approved' });
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(1);
  });
});

describe('a quarantined account', () => {
  test('stays so when what was in flight is refused, and everybody is told', async () => {
    faults = [{ kind: 'slow', ms: 10 }, { kind: 'refused' }];
    const inFlight = given.send(engine, given.authorization(1, 1_00n));
    const queued = given.send(engine, given.clearing(2, 2, 2n ** 53n - 1n));
    const breaking = given.send(engine, given.clearing(3, 3, 2n ** 53n - 1n));
    const outcomes = Promise.allSettled([inFlight, queued, breaking]);
    await clock.advance(100);
    const [first, second, third] = await outcomes;
    expect(first).toMatchObject({ status: 'fulfilled', value: { decision: 'approved' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'quarantined' } });
    expect(third).toMatchObject({ status: 'rejected', reason: { code: 'quarantined' } });
    await expect(given.send(engine, given.authorization(4, 1_00n))).rejects.toThrow('quarantined');
    expect(alarms).toEqual(['a stream is quarantined']);
  });
});

describe('a command whose event no log takes', () => {
  test('fails alone: what was decided before and behind it is not touched', async () => {
    const blocked = Array.from({ length: 20_000 }, (_, n) => String(n % 10_000).padStart(4, '0'));
    const controls = { limits: [], merchantCategories: { blocked, allowed: [] } };
    const before = given.send(engine, given.authorization(1, 1_00n));
    const large = given.execute(engine, { type: 'setCardControls', cardId: given.card, controls });
    const behind = given.send(engine, given.authorization(2, 1_00n));
    await expect(large).rejects.toThrow('makes 1 events');
    await expect(before).resolves.toMatchObject({ decision: 'approved' });
    await expect(behind).resolves.toMatchObject({ decision: 'approved' });
    expect(alarms).toEqual([]);
  });
});

test('a conflict is answered when it is recorded, however often it comes meanwhile', async () => {
  await given.send(engine, given.authorization(1, 1_00n));
  faults = [{ kind: 'refused' }];
  const conflicts = [1, 2].map(() => given.send(engine, given.authorization(1, 2_00n)));
  for (const conflict of conflicts) await expect(conflict).rejects.toThrow(EngineUnavailable);
  expect(types()).not.toContain('MessageConflicted');
});

test('a late approval is released although the first tries to release it are refused', async () => {
  faults = [{ kind: 'slow', ms: 100 }, { kind: 'refused' }, { kind: 'refused' }];
  const answered = given.send(engine, given.authorization(1, 40_00n), clock.now() + 50);
  await clock.advance(5_000);
  await expect(answered).resolves.toMatchObject({ responseCode: '91' });
  expect(types().slice(-2)).toEqual(['AuthorizationApproved', 'LateApprovalReleased']);
});

test('whatever a waiting reversal says in its private data, its account can be loaded from a snapshot', async () => {
  const index = memoryIndex();
  engine = await open({ index, snapshotEvery: 1 });
  const waiting = given.reversal(1, 7, { privateData: { tipMinor: 'hello', taxMinor: '12' } });
  for (const message of [waiting, given.authorization(2, 1n), given.authorization(3, 1n)]) {
    await given.send(engine, message);
    await settled();
  }
  engine = await open({ index });
  const original = given.send(engine, given.authorization(7, 1_00n));
  await expect(original).resolves.toMatchObject({ reason: 'reversed_before_arrival' });
  expect(alarms).toEqual([]);
});

describe('the expiry scheduler', () => {
  const DAY_MS = 86_400_000;

  test('goes on when what is due could not be read, and says so', async () => {
    let asked = 0;
    const due = () => {
      asked++;
      throw new Error('the read models are being rebuilt');
    };
    engine = await open({ due });
    await clock.advance(3_500);
    expect(asked).toBe(3);
    expect(alarms).toEqual(Array(3).fill('the expiry scheduler failed'));
  });

  test('asks for more while an account cannot be written, and does not send its expiry twice', async () => {
    const answer = await given.send(engine, given.authorization(1, 1_00n));
    const expiresAt = clock.now() + 7 * DAY_MS;
    const hold = { accountId: given.account, transactionId: answer.transactionId as never, expiresAt };
    let stuck = true;
    const appends: string[] = [];
    const patient: Journal = {
      ...journal(),
      append(stream, expected, events) {
        appends.push(...events.map(({ type }) => type));
        return stuck ? new Promise(() => {}) : openMemoryJournal(log).append(stream, expected, events);
      },
    };
    const limits: number[] = [];
    engine = await open({
      journal: patient,
      due(_now, limit) {
        limits.push(limit);
        return [hold];
      },
    });
    await clock.jump(7 * DAY_MS);
    await clock.advance(3_500);
    expect(appends).toEqual(['AuthorizationExpired']);
    expect(limits.at(-1)).toBe((limits[0] ?? 0) + 1);
    stuck = false;
    engine = await open({ due: () => [hold] });
    await engine.tick();
    expect(types().slice(-1)).toEqual(['AuthorizationExpired']);
  });
});
