import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandIdOf, encode, eventId, programId, programStream } from '@holdfast/events';
import { type Journal, openSqliteJournal, type Position } from '@holdfast/journal';
import { openQueries, type Progress } from '@holdfast/projections';
import { expect, onTestFinished, test } from 'vitest';
import { type Projector, startProjector } from './index.ts';

async function newLog(): Promise<{ readonly directory: string; readonly journal: Journal }> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-projector-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const journal = await openSqliteJournal({ directory });
  onTestFinished(() => journal.close());
  return { directory, journal };
}

async function start(directory: string, onProgress?: (progress: Progress) => void): Promise<Projector> {
  const projector = await startProjector({ directory, ...(onProgress === undefined ? {} : { onProgress }) });
  onTestFinished(() => projector.close());
  return projector;
}

async function createProgram(journal: Journal, name: string, type?: string): Promise<Position> {
  const id = programId(name);
  const commandId = commandIdOf(name);
  const event = encode(
    { type: 'ProgramCreated', data: { programId: id, name, holdExpiryDays: 7 } },
    { occurredAt: Date.parse('2026-03-01T12:00:00Z'), commandId, correlationId: 'test', actor: 'test' },
  );
  const stored = { ...event, type: type ?? event.type };
  const stream = programStream(id);
  const withId = { id: eventId(stream, commandId, 0, stored.type, stored.data, stored.metadata), ...stored };
  return (await journal.append(stream, 'no_stream', [withId])).position;
}

test('what was appended before and after the start can be read once its position is reached', async () => {
  const { directory, journal } = await newLog();
  const before = await createProgram(journal, 'before');
  const told: Progress[] = [];
  const projector = await start(directory, (progress) => told.push(progress));
  await projector.caughtUp;
  expect(projector.rebuilt).toBe('new');
  expect(projector.position()).toBe(before);
  expect(told.at(-1)).toEqual({ position: before, head: before, rebuilding: true });

  const queries = openQueries({ directory, projector });
  onTestFinished(() => queries.close());
  expect(queries.program(programId('before'))?.name).toBe('before');
  expect(queries.program(programId('after'))).toBeUndefined();
  const after = await createProgram(journal, 'after');
  expect(await queries.waitFor(after, 10_000)).toBe(true);
  expect(queries.position()).toBe(after);
  expect(queries.program(programId('after'))?.name).toBe('after');
});

test('everything that was appended at once is there in the end', async () => {
  const { directory, journal } = await newLog();
  const projector = await start(directory);
  const positions = await Promise.all(Array.from({ length: 700 }, (_, at) => createProgram(journal, `program ${at}`)));
  const waited = await Promise.all(positions.map((position) => projector.waitFor(position, 30_000)));
  expect(waited.every((reached) => reached)).toBe(true);
  const queries = openQueries({ directory });
  onTestFinished(() => queries.close());
  for (let at = 0; at < 700; at += 1) expect(queries.program(programId(`program ${at}`))?.name).toBe(`program ${at}`);
});

test('goes on where it was after closing', async () => {
  const { directory, journal } = await newLog();
  const position = await createProgram(journal, 'one');
  const first = await start(directory);
  await first.caughtUp;
  await first.close();
  const second = await start(directory);
  expect(second.rebuilt).toBeUndefined();
  expect(second.position()).toBe(position);
});

test('an event that it cannot fold raises the alarm with the event, and waiting for it is in vain', async () => {
  const { directory, journal } = await newLog();
  const good = await createProgram(journal, 'good');
  const bad = await createProgram(journal, 'bad', 'ProgramTeleported');
  const projector = await start(directory);
  await expect(projector.failed).rejects.toMatchObject({
    ...{ name: 'ProjectionFailed', code: 'projection_failed', type: 'ProgramTeleported', revision: 0 },
    ...{ stream: programStream(programId('bad')), position: bad },
  });
  expect(projector.position()).toBe(good);
  expect(await projector.waitFor(bad, 60_000)).toBe(false);
});

test('does not start without a log, or on the file of another program', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-projector-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await expect(startProjector({ directory })).rejects.toMatchObject({ code: 'projector_stopped' });
  await writeFile(join(directory, 'log.db'), 'no log');
  await expect(startProjector({ directory })).rejects.toThrow('not a Holdfast log');
});
