import { accountId, accountStream, cardId } from '@holdfast/events';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { expect, test } from 'vitest';
import { type EngineOptions, openEngine } from './runtime.ts';
import { faultyIndex } from './testing/faultyIndex.ts';
import { type Fault, faultyJournal } from './testing/faultyJournal.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, type VirtualClock, virtualClock } from './testing/virtualClock.ts';

const BOUNDS = { maxAccounts: 200, maxResidents: 4_000, snapshotEvery: 100 } as const;

/** Accounts of one card each, with money, whose cards are numbered. */
async function withAccounts(count: number, options: Partial<EngineOptions> = {}, clock = virtualClock()) {
  const log = newMemoryLog();
  const index = memoryIndex();
  const engine = await openEngine({ journal: openMemoryJournal(log), index, clock, ...BOUNDS, ...options });
  await given.openProgram(engine);
  for (let n = 0; n < count; n += 100) {
    await Promise.all(Array.from({ length: Math.min(100, count - n) }, (_, each) => openOne(n + each)));
  }
  async function openOne(n: number): Promise<void> {
    const account = accountId(String(n));
    const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
    await given.execute(engine, {
      ...{ type: 'openAccount', accountId: account, programId: given.program, currency: given.EUR },
    });
    await given.execute(engine, { type: 'issueCard', accountId: account, cardId: cardId(String(n)), ...facts });
  }
  return { log, clock, index, engine };
}

const purchase = (n: number, card: number) => given.clearing(n, n, 1n, { cardId: cardId(String(card)) });

async function tick(clock: VirtualClock): Promise<void> {
  await clock.advance(1_000);
  await settled();
}

test('50,000 messages over 2,000 accounts leave no more in memory than may be', async () => {
  const { clock, engine } = await withAccounts(2_000);
  for (let n = 0; n < 50_000; n += 500) {
    const batch = Array.from({ length: 500 }, (_, each) =>
      purchase(n + each, (Math.floor((n + each) / 10) * 7_919) % 2_000),
    );
    await Promise.all(batch.map((message) => given.send(engine, message)));
    await tick(clock);
    expect(engine.counters.accountsInMemory).toBeLessThanOrEqual(BOUNDS.maxAccounts);
    expect(engine.counters.residents).toBeLessThanOrEqual(BOUNDS.maxResidents);
  }
  expect(engine.counters.decisions).toBe(50_000);
});

test('one account with all the traffic leaves no more in memory than may be', async () => {
  const { clock, engine } = await withAccounts(1);
  for (let n = 0; n < 20_000; n += 500) {
    const batch = Array.from({ length: 500 }, (_, each) => purchase(n + each, 0));
    await Promise.all(batch.map((message) => given.send(engine, message)));
    await tick(clock);
    expect(engine.counters.residents).toBeLessThanOrEqual(BOUNDS.maxResidents + 500);
  }
});

test('repeats alone, of everything that ever was, bring back no more than may be', async () => {
  const { clock, engine } = await withAccounts(1, { maxResidents: 500 });
  for (let n = 0; n < 5_000; n += 500) {
    const batch = Array.from({ length: 500 }, (_, each) => purchase(n + each, 0));
    await Promise.all(batch.map((message) => given.send(engine, message)));
    await tick(clock);
  }
  const appended = engine.counters.appendedEvents;
  for (let n = 0; n < 5_000; n += 100) {
    const batch = Array.from({ length: 100 }, (_, each) => purchase(n + each, 0));
    await Promise.all(batch.map((message) => given.send(engine, message)));
    expect(engine.counters.residents).toBeLessThanOrEqual(600);
  }
  expect(engine.counters.appendedEvents).toBe(appended);
  // Counted anew with each append.
  await given.send(engine, purchase(5_000, 0));
  expect(engine.counters.residents).toBeLessThanOrEqual(600);
});

test('when memory gets short, accounts leave a few at a time, and all of them leave that must', async () => {
  const memory = memoryIndex();
  let writing = 0;
  let most = 0;
  const write: typeof memory.write = async (given) => {
    most = Math.max(most, ++writing);
    await memory.write(given);
    writing--;
  };
  const alarms: string[] = [];
  const options = { index: { ...memory, write }, maxResidents: 6_100, snapshotEvery: 10_000 };
  const { clock, engine } = await withAccounts(50, { ...options, alarm: (message) => alarms.push(message) });
  // Each has 122 that are not saved when memory is full.
  for (let round = 0; round < 200; round++) {
    await Promise.all(Array.from({ length: 50 }, (_, card) => given.send(engine, purchase(round * 50 + card, card))));
    if (round % 40 === 39) await tick(clock);
  }
  expect(engine.counters.snapshots).toBeGreaterThan(10);
  // Of 122 each: the fifth makes them more than 512.
  expect(most).toBeLessThanOrEqual(5);
  expect(engine.counters.residents).toBeLessThanOrEqual(options.maxResidents);
  expect(alarms).toEqual([]);
});

test('of accounts with many cards, fewer are saved at a time', async () => {
  const memory = memoryIndex();
  let writing = 0;
  let most = 0;
  let snapshot = 0;
  const write: typeof memory.write = async (given) => {
    most = Math.max(most, ++writing);
    snapshot = given.snapshot.length;
    await memory.write(given);
    writing--;
  };
  const options = { index: { ...memory, write }, maxResidents: 100, snapshotEvery: 10_000 };
  const { clock, engine } = await withAccounts(60, options);
  const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
  for (let card = 1; card < 40; card++) {
    const issue = (n: number) => {
      const ids = { accountId: accountId(String(n)), cardId: cardId(`${n}/${card}`) };
      return given.execute(engine, { type: 'issueCard', ...ids, ...facts });
    };
    await Promise.all(Array.from({ length: 60 }, (_, n) => issue(n)));
  }
  await tick(clock);
  most = 0;
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 60 }, (_, card) => given.send(engine, purchase(round * 60 + card, card))));
  }
  await tick(clock);
  // Five events each: by these alone, all would be saved at once.
  expect(snapshot).toBeGreaterThan(10_000);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(Math.ceil(512_000 / snapshot) + 1);
});

