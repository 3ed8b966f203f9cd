// checkpointThread.ts: the thread that copies the write-ahead log into the file, once for each message.

import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type MessagePort, workerData } from 'node:worker_threads';
import { BUSY_TIMEOUT_MS } from './files.ts';
import { messageOf } from './sqliteError.ts';

/** `dev` and `ino` tell which file the writer has open. */
export type CheckpointThreadData = {
  readonly file: string;
  readonly dev: number;
  readonly ino: number;
  readonly port: MessagePort;
};

/** Pages of the write-ahead log that are in the file now; or why nothing is known about the disk any more. */
export type Copied = { readonly pages: number; readonly failed?: string };

const { file, dev, ino, port } = workerData as CheckpointThreadData;
let opened: DatabaseSync | undefined;

/**
 * Throws when no more files may be opened, for example. Never makes a file, nor opens another one than the writer's: SQLite
 * would remove the write-ahead log beside it, or copy that into it.
 */
function open(): DatabaseSync {
  const found = statSync(file);
  if (found.dev !== dev || found.ino !== ino) throw new Error(`${file} is another file than the one that is written`);
  const url = pathToFileURL(file);
  url.search = '?mode=rw';
  const db = new DatabaseSync(url, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Opens all its files.
    db.exec('PRAGMA synchronous = FULL; SELECT count(*) FROM sqlite_schema');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function copy(): Copied {
  try {
    opened ??= open();
  } catch {
    // It says nothing about the disk: the writer copies all.
    return { pages: 0 };
  }
  try {
    return { pages: Number(opened.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.checkpointed) };
  } catch (error) {
    return { pages: 0, failed: messageOf(error) };
  }
}

port.on('message', () => port.postMessage(copy()));
