// checkpointer.ts: copies the write-ahead log into the file of the log. Most of it is copied in a thread of its own, while
// the writer goes on: it takes tens of milliseconds, in which nothing would be committed and nobody answered.

import type { DatabaseSync } from 'node:sqlite';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { CheckpointThreadData, Copied } from './checkpointThread.ts';

/**
 * Begun when the write-ahead log has this many pages (32 MiB) and, when a reader kept it from beginning anew, again after
 * so many more.
 */
export const CHECKPOINT_PAGES = 4_000;

/** What the writer copies itself: what came while the other thread copied, or all that is left after so many rounds. */
const FEW_PAGES = 400;
const ROUNDS_MOST = 4;

export type Checkpointer = {
  /** Called after each commit, when it has been answered. Throws when the disk fails. */
  whenDue(): void;
  /** Before the log is closed. */
  close(): Promise<void>;
};

/** `db` is the writer's, in whose thread this runs. */
export function createCheckpointer(db: DatabaseSync, file: string): Checkpointer {
  const count = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const { port1: port, port2 } = new MessageChannel();
  let thread: Worker | undefined;
  let dueAt = CHECKPOINT_PAGES;
  /** How often the other thread was asked; 0: nothing is being copied. */
  let rounds = 0;

  /** Started with the first one: most logs of tests, and of commands, never get so far. */
  function ask(): void {
    if (thread === undefined) {
      const workerData: CheckpointThreadData = { file, port: port2 };
      const url = new URL('./checkpointThread.ts', import.meta.url);
      thread = new Worker(url, { workerData, transferList: [port2] });
      thread.unref();
    }
    rounds++;
    port.postMessage('copy');
  }

  function answered({ pages: copied, failed }: Copied): void {
    if (failed !== undefined) throw new Error(failed);
    const pages = Number(count.get()?.log);
    if (pages - copied > FEW_PAGES && rounds < ROUNDS_MOST) {
      ask();
      return;
    }
    // All of it, since nothing is written meanwhile: the next commit begins the write-ahead log anew.
    copy.get();
    rounds = 0;
    dueAt = pages + CHECKPOINT_PAGES;
  }

  return {
    whenDue() {
      if (rounds > 0) {
        const answer = receiveMessageOnPort(port);
        if (answer !== undefined) answered(answer.message);
        return;
      }
      const pages = Number(count.get()?.log);
      if (pages < CHECKPOINT_PAGES) dueAt = CHECKPOINT_PAGES;
      if (pages >= dueAt) ask();
    },
    async close() {
      port.close();
      await thread?.terminate();
    },
  };
}
