// absence.ts: what of a stream has left memory, and how it comes back for those who need it.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import { decode } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import type { AccountIndex } from './accountIndex.ts';
import type { Aggregate, Job } from './aggregate.ts';

/** Jobs for which what has left memory is brought back together. */
const ROUND_JOBS = 32;

/** The stream that something is absent from. */
export type Home<State, Event extends DomainEvent> = {
  readonly stream: string;
  readonly aggregate: Aggregate<State, Event>;
  readonly index: AccountIndex;
  readonly journal: Journal;
  readonly state: () => State;
  /** Everything up to this revision can be found through the index. */
  readonly indexed: () => number;
  readonly decides: () => boolean;
  readonly submit: (job: Job<State, Event>) => void;
  readonly couldNot: (job: Job<State, Event>, error: unknown) => void;
  /** What a round has brought back is in memory beside what was there. */
  readonly roundEnded: () => void;
};

export class Absence<State, Event extends DomainEvent> {
  readonly #home: Home<State, Event>;
  /** What happened up to this revision may be absent from memory; below zero: memory has everything. */
  #through = -1;
  /** Keys whose events were brought back since the last eviction. */
  readonly #fetched = new Set<string>();
  /** Rises with each eviction: what was fetched before it may be out of date. */
  #evictions = 0;
  /** Jobs that wait, after those of the round that is being fetched. */
  #waiting: Job<State, Event>[] = [];
  #isFetching = false;

  constructor(home: Home<State, Event>) {
    this.#home = home;
  }

  get through(): number {
    return this.#through;
  }

  get isFetching(): boolean {
    return this.#isFetching;
  }

  /** Memory has lost everything up to `through`, and all that had been brought back. */
  begin(through: number): void {
    this.#through = through;
    this.#fetched.clear();
    this.#evictions++;
  }

  /** Whether a job needs something that only the index may know. */
  has(job: Job<State, Event>): boolean {
    return this.#missing(job) !== undefined;
  }

  #missing(job: Job<State, Event>): readonly string[] | undefined {
    if (this.#through < 0) return undefined;
    const { index, stream, state } = this.#home;
    let missing: string[] | undefined;
    for (const key of job.needs(state())) {
      if (this.#fetched.has(key)) continue;
      if (index.revisionsOf(stream, key).length === 0) continue;
      missing ??= [];
      missing.push(key);
    }
    return missing;
  }

  /** Brings back what a job needs, and submits it again. */
  fetch(job: Job<State, Event>): void {
    this.#waiting.push(job);
    if (!this.#isFetching) void this.#fetchRounds();
  }

  /**
   * Some jobs at a time: nothing is evicted before all of them are decided. If it were, jobs that overlap could take from
   * each other for ever what each has brought back.
   */
  async #fetchRounds(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#isFetching = true;
      await Promise.all(this.#waiting.splice(0, ROUND_JOBS).map((job) => this.#fetchFor(job)));
      this.#isFetching = false;
      this.#home.roundEnded();
    }
  }

  async #fetchFor(job: Job<State, Event>): Promise<void> {
    try {
      // What comes back may tell of more that is needed: a command, of its transaction.
      while (this.#home.decides()) {
        const missing = this.#missing(job);
        if (missing === undefined) break;
        for (const key of missing) await this.bringBack(key);
      }
      this.#home.submit(job);
    } catch (error) {
      this.#home.couldNot(job, error);
    }
  }

  /** Puts the events that a key leads to back into memory, and with each the whole thing that it belongs to. */
  async bringBack(key: string): Promise<void> {
    const { aggregate, state } = this.#home;
    const evictions = this.#evictions;
    const events = await this.#eventsAt(key);
    const wholes = new Map<string, readonly Recorded<Event>[]>();
    for (const event of events) {
      const whole = aggregate.wholeOf(event);
      if (whole !== undefined && !wholes.has(whole)) {
        wholes.set(whole, whole === key ? events : await this.#eventsAt(whole));
      }
    }
    if (this.#evictions !== evictions) return; // Out of date: whoever asked looks again.
    for (const [whole, all] of wholes) {
      // Of a thing that stayed, its commands may have left.
      const bring = aggregate.isResident(state(), whole) ? aggregate.rememberCommand : aggregate.remember;
      for (const event of all) bring(state(), event);
    }
    for (const event of events) {
      if (aggregate.wholeOf(event) === undefined) aggregate.remember(state(), event);
    }
    this.#fetched.add(key);
  }

  /** The indexed events of a key, oldest first; those that a hash only seemed to match are left out. */
  async #eventsAt(key: string): Promise<readonly Recorded<Event>[]> {
    const { index, journal, stream, aggregate, indexed } = this.#home;
    const events: Recorded<Event>[] = [];
    for (const revision of index.revisionsOf(stream, key)) {
      if (revision > indexed()) continue;
      for await (const page of journal.readStream(stream, { from: revision, limit: 1 })) {
        for (const stored of page) {
          const event = decode(stored) as Recorded<Event>;
          if (aggregate.keysOf(event).includes(key)) events.push(event);
        }
      }
    }
    return events;
  }
}
