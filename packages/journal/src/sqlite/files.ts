// files.ts: the files of an embedded log, and opening them without harming what is not ours.
//
// Never open `log.db` or `log.lock` through node:fs: closing any descriptor of a file drops every POSIX lock that
// this process holds on it, and with it the protection against a second writer. SQLite itself knows how to avoid that.

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { JournalLocked, NotAJournal } from '../errors.ts';
import { APPLICATION_ID, FORMAT, SCHEMA } from './schema.ts';
import { isBusy, messageOf } from './sqliteError.ts';

/** How long a statement waits for a lock that somebody else holds on the log, in milliseconds. */
export const BUSY_TIMEOUT_MS = 2_000;

/**
 * Events of about 1 KB fill pages of 8 KiB better than SQLite's 4 KiB: 200 of them commit for a quarter less CPU. Pages
 * of 16 KiB cost more again once events go to 100,000 streams, since each then writes a page of the index.
 */
const PAGE_BYTES = 8_192;

export type WritableLog = { readonly db: DatabaseSync; readonly file: string; close(): void };

/**
 * Opens the log in `directory` for writing, creating the folder (mode 0700) and the files (0600) when missing.
 * Throws `NotAJournal` and changes nothing when `log.db` is something else; `JournalLocked` when it has a writer.
 */
export function openForWriting(directory: string): WritableLog {
  const folder = resolve(directory);
  const file = join(folder, 'log.db');
  if (existsSync(file)) checkHeader(file);
  else createFolder(folder);
  const lock = takeLock(join(folder, 'log.lock'));
  try {
    if (!existsSync(file)) createLog(folder, file);
    // Foreign keys are documentation here: the writer takes both ids from those tables itself.
    const db = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: BUSY_TIMEOUT_MS });
    // Checkpoints are made after answering (checkpointer.ts): SQLite would make them inside a commit.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
    const close = (): void => {
      db.close();
      lock.close();
    };
    return { db, file, close };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Opens the log in `directory` for reading beside a writer or without one. Throws `NotAJournal`. Creates no log. */
export function openForReading(directory: string): DatabaseSync {
  const folder = resolve(directory);
  const file = join(folder, 'log.db');
  if (!existsSync(folder)) throw new NotAJournal(`there is no log in ${folder}: the folder does not exist`);
  if (!existsSync(file)) throw new NotAJournal(`there is no log in ${folder}: it has no log.db`);
  checkHeader(file);
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/** Reads only the header. Leaves no -wal or -shm beside a stranger's file. */
function checkHeader(file: string): void {
  const header = readHeader(file);
  if (header.applicationId !== APPLICATION_ID) {
    throw new NotAJournal(`${file} is not a Holdfast log: it is a SQLite file of another program`);
  }
  if (header.format !== FORMAT) {
    throw new NotAJournal(
      `${file} was written by another release (format ${header.format}; this one reads ${FORMAT}): upgrade first`,
    );
  }
}

function readHeader(file: string): { readonly applicationId: unknown; readonly format: unknown } {
  if (!statSync(file).isFile()) throw new NotAJournal(`${file} is not a Holdfast log: it is not a file`);
  try {
    using db = openForHeader(file);
    return {
      applicationId: db.prepare('PRAGMA application_id').get()?.application_id,
      format: db.prepare('PRAGMA user_version').get()?.user_version,
    };
  } catch (error) {
    throw new NotAJournal(`${file} is not a Holdfast log: ${messageOf(error)}`);
  }
}

/**
 * Without a write-ahead log beside it, as an unchanging file. With one, a checkpoint that is under way, or was when its
 * process was killed, may have left the file alone incomplete: only both together can be read.
 */
function openForHeader(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  const logged = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (logged === undefined || logged.size === 0) url.search = '?immutable=1';
  return new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

function createFolder(folder: string): void {
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(folder));
  } catch (error) {
    throw new NotAJournal(`no log can be created in ${folder}: ${messageOf(error)}`);
  }
}

/** SQLite's own lock on a file of its own: refused at once, released by the kernel when the process dies. */
function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    // The transaction is never committed, so nothing needs a journal file beside the lock.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new JournalLocked(`the log in ${dirname(file)} is open for writing elsewhere`);
    throw new NotAJournal(`${file} cannot be locked: ${messageOf(error)}`);
  }
}

/** Builds the file under another name, so that `log.db` is there as a whole or not at all. */
function createLog(folder: string, file: string): void {
  const unfinished = join(folder, 'log.new');
  rmSync(unfinished, { force: true });
  rmSync(`${unfinished}-journal`, { force: true });
  const db = new DatabaseSync(unfinished);
  try {
    chmodSync(unfinished, 0o600);
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA synchronous = FULL; BEGIN; ${SCHEMA} COMMIT`);
  } finally {
    db.close();
  }
  renameSync(unfinished, file);
  syncFolder(folder);
}

/** Makes a new name in `folder` survive a power cut. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
