// readModels.ts: for tests: a folder with a log, its read models, and all of their rows as text.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteJournalReader } from '@holdfast/journal';
import { onTestFinished } from 'vitest';
import { openProjections, type Projections } from '../src/index.ts';
import { openWorld, type World } from './world.ts';

export async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-projections-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function newWorld(directory?: string): Promise<World & { readonly directory: string }> {
  const folder = directory ?? (await newDirectory());
  const world = await openWorld(folder);
  onTestFinished(() => world.close());
  return { ...world, directory: folder };
}

/** Projects the log of `directory` until the test ends, or until it is closed. */
export async function project(directory: string, onCommit?: () => void): Promise<Projections> {
  const reader = await openSqliteJournalReader({ directory, pollMs: 2 });
  const projections = await openProjections({ directory, reader, ...(onCommit === undefined ? {} : { onCommit }) });
  const close = async (): Promise<void> => {
    await projections.close();
    await reader.close();
  };
  onTestFinished(close);
  return { ...projections, close };
}

/** Projects what the log holds now, and stops. */
export async function projectAll(directory: string): Promise<void> {
  const projections = await project(directory);
  await projections.caughtUp;
  await projections.close();
}

/** Every row of every table, in order. */
export function dump(directory: string): readonly string[] {
  using db = new DatabaseSync(join(directory, 'read.db'), { readOnly: true, readBigInts: true });
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
  return tables.flatMap(({ name }) =>
    db
      .prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`)
      .all()
      .map((row) => `${name} ${JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}`),
  );
}
