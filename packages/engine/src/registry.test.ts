import { cardId } from '@holdfast/events';
import type { Journal, Page } from '@holdfast/journal';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { expect, test } from 'vitest';
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
