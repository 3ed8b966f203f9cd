// saving.ts: a stream's snapshots: when one is due, and writing it with the keys of the events that it stands for.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import { InvariantBroken } from '@holdfast/domain';
import { decode } from '@holdfast/events';
import type { StoredEvent } from '@holdfast/journal';
import type { Aggregate } from './aggregate.ts';
import { IndexKeys } from './indexKeys.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * What is under way when no other snapshot is begun only because memory is short: so many, of such a weight. Large ones
 * hold up this thread for a moment each; of small ones, two at a time would never save as fast as others decide.
 */
const SAVES_AT_ONCE = { snapshots: 2, weight: 512 } as const;

/** A snapshot weighs as much as the events since the one before, or as its text in so many characters, if that is more. */
const CHARACTERS_OF_AN_EVENT = 1_000;

/** Of a stream that another engine writes too: the less there is to go through again, the sooner it is this one's turn. */
const SNAPSHOT_EVERY_CONTENDED = 256;

/** The stream whose snapshots they are. */
export interface Saved<State, Event extends DomainEvent> {
  readonly stream: string;
  readonly aggregate: Aggregate<State, Event>;
  readonly around: Surroundings;
  readonly state: State;
  /** Revisions of the newest event in the state, and in the log as far as is known here. */
  readonly newest: number;
  readonly durable: number;
  readonly memoryIsShort: boolean;
  /** Another engine writes it too. */
  readonly isContended: boolean;
  /** What was captured is in the index. */
  hasSaved(): void;
}

/** Keys of all events from `from` on, and the id of the last. */
type Noted = { readonly from: number; readonly keys: IndexKeys; lastId: string };

type Capture = {
  readonly revision: number;
  readonly snapshot: string;
  readonly noted: Noted | undefined;
  readonly weight: number;
};

export function savesEnough({ count, weight }: Surroundings['saving']): boolean {
  return count >= SAVES_AT_ONCE.snapshots && weight >= SAVES_AT_ONCE.weight;
}

/** Due after so many events; and sooner when memory is short, since only what the index has can leave it. */
export function isDue<State, Event extends DomainEvent>(
  { around, newest, isContended, memoryIsShort }: Saved<State, Event>,
  indexed: number,
): boolean {
  const { residents, saving } = around;
  const most = isContended ? SNAPSHOT_EVERY_CONTENDED : Number.POSITIVE_INFINITY;
  const unsaved = newest - indexed;
  const hurry = unsaved >= residents.least && !savesEnough(saving) && memoryIsShort;
  return unsaved >= Math.min(around.snapshotEvery, most) || hurry;
}

export class Saving<State, Event extends DomainEvent> {
  readonly #of: Saved<State, Event>;
  /** Everything up to here can be found through the index. */
  #indexed = -1;
  /** What the next write holds, once the log has it. */
  #capture: Capture | undefined;
  /** After a write that failed, the next one is tried when the stream has got this far. */
  #captureFrom = 0;
  #writing: Promise<void> | undefined;
  /** Of events decided here since the last capture: those that were only read are read again. */
  #noted: Noted | undefined;

  constructor(of: Saved<State, Event>) {
    this.#of = of;
  }

  get indexed(): number {
    return this.#indexed;
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** The last snapshot could not be written, and it is not yet time to try again. */
  get hasFailed(): boolean {
    return this.#of.newest < this.#captureFrom;
  }

  /** The state is read anew, from a snapshot at `indexed` on. */
  begin(indexed: number): void {
    this.#noted = undefined;
    this.#indexed = indexed;
  }

  /** The newest events of the state, as they are decided, and the id of the last of them. */
  note(events: readonly Recorded<Event>[], lastId: string): void {
    const { aggregate } = this.#of;
    if (aggregate.snapshot === undefined) return;
    for (const event of events) {
      this.#noted ??= { from: event.revision, keys: new IndexKeys(), lastId };
      this.#noted.keys.add(aggregate.keysOf(event), event.revision);
      this.#noted.lastId = lastId;
    }
  }

  /** The state was dropped. */
  drop(): void {
    this.#noted = undefined;
    this.#endCapture();
  }

  captureWhenDue(): void {
    if (this.#capture === undefined && !this.hasFailed && isDue(this.#of, this.#indexed)) this.#take();
  }

  /** Resolves when a snapshot of everything was written or could not be. Everything must be durable. */
  async now(): Promise<void> {
    if (this.#capture === undefined) this.#take();
    this.write();
    await this.#writing;
  }

  #take(): void {
    const { aggregate, around, state, newest } = this.#of;
    if (aggregate.snapshot === undefined) return;
    const snapshot = aggregate.snapshot.write(state);
    const weight = Math.max(newest - this.#indexed, Math.ceil(snapshot.length / CHARACTERS_OF_AN_EVENT));
    this.#capture = { revision: newest, snapshot, noted: this.#noted, weight };
    this.#noted = undefined;
    around.saving.count++;
    around.saving.weight += weight;
  }

  #endCapture(): void {
    if (this.#capture === undefined) return;
    const { saving } = this.#of.around;
    saving.count--;
    saving.weight -= this.#capture.weight;
    this.#capture = undefined;
  }

  /** Writes what was captured once the log has it. */
  write(): void {
    const capture = this.#capture;
    const { stream, around, durable } = this.#of;
    if (capture === undefined || this.#writing !== undefined || capture.revision > durable) return;
    this.#writing = this.#write(capture).then(
      () => {
        this.#writing = undefined;
        around.counters.snapshots++;
        if (this.#capture !== capture) {
          this.write(); // The state was dropped meanwhile: there may be another one, that waited for this one.
          return;
        }
        this.#endCapture();
        this.#indexed = capture.revision;
        this.#of.hasSaved();
      },
      (error: Error) => {
        this.#writing = undefined;
        around.alarm('a snapshot was not written', { stream, error: error.message });
        if (this.#capture !== capture) {
          this.write();
          return;
        }
        // Tried again later; until then everything stays in memory.
        this.#endCapture();
        this.#captureFrom = this.#of.newest + around.residents.least;
      },
    );
  }

  async #write({ revision, snapshot, noted }: Capture): Promise<void> {
    const { stream, aggregate, around } = this.#of;
    const keys = noted?.keys ?? new IndexKeys();
    const from = this.#indexed + 1;
    const until = noted?.from ?? revision + 1;
    for await (const event of this.#read(from, until - from)) {
      keys.add(aggregate.keysOf(decode(event) as Recorded<Event>), event.revision);
    }
    // With the event that it stands after, so that it is never taken for a snapshot of another log, or of this one restored.
    const id = noted?.lastId ?? (await this.#idAt(revision));
    await around.index.write({ stream, revision, snapshot: `${id} ${snapshot}`, keys });
  }

  async #idAt(revision: number): Promise<string> {
    let last = '';
    for await (const { id } of this.#read(revision, 1)) last = id;
    return last;
  }

  async *#read(from: number, limit: number): AsyncGenerator<StoredEvent> {
    if (limit === 0) return;
    const { stream, around } = this.#of;
    let next = from;
    for await (const page of around.journal.readStream(stream, { from, limit })) {
      for (const event of page) {
        if (event.revision !== next++) throw new InvariantBroken(`${stream} has ${event.revision} after ${next - 2}`);
        yield event;
      }
    }
    if (next !== from + limit) throw new InvariantBroken(`${stream} ends at ${next - 1}, its snapshot later`);
  }
}
