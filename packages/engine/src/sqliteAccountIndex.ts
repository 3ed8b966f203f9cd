// sqliteAccountIndex.ts: the account index in a SQLite file beside the log: written in a thread, read in place.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AccountIndex } from './accountIndex.ts';
import { AccountIndexClosed } from './accountIndex.ts';
import { messageOf } from './sqliteAccountIndexErrors.ts';
import type { Discarded } from './sqliteAccountIndexFile.ts';
import { claimIndexFile, indexPath } from './sqliteAccountIndexFile.ts';
import type { FromIndexWriter, ToIndexWriter } from './sqliteAccountIndexMessages.ts';
import { createWriteQueue } from './sqliteAccountIndexQueue.ts';
import type { IndexReader } from './sqliteAccountIndexReader.ts';
import { openIndexReader } from './sqliteAccountIndexReader.ts';

export type SqliteAccountIndexOptions = {
  /** Holds `index.db` and what belongs to it; made when it is not there. */
  readonly directory: string;
  /** The log that the index is made from. Another log: everything in the index is discarded. */
  readonly logId: string;
  /** `sourceHash()`: what snapshots and keys mean. Other sources: everything in the index is discarded. */
  readonly sourceHash: string;
  /** Told why when a file that was there is deleted and made anew. */
  readonly onDiscarded?: (discarded: Discarded) => void;
  /** How long to wait for a process of another release or log that still has the index open. Default 5 s. */
  readonly waitMs?: number;
};

/**
 * Opens the index, or makes it anew when it is missing, damaged, of another schema, log or sources. Several processes
 * of one release and log may have it open. Rejects with `AccountIndexInUse` when it must be made anew while another
 * process keeps it open, or with the file system's error.
 */
export async function openSqliteAccountIndex(options: SqliteAccountIndexOptions): Promise<AccountIndex> {
  const { directory, logId, sourceHash, onDiscarded = () => {}, waitMs = 5000 } = options;
  const path = indexPath(directory);
  const lock = await claimIndexFile(directory, { logId, sourceHash }, onDiscarded, waitMs);
  const worker = new Worker(new URL('./sqliteAccountIndexWorker.ts', import.meta.url), { workerData: { path } });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const send = (message: ToIndexWriter, handedOver: ArrayBuffer[] = []): void =>
    worker.postMessage(message, handedOver);
  const reader = await readerWhenReady(worker, path).catch(async (error) => {
    await worker.terminate();
    lock.close();
    throw error;
  });
  const queue = createWriteQueue((writes) => {
    const flat = writes.map((write) => ({ ...write, keys: write.keys.toBytes() }));
    send(
      flat,
      flat.map(({ keys }) => keys.buffer),
    );
  });
  let closing: Promise<void> | undefined;

  worker.on('message', (message: FromIndexWriter) => {
    // What resolves now must be visible to a look-up made in the same turn.
    reader.renew();
    queue.settle('failed' in message ? message.failed : undefined);
  });
  worker.on('error', (error) => queue.stop(messageOf(error)));
  worker.on('exit', () => queue.stop('the thread that writes it has ended'));

  async function close(): Promise<void> {
    await queue.drained();
    // The reader first: the last connection to close takes the write-ahead log into the file, and must be able to write.
    reader.close();
    send('close');
    await exited;
    lock.close();
  }

  function whileOpen<Result>(use: () => Result): Result {
    if (closing !== undefined) throw new AccountIndexClosed('the account index was closed');
    return use();
  }

  return {
    write: async (write) => whileOpen(() => queue.add(write)),
    snapshot: (stream) => whileOpen(() => reader.snapshot(stream)),
    revisionsOf: (stream, key) => whileOpen(() => reader.revisionsOf(stream, key)),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** The worker's first message says that the file is open; an error before that rejects. */
async function readerWhenReady(worker: Worker, path: string): Promise<IndexReader> {
  await once(worker, 'message');
  return openIndexReader(path);
}
