// sqliteAccountIndexLock.ts: who may replace the file. Shared by all that use it, exclusive for making it anew.
//
// A SQLite file must not be deleted while another process has it open: on its own close that process would delete the
// write-ahead log of the new file by name, and keys would be lost silently. The lock is SQLite's own, on an empty file
// beside the index, so it ends with the process, however that ends.

import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqliteAccountIndexErrors.ts';

export interface IndexLock {
  /** False when somebody else is making the file anew. */
  share(): boolean;
  /** False when somebody else has the file open. Lets go of the own share first, so look again at what was seen. */
  exclude(): boolean;
  /** Lets go of what is held; `share` or `exclude` may follow. */
  release(): void;
  close(): void;
}

export function openIndexLock(path: string): IndexLock {
  const db = new DatabaseSync(path, { timeout: 0 });

  function release(): void {
    if (db.isTransaction) db.exec('ROLLBACK');
  }

  function taken(begin: string): boolean {
    release();
    try {
      db.exec(begin);
      return true;
    } catch (error) {
      release();
      if (isBusy(error)) return false;
      throw error;
    }
  }

  return {
    // A transaction that has read holds a shared lock until its end.
    share: () => taken('BEGIN; SELECT count(*) FROM sqlite_schema'),
    exclude: () => taken('BEGIN EXCLUSIVE'),
    release,
    close: () => db.close(),
  };
}
