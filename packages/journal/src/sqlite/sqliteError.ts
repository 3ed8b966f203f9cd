// sqliteError.ts: what a SQLite error means for a log.

import { JournalCorrupt, JournalError, JournalUnavailable } from '../errors.ts';

// Primary result codes, https://sqlite.org/rescode.html
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === SQLITE_BUSY;
}

/** The error of a read: `JournalCorrupt` when the file is damaged, else `JournalUnavailable`. */
export function readError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const code = primaryCode(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new JournalCorrupt(`the log cannot be read: ${messageOf(error)}`);
  }
  return new JournalUnavailable(`the log cannot be read: ${messageOf(error)}`);
}

/** The low byte of `errcode` is the primary code, the rest says more (266 is SQLITE_IOERR_READ: 10). */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}