test('many accounts that are all in use, each with little, leave no more in memory than may be', async () => {
  const clock = virtualClock();
  // So that two of them at a time would never keep up.
  const index = faultyIndex(memoryIndex(), clock, () => ({ kind: 'slow', ms: 50 }));
  const options = { index, maxAccounts: 2_000, maxResidents: 5_000, snapshotEvery: 10_000 };
  const { engine } = await withAccounts(1_000, options, clock);
  for (let round = 0; round < 30; round++) {
    for (let n = 0; n < 1_000; n += 100) {
      const cards = Array.from({ length: 100 }, (_, each) => n + each);
      await Promise.all(cards.map((card) => given.send(engine, purchase(round * 1_000 + card, card))));
    }
    for (let ms = 0; ms < 1_000; ms += 50) {
      await clock.advance(50);
      await settled();
    }
    expect(engine.counters.residents).toBeLessThanOrEqual(options.maxResidents + 1_000);
  }
  // All are used once a second: who leaves would have to be read again at once.
  expect(engine.counters.accountsInMemory).toBe(1_000);
});

test('after a tick at which all were busy, the next one goes on until enough have left', async () => {
  const clock = virtualClock();
  let slow = false;
  const journal = faultyJournal(openMemoryJournal(), clock, () => (slow ? { kind: 'slow', ms: 600 } : undefined));
  const { engine } = await withAccounts(100, { journal, maxResidents: 1_000, snapshotEvery: 10_000 }, clock);
  const round = (n: number) =>
    Promise.all(Array.from({ length: 100 }, (_, card) => given.send(engine, purchase(n * 100 + card, card))));
  for (let n = 0; n < 40; n++) await round(n);
  slow = true;
  const underWay = round(40);
  await tick(clock);
  expect(engine.counters.residents).toBeGreaterThan(4_000);
  slow = false;
  await tick(clock);
  await underWay;
  expect(engine.counters.residents).toBeLessThanOrEqual(1_000);
});

test('what is decided while its account is saved does not leave memory with the rest', async () => {
  const clock = virtualClock();
  const index = faultyIndex(memoryIndex(), clock, () => ({ kind: 'slow', ms: 1_000 }));
  const { engine } = await withAccounts(2, { index, maxResidents: 60, snapshotEvery: 10_000 }, clock);
  await Promise.all(Array.from({ length: 100 }, (_, n) => given.send(engine, purchase(n, n % 2))));
  // Both are saved, which takes a second.
  await tick(clock);
  expect(await given.send(engine, purchase(100, 0))).toMatchObject({ decision: 'accepted' });
  await clock.advance(2_000);
  expect(engine.counters.snapshots).toBe(2);
  expect(engine.counters.residents).toBeLessThan(10);
  const { appendedEvents } = engine.counters;
  for (const n of [100, 0, 1, 98, 99]) {
    expect(await given.send(engine, purchase(n, n % 2))).toMatchObject({ decision: 'accepted' });
  }
  expect(engine.counters.appendedEvents).toBe(appendedEvents);
});

test('an account whose last append was refused holds nothing, and holds up nobody while memory is short', async () => {
  const clock = virtualClock();
  const faults: Fault[] = [];
  const journal = faultyJournal(openMemoryJournal(), clock, () => faults.shift());
  const { engine } = await withAccounts(2, { journal, maxResidents: 100, snapshotEvery: 10_000 }, clock);
  await Promise.all(Array.from({ length: 160 }, (_, n) => given.send(engine, purchase(n, n < 120 ? 1 : 0))));
  expect(engine.counters.residents).toBe(167);
  faults.push({ kind: 'refused' }, { kind: 'slow', ms: 10_000 });
  await expect(given.send(engine, purchase(200, 0))).rejects.toThrow();
  expect(engine.counters.residents).toBe(125);
  // It is busy, so that nothing more can leave.
  const slow = given.send(engine, purchase(201, 1));
  await tick(clock);
  expect(engine.counters.accountsInMemory).toBe(1);
  await clock.advance(20_000);
  expect(await slow).toMatchObject({ decision: 'accepted' });
  expect(await given.send(engine, purchase(121, 0))).toMatchObject({ decision: 'accepted' });
});

test('accounts whose snapshots cannot be written leave without them', async () => {
  const index = faultyIndex(memoryIndex(), virtualClock(), () => ({ kind: 'fails' }));
  const { clock, engine, log } = await withAccounts(20, { index, maxAccounts: 5 });
  for (let n = 0; n < 20; n++) {
    for (let each = 0; each < 150; each += 50) {
      const batch = Array.from({ length: 50 }, (_, more) => purchase(n * 150 + each + more, n));
      await Promise.all(batch.map((message) => given.send(engine, message)));
    }
  }
  for (let ticks = 0; ticks < 4; ticks++) await tick(clock);
  expect(engine.counters.accountsInMemory).toBeLessThanOrEqual(5);
  expect(engine.counters.snapshots).toBe(0);
  await given.send(engine, purchase(0, 0));
  expect(log.streams.get(accountStream(accountId('0')))).toHaveLength(153); // opened, issued, 150 purchases, overdrawn once
});
