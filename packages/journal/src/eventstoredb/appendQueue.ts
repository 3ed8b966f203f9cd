// appendQueue.ts: when each append is sent: one at a time for each stream, one at all while the connection is in doubt,
// again and again with the same bytes until there is a definite answer.

import type { Appended, EventToAppend, ExpectedRevision } from '../journal.ts';
import { backoffMs } from './backoff.ts';
import type { Failure } from './outcome.ts';

export type QueuedAppend = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventToAppend[];
  /** When it was accepted, by `Date.now()`. */
  readonly since: number;
  /** An earlier try got no definite answer. */
  inDoubt: boolean;
  readonly answer: (outcome: Outcome) => void;
};

export type Outcome =
  | { readonly kind: 'written'; readonly appended: Appended }
  | Extract<Failure, { kind: 'wrong_revision' | 'refused' }>
  /** Given up after the patience; `unknown` when it may have been written. */
  | { readonly kind: 'unavailable' | 'unknown'; readonly reason: string };

export type Tried = Extract<Outcome, { kind: 'written' }> | Failure;

type Stream = {
  readonly waiting: QueuedAppend[];
  /** When the first of them was sent; undefined: it is not under way. */
  sentAt: number | undefined;
  failures: number;
  /** It is not tried again before. */
  notBefore: number;
};

/** Appends under way at once, over all streams. */
const IN_FLIGHT_MOST = 512;
const SWEEP_MS = 25;

export class AppendQueue {
  readonly #send: (append: QueuedAppend) => Promise<Tried>;
  readonly #onSilence: () => void;
  readonly #patienceMs: number;
  readonly #answerWithinMs: number;
  readonly #streams = new Map<string, Stream>();
  /** Streams with something to send that must wait their turn. */
  readonly #ready = new Set<Stream>();
  readonly #sweeping: NodeJS.Timeout;
  #inFlight = 0;
  /** Until an append has been answered on a connection, only one is under way. */
  #probing = true;
  #failures = 0;
  #notBefore = 0;
  #downSince: number | undefined;
  #lastReason = '';

  /** `onSilence` is called when an append was not answered within `answerWithinMs`: the client is no good any more. */
  constructor(
    send: (append: QueuedAppend) => Promise<Tried>,
    onSilence: () => void,
    { patienceMs, answerWithinMs }: { readonly patienceMs: number; readonly answerWithinMs: number },
  ) {
    this.#send = send;
    this.#onSilence = onSilence;
    this.#patienceMs = patienceMs;
    this.#answerWithinMs = answerWithinMs;
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  add(append: QueuedAppend): void {
    if (this.#downForLong() && this.#streams.size > 0) {
      // One that waits is enough to learn that the log is back.
      append.answer(givenUp(append, this.#lastReason));
      return;
    }
    const stream = this.#streamOf(append.stream);
    stream.waiting.push(append);
    if (stream.waiting.length === 1) this.#ready.add(stream);
    this.#startReady();
  }

  close(): void {
    clearInterval(this.#sweeping);
  }

  #streamOf(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { waiting: [], sentAt: undefined, failures: 0, notBefore: 0 };
      this.#streams.set(name, stream);
    }
    return stream;
  }

  #startReady(): void {
    const now = Date.now();
    if (now < this.#notBefore) return;
    for (const stream of this.#ready) {
      if (this.#inFlight >= (this.#probing ? 1 : IN_FLIGHT_MOST)) return;
      if (now < stream.notBefore) continue;
      this.#ready.delete(stream);
      const [append] = stream.waiting;
      if (append !== undefined) this.#try(stream, append, now);
    }
  }

  #try(stream: Stream, append: QueuedAppend, now: number): void {
    stream.sentAt = now;
    this.#inFlight++;
    this.#send(append).then((tried) => {
      stream.sentAt = undefined;
      this.#inFlight--;
      if (tried.kind === 'not_written' || tried.kind === 'unknown') this.#failed(stream, append, tried);
      else this.#answered(stream, append, tried);
      this.#startReady();
    });
  }

  #answered(stream: Stream, append: QueuedAppend, outcome: Outcome): void {
    this.#probing = false;
    this.#failures = 0;
    this.#downSince = undefined;
    stream.failures = 0;
    this.#leave(stream, append, outcome);
  }

  #failed(stream: Stream, append: QueuedAppend, failure: Extract<Failure, { kind: 'not_written' | 'unknown' }>): void {
    const now = Date.now();
    this.#lastReason = failure.reason;
    if (failure.kind === 'unknown') append.inDoubt = true;
    if (failure.connectionLost) {
      // All that were under way fail together: that is one failure of the connection.
      if (!this.#probing || this.#inFlight === 0) {
        this.#notBefore = now + backoffMs(this.#failures++);
        this.#downSince ??= now;
      }
      this.#probing = true;
    } else {
      stream.notBefore = now + backoffMs(stream.failures++);
    }
    this.#ready.add(stream);
  }

  /** `append` is the first of its stream. */
  #leave(stream: Stream, append: QueuedAppend, outcome: Outcome): void {
    stream.waiting.shift();
    if (stream.waiting.length > 0) this.#ready.add(stream);
    else {
      this.#ready.delete(stream);
      this.#streams.delete(append.stream);
    }
    append.answer(outcome);
  }

  #downForLong(): boolean {
    return this.#downSince !== undefined && Date.now() - this.#downSince > this.#patienceMs;
  }

  #sweep(): void {
    const now = Date.now();
    for (const stream of this.#streams.values()) {
      if (stream.sentAt !== undefined) {
        if (now - stream.sentAt <= this.#answerWithinMs) continue;
        this.#onSilence();
        return;
      }
      // In the order of calling, so that the first is the oldest.
      for (let [first] = stream.waiting; first !== undefined; [first] = stream.waiting) {
        if (now - first.since <= this.#patienceMs) break;
        this.#leave(stream, first, givenUp(first, this.#lastReason));
      }
    }
    this.#startReady();
  }
}

function givenUp({ inDoubt, stream }: QueuedAppend, reason: string): Outcome {
  const why = reason === '' ? '' : ` (${reason})`;
  return inDoubt
    ? { kind: 'unknown', reason: `nobody knows whether an append to ${stream} was written${why}: repeat it` }
    : { kind: 'unavailable', reason: `the log does not take appends${why}: nothing was written, try again later` };
}
