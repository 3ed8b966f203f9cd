// appender.ts: the appending thread's half: collects the appends of a tick, sends them, settles their promises.

import { Worker } from 'node:worker_threads';
import { checkAppend } from '../checkAppend.ts';
import {
  InvalidAppend,
  JournalLocked,
  JournalStopped,
  JournalUnavailable,
  NotAJournal,
  WrongExpectedRevision,
} from '../errors.ts';
import type { FlatAppends } from '../flatAppends.ts';
import { addAppend, NO_REVISION } from '../flatAppends.ts';
import type { Appended, EventToAppend, ExpectedRevision } from '../journal.ts';
import type { FromWriter, ToWriter } from './messages.ts';
import { ANSWERED } from './messages.ts';
import { messageOf } from './sqliteError.ts';

/** What may wait for the disk; an append beyond either is refused as unavailable. Text in UTF-16 units. */
export const QUEUE_LIMITS = { appends: 65_536, text: 64 * 1024 * 1024 } as const;

type Pending = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly text: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
};

export type Appender = {
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended>;
  readonly failed: Promise<never>;
  /** Answers what was accepted, then ends the thread and releases the log. After a failure it only ends the thread. */
  close(): Promise<void>;
};

/** Starts the writing thread; `onCommit` is called after each commit, when its appends have been answered. */
export async function startAppender(directory: string, onCommit: () => void): Promise<Appender> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { directory } });
  const failed = Promise.withResolvers<never>();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const queue = new PendingQueue();
  let collected: FlatAppends = [];
  let stopped: JournalStopped | undefined;
  let closed: Promise<void> | undefined;

  await opened(worker);
  worker.on('message', onMessage);
  worker.on('error', (error) => stop(messageOf(error)));
  worker.on('exit', () => closed ?? stop('the writing thread ended'));

  function post(message: ToWriter): void {
    worker.postMessage(message);
  }

  function flush(): void {
    if (collected.length === 0 || stopped !== undefined) return;
    post(collected);
    collected = [];
  }

  function stop(reason: string): void {
    if (stopped !== undefined) return;
    stopped = new JournalStopped(`the log in ${directory} can no longer be written (${reason}): open it again`);
    failed.reject(stopped);
  }

  function onMessage(message: FromWriter): void {
    if (!(message instanceof Float64Array)) {
      if ('stopped' in message) stop(message.stopped);
      return;
    }
    for (let i = 1; i < message.length; i += 2) {
      settle(queue.take(), message[i] ?? ANSWERED.busy, message[i + 1] ?? NO_REVISION);
    }
    onCommit();
  }

  function append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    if (stopped !== undefined) return Promise.reject(stopped);
    if (closed !== undefined) return Promise.reject(new JournalUnavailable('the journal is closed'));
    try {
      checkAppend(stream, expected, events);
    } catch (error) {
      return Promise.reject(error instanceof InvalidAppend ? error : new InvalidAppend(messageOf(error)));
    }
    let text = 0;
    for (const event of events) text += event.data.length + event.metadata.length;
    if (!queue.hasRoomFor(text)) {
      return Promise.reject(new JournalUnavailable('too many appends wait for the disk: try again later'));
    }
    // At the end of the event loop's turn: so requests that came in together leave together, and who appends again with
    // each answer lets others have their turn, since the next answer cannot come in this one.
    if (collected.length === 0) setImmediate(flush);
    addAppend(collected, stream, expected, events);
    return new Promise((resolve, reject) => queue.add({ stream, expected, text, resolve, reject }));
  }

  async function close(): Promise<void> {
    flush();
    if (stopped === undefined) post('close');
    await Promise.race([exited, failed.promise.catch(() => worker.terminate())]);
  }

  return {
    append,
    failed: failed.promise,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function settle(pending: Pending, first: number, second: number): void {
  if (first > 0) {
    pending.resolve({ revision: second, position: BigInt(first) });
  } else if (first === ANSWERED.wrongExpectedRevision) {
    const actual = second === NO_REVISION ? 'no_stream' : second;
    pending.reject(new WrongExpectedRevision(pending.stream, pending.expected, actual));
  } else {
    pending.reject(new JournalUnavailable('another program holds the log for writing: try again later'));
  }
}

async function opened(worker: Worker): Promise<void> {
  const first = await new Promise<FromWriter>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first instanceof Float64Array || !('refused' in first)) return;
  if (first.code === 'journal_locked') throw new JournalLocked(first.refused);
  if (first.code === 'not_a_journal') throw new NotAJournal(first.refused);
  throw new JournalUnavailable(first.refused);
}

/** First in, first out: the writer answers in the order of sending. */
class PendingQueue {
  #entries: Pending[] = [];
  #first = 0;
  #text = 0;

  hasRoomFor(text: number): boolean {
    return this.#entries.length - this.#first < QUEUE_LIMITS.appends && this.#text + text <= QUEUE_LIMITS.text;
  }

  add(pending: Pending): void {
    this.#entries.push(pending);
    this.#text += pending.text;
  }

  take(): Pending {
    const pending = this.#entries[this.#first++];
    if (pending === undefined) throw new Error('the writer answered an append that was never sent');
    this.#text -= pending.text;
    // Dropping the answered half costs a constant for each append.
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    return pending;
  }
}
