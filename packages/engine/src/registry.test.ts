import { cardId } from '@holdfast/events';
import type { Journal, Page } from '@holdfast/journal';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import type { AccountIndex } from './accountIndex.ts';
import { loadRegistry } from './registry.ts';
import { openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';

const stranger = (n: number) => cardId(`stranger ${n}`);

/** Readings of the log see what is there when they begin, and give it when `held` says so. */
async function heldReadings() {
  const log = newMemoryLog();
  const engine = await openEngine({ journal: openMemoryJournal(log), index: memoryIndex() });
  await given.openProgram(engine);
  const plain = openMemoryJournal(log);
  const state = { held: Promise.resolve(), readings: 0 };
  const journal: Journal = {
    ...plain,
    readAll: async function* (options): AsyncGenerator<Page> {
      state.readings++;
      const pages = await Array.fromAsync(plain.readAll(options));
      await state.held;
      yield* pages;
    },
  };
  const registry = await loadRegistry(journal);
  const record = (n: number) => given.send(engine, given.clearing(n, n, 5_00n, { cardId: stranger(n) }));
  return { state, registry, record };
}

test('a fact is seen by who asks after it was recorded, also when a reading from before is still under way', async () => {
  const { state, registry, record } = await heldReadings();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.held = promise;
  const before = registry.earlyFacts(stranger(1));
  await new Promise((turn) => setImmediate(turn));
  await record(1);
  const after = registry.earlyFacts(stranger(1));
  resolve();
  expect(await before).toEqual([]);
  expect(await after).toHaveLength(1);
  expect(await registry.earlyFacts(stranger(1))).toHaveLength(1);
});

test('those who ask while one reading is under way share the next one', async () => {
  const { state, registry, record } = await heldReadings();
  const cards = Array.from({ length: 20 }, (_, n) => n);
  for (const n of cards) await record(n);
  const before = state.readings;
  const found = await Promise.all(cards.map((n) => registry.earlyFacts(stranger(n))));
  expect(found.map((facts) => facts.length)).toEqual(cards.map(() => 1));
  expect(state.readings - before).toBeLessThanOrEqual(2);
});

test('a reading that failed is tried again by the next who asks', async () => {
  const { state, registry, record } = await heldReadings();
  await record(2);
  const failing = Promise.reject(new Error('the log cannot be read'));
  failing.catch(() => {});
  state.held = failing;
  await expect(registry.earlyFacts(stranger(2))).rejects.toThrow('cannot be read');
  state.held = Promise.resolve();
  expect(await registry.earlyFacts(stranger(2))).toHaveLength(1);
});

describe('what one start knew', () => {
  async function world() {
    const log = newMemoryLog();
    const index = memoryIndex();
    const journal = openMemoryJournal(log);
    const engine = await openEngine({ journal, index, shared: { authorizer: 'a' } });
    await given.openProgram(engine);
    await given.execute(engine, { type: 'pauseProgram', programId: given.program });
    await given.execute(engine, { type: 'resumeProgram', programId: given.program });
    await given.execute(engine, { type: 'issueApiKey', apiKeyId: given.apiKey, name: 'K', roles: [], secretHash: 'h' });
    await given.send(engine, given.clearing(1, 1, 5_00n, { cardId: stranger(1) }));
    await engine.close();
    return { log, index };
  }

  /** What is read of the whole log: after which positions. */
  function watched(log: MemoryLog) {
    const plain = openMemoryJournal(log);
    const after: bigint[] = [];
    const journal: Journal = {
      ...plain,
      readAll: (options = {}) => {
        after.push(options.after ?? 0n);
        return plain.readAll(options);
      },
    };
    return { journal, after };
  }

  test('is known at the next without reading it again', async () => {
    const { log, index } = await world();
    const { journal, after } = watched(log);
    const before = BigInt(log.events.length) - 1n; // All but AuthorizerStopped.
    const engine = await openEngine({ journal, index, shared: { authorizer: 'b' } });
    expect(Math.min(...after.map(Number))).toBe(Number(before));
    expect(engine.apiKey('h')).toMatchObject({ apiKeyId: given.apiKey });
    await expect(given.send(engine, given.authorization(2, 1n))).resolves.toMatchObject({ decision: 'approved' });
    // The fact is carried by its card: it has no second effect.
    await given.issue(engine, stranger(1));
    const again = given.send(engine, given.clearing(1, 1, 5_00n, { cardId: stranger(1) }));
    await expect(again).resolves.toMatchObject({ reason: 'card_not_found' });
    await given.execute(engine, { type: 'pauseProgram', programId: given.program }, 'again');
    await expect(given.send(engine, given.authorization(3, 1n))).resolves.toMatchObject({ reason: 'program_paused' });
    expect(log.events.filter(({ type }) => type === 'ClearingPosted')).toEqual([]);
  });

  test('has the rates, the mark-up and the hold expiry of programs', async () => {
    const { log, index } = await world();
    const { program: programId } = given;
    const published = (rate: string) => ({
      ...({ type: 'publishRates', programId, source: 'test' } as const),
      ...{ validFrom: '2020-01-01T00:00:00.000Z', validUntil: '2120-01-01T00:00:00.000Z' },
      rates: [{ base: currencyOf('USD').code, quote: currencyOf('EUR').code, rate }],
    });
    const first = await openEngine({ journal: openMemoryJournal(log), index, shared: { authorizer: 'a' } });
    await given.execute(first, published('0.9'));
    await given.execute(first, published('0.8'));
    await given.execute(first, { type: 'setMarkup', programId, basisPoints: 100 });
    const days = { lodging: 1, carRental: 2, cruise: 3, fuel: 4, other: 5 };
    await given.execute(first, { type: 'setHoldExpiry', programId, days });
    await first.close();

    const { journal, after } = watched(log);
    const engine = await openEngine({ journal, index, shared: { authorizer: 'b' } });
    expect(after).not.toContain(0n);
    await given.send(engine, given.authorization(2, 10_00n, { currency: currencyOf('USD').code }));
    const approved = log.events.map(({ type, data }) => ({ type, data: JSON.parse(data) })).at(-1);
    // 10.00 USD × 0.8 = 8.00 EUR, and 1 % of that.
    expect(approved).toMatchObject({
      type: 'AuthorizationApproved',
      data: { heldMinor: '808', versions: { program: 6 } },
    });
    expect(approved?.data.conversion).toMatchObject({ rate: '0.8', baseMinor: '800', markupMinor: '8' });
    const last = log.events.at(-1);
    const lasts = Date.parse(approved?.data.expiresAt) - Date.parse(JSON.parse(last?.metadata ?? '').occurredAt);
    expect(lasts).toBe(5 * 86_400_000);
  });

  test.each([
    ['another log', (log: MemoryLog) => log.events.splice(0)],
    ['this log, restored from before', (log: MemoryLog) => log.events.splice(-3)],
    ['this log, restored from before and then written on', (log: MemoryLog) => log.events.splice(-4)],
  ])('is not believed of %s', async (_, lose) => {
    const { log, index } = await world();
    lose(log);
    log.streams.clear();
    for (const event of log.events) log.streams.set(event.stream, [...(log.streams.get(event.stream) ?? []), event]);
    const { journal, after } = watched(log);
    await openEngine({ journal, index: { ...index, snapshot: onlyRegistry(index) }, shared: { authorizer: 'c' } });
    expect(after).toContain(0n);
  });

  const onlyRegistry = (index: AccountIndex) => (stream: string) =>
    stream === 'registry' ? index.snapshot(stream) : undefined;
});
