// database.ts: `read.db`: opening it, and making it anew when it is not what this release makes of this log.

import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JournalReader, Position } from '@holdfast/journal';
import { NotReadModels } from './errors.ts';
import { APPLICATION_ID, SCHEMA } from './schema.ts';

/** Why the rows were dropped: there was no file, or it was of other sources, of another log, or damaged. */
export type Rebuilt = 'new' | 'other_sources' | 'other_log' | 'damaged';

export type ReadModels = {
  readonly db: DatabaseSync;
  readonly position: Position;
  readonly rebuilt: Rebuilt | undefined;
};

/** Waiting for a lock that another connection holds, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** Up to so much of the file is cached: ids of transactions are spread all over their index. */
const CACHE_KIB = 65_536;

/** Pages in the WAL before they go to the file, 32 MiB: a page that changes often is written there once for all. */
const WAL_PAGES = 8_192;

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/**
 * Opens `read.db` in `directory` for writing, empty when it was not there, was made by other `sources`, from another
 * log, or is damaged. Rejects with `NotReadModels`, and changes nothing, when it is another program's file.
 */
export async function openReadModels(directory: string, reader: JournalReader, sources: string): Promise<ReadModels> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = fileIn(directory);
  const before = existsSync(file);
  const intact = open(file);
  const db = intact ?? openAnew(file);
  try {
    const { fault, position } = await inspect(db, reader, sources);
    if (fault === undefined) return { db, position, rebuilt: undefined };
    reset(db, sources);
    return { db, position: 0n, rebuilt: intact === undefined ? 'damaged' : before ? fault : 'new' };
  } catch (error) {
    db.close();
    throw error;
  }
}

export function fileIn(directory: string): string {
  return join(resolve(directory), 'read.db');
}

/** Undefined when the file is damaged. */
function open(file: string): DatabaseSync | undefined {
  const db = new DatabaseSync(file, { readBigInts: true, timeout: BUSY_TIMEOUT_MS });
  try {
    if (!isOurs(db)) throw new NotReadModels(`${file} is another program's file: move it away`);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${WAL_PAGES}`);
    chmodSync(file, 0o600);
    return db;
  } catch (error) {
    db.close();
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function openAnew(file: string): DatabaseSync {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const db = open(file);
  if (db === undefined) throw new NotReadModels(`${file} cannot be made anew`);
  return db;
}

/** Ours, or an empty file. */
function isOurs(db: DatabaseSync): boolean {
  const id = db.prepare('PRAGMA application_id').get()?.application_id;
  return id === BigInt(APPLICATION_ID) || (id === 0n && tablesOf(db).length === 0);
}

async function inspect(
  db: DatabaseSync,
  reader: JournalReader,
  sources: string,
): Promise<{ readonly fault: Exclude<Rebuilt, 'damaged'> | undefined; readonly position: Position }> {
  if (!tablesOf(db).includes('checkpoint')) return { fault: 'new', position: 0n };
  const row = db.prepare('SELECT sources, last_event, last_event_position, position FROM checkpoint').get();
  if (row?.sources !== sources) return { fault: 'other_sources', position: 0n };
  const { position, last_event: lastEvent, last_event_position: at } = row;
  if (typeof position !== 'bigint' || typeof at !== 'bigint') return { fault: 'other_sources', position: 0n };
  // The id of an event hashes where it stands and all that it says, so the same one at the same place is the same log.
  const same =
    position <= (await reader.head()) && (lastEvent === null || (await reader.eventAt(at))?.id === lastEvent);
  return { fault: same ? undefined : 'other_log', position };
}

/** Others may be reading: they see the rows of before, or none, and then the new ones. */
function reset(db: DatabaseSync, sources: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const table of tablesOf(db)) db.exec(`DROP TABLE "${table}"`);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${SCHEMA}`);
    db.prepare('INSERT INTO checkpoint (id, sources, last_event_position, position) VALUES (1, ?, 0, 0)').run(sources);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function tablesOf(db: DatabaseSync): readonly string[] {
  return db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all()
    .map(({ name }) => String(name));
}

function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  return error.errcode === SQLITE_CORRUPT || error.errcode === SQLITE_NOTADB;
}
