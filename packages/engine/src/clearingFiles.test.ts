import { buildReport, type ClearingFileFacts } from '@holdfast/domain';
import { clearingFileId, clearingFileStream, commandIdOf, contentHashOf } from '@holdfast/events';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import { virtualClock } from './testing/virtualClock.ts';

const id = clearingFileId('acquirer-7', 1);
const facts = (sha256: string): ClearingFileFacts => ({
  ...{ clearingFileId: id, sender: 'acquirer-7', sequence: 1, businessDate: '2026-03-02' },
  ...{ sha256: sha256.repeat(64), records: 0, sums: [] },
});
const report = buildReport().report();

let log: MemoryLog;
const clock = virtualClock();
const open = (): Promise<Engine> =>
  openEngine({ journal: openMemoryJournal(log), index: memoryIndex(), clock, shared: {} });
const types = () => (log.streams.get(clearingFileStream(id)) ?? []).map(({ type }) => type);

beforeEach(() => {
  log = newMemoryLog();
});

function context(what: string) {
  return { commandId: commandIdOf(what), contentHash: contentHashOf(what), actor: 'key_test', correlationId: what };
}
const receive = (engine: Engine, sha256: string) =>
  engine.execute({ type: 'receiveClearingFile', facts: facts(sha256) }, context(sha256));
const complete = (engine: Engine) =>
  engine.execute({ type: 'completeClearingFile', clearingFileId: id, report }, context('applied'));

describe('a clearing file', () => {
  test('that never came is nowhere', async () => {
    expect(await (await open()).clearingFile(id)).toBeUndefined();
  });

  test('comes as far on one engine as on any other', async () => {
    const [one, two] = [await open(), await open()];
    await receive(one, 'a');
    expect(await two.clearingFile(id)).toMatchObject({ received: { data: facts('a') }, applied: undefined });
    await receive(two, 'a');
    await complete(two);
    await complete(one);
    expect(await one.clearingFile(id)).toMatchObject({ received: { data: facts('a') }, applied: { data: { report } } });
    expect(types()).toEqual(['ClearingFileReceived', 'ClearingFileApplied']);
  });

  test('is refused in place of another, once for each content, on whichever engine', async () => {
    const [one, two] = [await open(), await open()];
    await receive(one, 'a');
    for (const engine of [two, one, two]) {
      expect(await receive(engine, 'b')).toMatchObject({ done: true, event: { type: 'ClearingFileRefused' } });
    }
    await receive(two, 'c');
    expect(types()).toEqual(['ClearingFileReceived', 'ClearingFileRefused', 'ClearingFileRefused']);
    expect(await receive(two, 'a')).toMatchObject({ event: { type: 'ClearingFileReceived' } });
  });
});
