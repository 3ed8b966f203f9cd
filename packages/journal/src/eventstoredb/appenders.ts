// appenders.ts: the calling thread's half of appending: gives each append to a thread by its stream, holds it until it is
// answered, and gives it to another thread when the first has died.

import { Worker } from 'node:worker_threads';
import { checkAppend } from '../checkAppend.ts';
import { AppendOutcomeUnknown, InvalidAppend, JournalUnavailable, WrongExpectedRevision } from '../errors.ts';
import type { FlatAppends } from '../flatAppends.ts';
import { addAppend, NO_REVISION } from '../flatAppends.ts';
import type { Appended, EventToAppend, ExpectedRevision } from '../journal.ts';
import { backoffMs } from './backoff.ts';
import type { ClientThreadData, FromClientThread, ToClientThread } from './messages.ts';
import { ANSWER, ANSWER_FIELDS } from './messages.ts';
import { reasonOf } from './outcome.ts';
import type { ResolvedSettings } from './settings.ts';

/** Appends that may wait in one thread; one more is refused as unavailable. */
const WAITING_MOST = 65_536;
/** A thread that cannot be started answers nobody: its appends are given up after so many times the patience. */
const PATIENCES = 2;

type Pending = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventToAppend[];
  readonly since: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
};

export class Appenders {
  readonly #prefixLength: number;
  readonly #appenders: readonly Appender[];

  constructor(settings: ResolvedSettings) {
    this.#prefixLength = settings.before.length;
    this.#appenders = Array.from({ length: settings.appenders }, () => new Appender(settings));
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    try {
      checkAppend(stream, expected, events, this.#prefixLength);
    } catch (error) {
      return Promise.reject(error instanceof InvalidAppend ? error : new InvalidAppend(reasonOf(error)));
    }
    const appender = this.#appenders[hashOf(stream) % this.#appenders.length] as Appender;
    return appender.append(stream, expected, events);
  }

  /** Answers what was accepted, then ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#appenders.map((appender) => appender.close()));
  }
}

/** One thread with its client, and the next one when it has died. */
class Appender {
  readonly #settings: ResolvedSettings;
  readonly #pending = new Map<number, Pending>();
  readonly #sweeping: NodeJS.Timeout;
  #worker: Worker | undefined;
  #nextId = 0;
  #collected: { ids: number[]; since: number[]; appends: FlatAppends } | undefined;
  #deaths = 0;
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(settings: ResolvedSettings) {
    this.#settings = settings;
    this.#sweeping = setInterval(() => this.#giveUpOld(), settings.patienceMs / 2).unref();
    this.#start();
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    if (this.#closing !== undefined) return Promise.reject(new JournalUnavailable('the journal is closed'));
    if (this.#pending.size >= WAITING_MOST) {
      return Promise.reject(new JournalUnavailable('too many appends wait for the log: try again later'));
    }
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const since = Date.now();
      this.#pending.set(id, { stream, expected, events, since, resolve, reject });
      // At the end of the event loop's turn, so that what came in together leaves together.
      if (this.#collected === undefined) {
        this.#collected = { ids: [], since: [], appends: [] };
        setImmediate(() => this.#flush());
      }
      this.#collected.ids.push(id);
      this.#collected.since.push(since);
      addAppend(this.#collected.appends, stream, expected, events);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    clearInterval(this.#sweeping);
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    this.#post('close');
    await exited;
  }

  #start(): void {
    const { connectionString, before, patienceMs, answerWithinMs } = this.#settings;
    const workerData: ClientThreadData = { connectionString, before, patienceMs, answerWithinMs };
    const worker = new Worker(new URL('./clientThread.ts', import.meta.url), { workerData });
    this.#worker = worker;
    let reason = 'an append was not answered in time';
    worker.on('message', (message: FromClientThread) => this.#onAnswers(message));
    worker.on('error', (error) => {
      reason = reasonOf(error);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      if (this.#closing !== undefined && this.#pending.size === 0) return;
      this.#settings.onTrouble(`the client that appends to EventStoreDB is replaced: ${reason}`);
      setTimeout(() => this.#startAgain(), backoffMs(this.#deaths++));
    });
  }

  /** What the dead thread held may have been sent: the new one repeats the same bytes. */
  #startAgain(): void {
    if (this.#closing !== undefined && this.#pending.size === 0) return;
    this.#start();
    const again: { ids: number[]; since: number[]; appends: FlatAppends } = { ids: [], since: [], appends: [] };
    for (const [id, { stream, expected, events, since }] of this.#pending) {
      again.ids.push(id);
      again.since.push(since);
      addAppend(again.appends, stream, expected, events);
    }
    this.#collected = undefined;
    if (again.ids.length > 0) this.#post({ ...again, inDoubt: true });
  }

  #flush(): void {
    // Without a thread they wait in `#pending` for the next one.
    if (this.#collected === undefined || this.#worker === undefined) return;
    const message = { ...this.#collected, inDoubt: false };
    this.#collected = undefined;
    this.#post(message);
  }

  #post(message: ToClientThread): void {
    this.#worker?.postMessage(message);
  }

  #onAnswers(answers: FromClientThread): void {
    for (let at = 0; at < answers.length; at += ANSWER_FIELDS) {
      const id = Number(answers[at]);
      const pending = this.#pending.get(id);
      if (pending === undefined) continue;
      this.#pending.delete(id);
      settle(pending, Number(answers[at + 1]), answers[at + 2], answers[at + 3]);
      this.#deaths = 0;
    }
    if (this.#pending.size === 0) this.#drained?.();
  }

  #giveUpOld(): void {
    const now = Date.now();
    for (const [id, { since, stream, reject }] of this.#pending) {
      if (now - since <= PATIENCES * (this.#settings.patienceMs + this.#settings.answerWithinMs)) break;
      this.#pending.delete(id);
      reject(new AppendOutcomeUnknown(`nobody knows whether an append to ${stream} was written: repeat it`));
    }
    if (this.#pending.size === 0) this.#drained?.();
  }
}

function settle(pending: Pending, kind: number, first: unknown, second: unknown): void {
  switch (kind) {
    case ANSWER.written:
      pending.resolve({ revision: Number(first), position: BigInt(second as bigint) });
      break;
    case ANSWER.wrongRevision: {
      const actual = first === NO_REVISION ? 'no_stream' : Number(first);
      pending.reject(new WrongExpectedRevision(pending.stream, pending.expected, actual));
      break;
    }
    case ANSWER.refused:
      pending.reject(new InvalidAppend(String(first)));
      break;
    case ANSWER.unavailable:
      pending.reject(new JournalUnavailable(String(first)));
      break;
    default:
      pending.reject(new AppendOutcomeUnknown(String(first)));
  }
}

/** FNV-1a over the code units: the same stream always goes to the same thread. */
function hashOf(stream: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
