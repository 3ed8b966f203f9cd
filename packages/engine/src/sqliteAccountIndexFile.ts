// sqliteAccountIndexFile.ts: the file `index.db`: its tables, whose it is, and when it is discarded and made anew.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountIndexInUse } from './accountIndex.ts';
import { isDamage, messageOf } from './sqliteAccountIndexErrors.ts';
import type { IndexLock } from './sqliteAccountIndexLock.ts';
import { openIndexLock } from './sqliteAccountIndexLock.ts';

/** What the content was made from. Another log, or other sources, and it means nothing. */
export type IndexIdentity = { readonly logId: string; readonly sourceHash: string };

export type DiscardReason = 'other_schema' | 'other_log' | 'other_sources' | 'damaged';
export type Discarded = { readonly reason: DiscardReason; readonly sentence: string };

/** "Hfix", in the file's header. */
const APPLICATION_ID = 0x48666978;
/** Format of the tables below, and of the numbers that stand for keys. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE snapshots (
  stream INTEGER PRIMARY KEY REFERENCES streams (id),
  revision INTEGER NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;

CREATE TABLE keys (
  stream INTEGER NOT NULL REFERENCES streams (id),
  key INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (stream, key, revision)
) STRICT, WITHOUT ROWID;

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** How often opening looks whether another process has let go of a file that must be made anew. */
const LOOK_EVERY_MS = 50;

export function indexPath(directory: string): string {
  return join(directory, 'index.db');
}

/**
 * Leaves at `indexPath(directory)` a usable index of this identity, and returns the lock that keeps others from
 * replacing it. Rejects with `AccountIndexInUse` when it must be made anew but stays open elsewhere for `waitMs`.
 */
export async function claimIndexFile(
  directory: string,
  identity: IndexIdentity,
  onDiscarded: (discarded: Discarded) => void,
  waitMs: number,
): Promise<IndexLock> {
  mkdirSync(directory, { recursive: true });
  const path = indexPath(directory);
  const lock = openIndexLock(join(directory, 'index.lock'));
  try {
    for (let waitedMs = 0; ; ) {
      if (lock.share()) {
        if (faultOf(path, identity) === undefined) return lock;
        if (lock.exclude()) {
          // Another process may have made it anew between the two locks.
          const fault = faultOf(path, identity);
          if (fault !== undefined) makeAnew(path, identity);
          lock.release();
          if (fault !== undefined && fault !== 'absent') onDiscarded(fault);
          continue;
        }
      }
      lock.release();
      if (waitedMs >= waitMs) {
        throw new AccountIndexInUse(
          `${path} belongs to another release or log, a process of which has it open: stop it, or give each a directory`,
        );
      }
      await sleep(LOOK_EVERY_MS);
      waitedMs += LOOK_EVERY_MS;
    }
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Has the next opening make the file anew: damage inside a file is seen only when that page is read. */
export function markDamaged(path: string, sentence: string): void {
  try {
    writeFileSync(markerOf(path), `${sentence}\n`);
  } catch {
    // A disk that takes not even this: whoever meets the damaged page after the next opening will say it again.
  }
}

function markerOf(path: string): string {
  return `${path}-damaged`;
}

function faultOf(path: string, identity: IndexIdentity): Discarded | 'absent' | undefined {
  if (existsSync(markerOf(path))) return discarded('damaged', 'a page of it could not be read');
  if (!existsSync(path)) return 'absent';
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    const [tables, application, version] = [
      numberOf(db, 'SELECT count(*) AS n FROM sqlite_schema'),
      numberOf(db, 'SELECT application_id AS n FROM pragma_application_id'),
      numberOf(db, 'SELECT user_version AS n FROM pragma_user_version'),
    ];
    // Killed while making it: the tables come in one transaction, so there are all or none.
    if (tables === 0) return 'absent';
    if (application !== APPLICATION_ID || version !== SCHEMA_VERSION) {
      return discarded('other_schema', `its schema version is ${version}, this release writes ${SCHEMA_VERSION}`);
    }
    if (metaOf(db, 'logId') !== identity.logId) return discarded('other_log', 'it was made from another log');
    if (metaOf(db, 'sourceHash') !== identity.sourceHash) {
      return discarded('other_sources', 'it was made by a release with other domain sources');
    }
    return undefined;
  } catch (error) {
    if (isDamage(error)) return discarded('damaged', messageOf(error));
    throw error;
  } finally {
    db.close();
  }
}

function discarded(reason: DiscardReason, why: string): Discarded {
  return { reason, sentence: `account index discarded, it is made anew from the log: ${why}` };
}

function makeAnew(path: string, identity: IndexIdentity): void {
  // The file first: a write-ahead log without its file is ignored by SQLite, a file without its log would be older.
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA journal_mode = WAL; BEGIN; ${SCHEMA}`);
    const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    insert.run('logId', identity.logId);
    insert.run('sourceHash', identity.sourceHash);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  rmSync(markerOf(path), { force: true });
}

function numberOf(db: DatabaseSync, sql: string): number | undefined {
  const n = db.prepare(sql).get()?.n;
  return typeof n === 'number' ? n : undefined;
}

function metaOf(db: DatabaseSync, name: string): string | undefined {
  const value = db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value;
  return typeof value === 'string' ? value : undefined;
}
