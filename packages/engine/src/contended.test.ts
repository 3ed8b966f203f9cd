import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { expect, test } from 'vitest';
import { openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, virtualClock } from './testing/virtualClock.ts';

test('memory stays bounded after races were lost while snapshots were being written', async () => {
  const [log, clock, index] = [newMemoryLog(), virtualClock(), memoryIndex()];
  let gate = Promise.resolve();
  const slow: typeof index = {
    ...index,
    write: async (write) => {
      if (write.stream.startsWith('account-')) await gate;
      await index.write(write);
    },
  };
  const journal = openMemoryJournal(log);
  const around = { journal, clock, snapshotEvery: 8 };
  const engine = await openEngine({ ...around, index: slow, shared: { authorizer: 'a' }, maxResidents: 60 });
  const other = await openEngine({ ...around, index: memoryIndex(), shared: { authorizer: 'b' } });
  const contended = [given.another('one'), given.another('two')];
  for (const each of contended) await each.open(engine);
  await settled();
  const written = Promise.withResolvers<void>();
  gate = written.promise;
  for (const [n, each] of contended.entries()) {
    for (let i = 0; i < 10; i++) await given.send(engine, each.authorization(100 * n + i, 1n));
    await given.send(other, each.authorization(100 * n + 50, 1n));
    await given.send(engine, each.authorization(100 * n + 51, 1n));
  }
  written.resolve();
  await settled();
  // Nobody uses these two from now on.
  for (let k = 0; k < 30; k++) {
    const next = given.another(`next ${k}`);
    await next.open(engine);
    for (let i = 0; i < 4; i++) await given.send(engine, next.authorization(1_000 + 10 * k + i, 1n));
  }
  await clock.advance(20_000);
  expect(engine.counters.residents).toBeLessThanOrEqual(60);
});
