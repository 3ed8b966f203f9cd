// appendQueue.ts: what a stream has decided and the log does not have yet: one append in flight, and what gathers behind it.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import { type EventToAppend, LIMITS } from '@holdfast/journal';
import type { Job } from './aggregate.ts';

/** Events that go out in one append: what has queued up behind the one in flight, up to this many. */
export const BATCH_EVENTS = 200;
export const BATCH_BYTES = LIMITS.appendBytes / 2;

export type Waiter<State, Event extends DomainEvent> = {
  readonly job: Job<State, Event>;
  /** Its own events, or none. */
  readonly recorded: readonly Recorded<Event>[];
};

export type Batch<State, Event extends DomainEvent> = {
  readonly events: EventToAppend[];
  bytes: number;
  /** It may be in the log: an earlier try got no definite answer. */
  inDoubt: boolean;
  readonly waiters: Waiter<State, Event>[];
  /** Somebody waits for its outcome, whatever that is. */
  outcome: PromiseWithResolvers<void> | undefined;
};

export class AppendQueue<State, Event extends DomainEvent> {
  #inFlight: Batch<State, Event> | undefined;
  readonly #behind: Batch<State, Event>[] = [];

  get inFlight(): Batch<State, Event> | undefined {
    return this.#inFlight;
  }

  get isEmpty(): boolean {
    return this.#inFlight === undefined && this.#behind.length === 0;
  }

  /** Jobs whose append has not gone out. */
  get jobsBehind(): readonly Job<State, Event>[] {
    return this.#behind.flatMap(jobsOf);
  }

  /** To the newest batch that has not gone out, or to one of its own when that is full. */
  add(events: readonly EventToAppend[], bytes: number, waiter: Waiter<State, Event>): void {
    let batch = this.#behind.at(-1);
    if (
      batch === undefined ||
      batch.events.length + events.length > BATCH_EVENTS ||
      batch.bytes + bytes > BATCH_BYTES
    ) {
      batch = { events: [], bytes: 0, inDoubt: false, waiters: [], outcome: undefined };
      this.#behind.push(batch);
    }
    batch.events.push(...events);
    batch.bytes += bytes;
    batch.waiters.push(waiter);
  }

  /** The batch to send now, if there is one and none is in flight: from now on it is. */
  next(): Batch<State, Event> | undefined {
    if (this.#inFlight !== undefined) return undefined;
    this.#inFlight = this.#behind.shift();
    return this.#inFlight;
  }

  /** The one in flight is in the log. */
  landed(): void {
    this.#inFlight?.outcome?.resolve();
    this.#inFlight = undefined;
  }

  /** The batch with which `revision` gets into the log, which ends at `durable`. */
  holding(revision: number, durable: number): Batch<State, Event> | undefined {
    let through = durable;
    for (const batch of this.#inFlight === undefined ? this.#behind : [this.#inFlight, ...this.#behind]) {
      through += batch.events.length;
      if (revision <= through) return batch;
    }
    return undefined;
  }

  /**
   * Resolves when everything that is here now is in the log, or can never get there; undefined when there is nothing.
   */
  definite(): Promise<void> | undefined {
    const last = this.#behind.at(-1) ?? this.#inFlight;
    if (last === undefined) return undefined;
    last.outcome ??= Promise.withResolvers();
    return last.outcome.promise;
  }

  /** Nothing of it gets into the log any more. */
  drop(): void {
    for (const { outcome } of this.#behind) outcome?.resolve();
    this.#behind.length = 0;
    this.landed();
  }
}

export function jobsOf<State, Event extends DomainEvent>({
  waiters,
}: Batch<State, Event>): readonly Job<State, Event>[] {
  return waiters.map(({ job }) => job);
}
