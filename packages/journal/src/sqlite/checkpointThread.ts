// checkpointThread.ts: the thread that copies the write-ahead log into the file, once for each message.

import { DatabaseSync } from 'node:sqlite';
import { type MessagePort, workerData } from 'node:worker_threads';
import { BUSY_TIMEOUT_MS } from './files.ts';
import { messageOf } from './sqliteError.ts';

export type CheckpointThreadData = { readonly file: string; readonly port: MessagePort };

/** Pages of the write-ahead log that are in the file now; or why nothing is known about the disk any more. */
export type Copied = { readonly pages: number; readonly failed?: string };

const { file, port } = workerData as CheckpointThreadData;

function copy(): Copied {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  } catch {
    // No more files may be opened, for example: the writer, which has it open, copies all.
    return { pages: 0 };
  }
  try {
    db.exec('PRAGMA synchronous = FULL');
    return { pages: Number(db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.checkpointed) };
  } catch (error) {
    return { pages: 0, failed: messageOf(error) };
  } finally {
    db.close();
  }
}

port.on('message', () => port.postMessage(copy()));
