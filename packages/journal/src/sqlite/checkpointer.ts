// checkpointer.ts: copies the write-ahead log into the file of the log. Most of it is copied in a thread of its own, while
// the writer goes on: it takes tens of milliseconds, in which nothing would be committed and nobody answered.

import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { CheckpointThreadData, Copied } from './checkpointThread.ts';

/**
 * Begun when the write-ahead log has this many pages (32 MiB) and, when a reader kept it from beginning anew, again after
 * so many more.
 */
export const CHECKPOINT_PAGES = 4_000;

/** So few the writer copies itself; and what is left when there is no less of it after another round. */
const FEW_PAGES = 400;

export type Checkpointer = {
  /** Called after each commit, when it has been answered. Throws when the disk fails. */
  whenDue(): void;
  /** Before the log is closed. */
  close(): Promise<void>;
};

/** `db` is the writer's, in whose thread this runs, on `file`. */
export function createCheckpointer(db: DatabaseSync, file: string): Checkpointer {
  const count = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const { dev, ino } = statSync(file);
  const { port1: port, port2 } = new MessageChannel();
  let thread: Worker | 'gone' | undefined;
  let dueAt = CHECKPOINT_PAGES;
  /** Not yet copied when the other thread was asked; 0: it was not. */
  let asked = 0;

  /** Started with the first copy: most logs of tests, and of commands, never get so far. */
  function start(): Worker | 'gone' {
    const workerData: CheckpointThreadData = { file, dev, ino, port: port2 };
    try {
      const url = new URL('./checkpointThread.ts', import.meta.url);
      const worker = new Worker(url, { workerData, transferList: [port2] });
      // Without it, the writer copies all: it has the files open already.
      const gone = (): void => {
        thread = 'gone';
      };
      worker.on('error', gone).on('exit', gone);
      worker.unref();
      return worker;
    } catch {
      return 'gone';
    }
  }

  /** `left` of the `pages` of the write-ahead log are not in the file yet. */
  function copyRest(left: number, pages: number): void {
    thread ??= start();
    if (thread !== 'gone' && left > FEW_PAGES && (asked === 0 || left < asked)) {
      asked = left;
      port.postMessage('copy');
      return;
    }
    // All of it, since nothing is written meanwhile: the next commit begins the write-ahead log anew.
    copy.get();
    asked = 0;
    dueAt = pages + CHECKPOINT_PAGES;
  }

  return {
    whenDue() {
      if (asked > 0 && thread !== 'gone') {
        const answer: { readonly message: Copied } | undefined = receiveMessageOnPort(port);
        if (answer === undefined) return;
        if (answer.message.failed !== undefined) throw new Error(answer.message.failed);
        const pages = Number(count.get()?.log);
        copyRest(pages - answer.message.pages, pages);
        return;
      }
      const pages = Number(count.get()?.log);
      if (pages < CHECKPOINT_PAGES) dueAt = CHECKPOINT_PAGES;
      if (pages >= dueAt) copyRest(pages, pages);
    },
    async close() {
      port.close();
      if (thread instanceof Worker) await thread.terminate();
    },
  };
}
