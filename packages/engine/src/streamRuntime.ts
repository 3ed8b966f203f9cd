// streamRuntime.ts: one stream in memory: decides on speculative state, one append in flight, answers when durable.

import type { DomainEvent, Instant, Recorded } from '@holdfast/domain';
import { InvariantBroken } from '@holdfast/domain';
import { decode, encode, eventId } from '@holdfast/events';
import {
  AppendOutcomeUnknown,
  type EventToAppend,
  eventBytes,
  JournalStopped,
  LIMITS,
  type Position,
  WrongExpectedRevision,
} from '@holdfast/journal';
import { Absence } from './absence.ts';
import type { Aggregate, Decided, Job } from './aggregate.ts';
import { AppendQueue, BATCH_BYTES, BATCH_EVENTS, type Batch, jobsOf } from './appendQueue.ts';
import { asUnavailable, EngineUnavailable, isTransient, StreamQuarantined } from './errors.ts';
import { isDue, type Saved, Saving } from './saving.ts';
import type { Surroundings } from './surroundings.ts';
import { Tail } from './tail.ts';

/** Commands that may wait while a stream is being read or its last append is in doubt. */
const WAITING_MOST = 10_000;

/** An append whose outcome is unknown is repeated after the first, then ever later, up to the second. */
const RETRY_AFTER_MS = 10;
const RETRY_MOST_MS = 1_000;

/** A clock this far behind a stream is an alarm. */
const CLOCK_BEHIND_MS = 5_000;

/** What all streams of a kind have in common. */
export type StreamKind<State, Event extends DomainEvent> = {
  readonly aggregate: Aggregate<State, Event>;
  readonly around: Surroundings;
  readonly onDurable: ((events: readonly Recorded<Event>[], position: Position) => void) | undefined;
};

export class StreamRuntime<State, Event extends DomainEvent> implements Saved<State, Event> {
  readonly stream: string;
  readonly #kind: StreamKind<State, Event>;

  #status: 'cold' | 'loading' | 'ready' | 'in_doubt' | 'quarantined' = 'cold';
  #state: State;
  /** Position of the newest durable event that this runtime has seen. */
  #position: Position = 0n;
  #durable = -1;
  /** Revision of the newest event in `#state`. */
  #newest = -1;
  /** What is decided and not yet durable. Made when it is first needed, as `#saving` is: an idle stream takes little memory. */
  #queue: AppendQueue<State, Event> | undefined;
  /** At least one, or undefined. */
  #waiting: Job<State, Event>[] | undefined;
  /** Jobs that wait for a look at the log's head. */
  #looking = 0;
  /** Jobs decided before the log was seen to have nothing newer: decided again, they can be answered. */
  #current: WeakSet<Job<State, Event>> | undefined;
  /** The log has something newer than the newest event here; those who must see it are waiting. */
  #behind = false;

  #saving: Saving<State, Event> | undefined;
  /** What has left memory, once something has. */
  #absence: Absence<State, Event> | undefined;
  /** While another engine writes here too. */
  #tail: Tail<Event> | undefined;
  /** How much of `residents` is this stream's. */
  #counted = 0;
  /** Since somebody last looked, for choosing which stream leaves memory. */
  used = true;

  constructor(stream: string, kind: StreamKind<State, Event>) {
    this.stream = stream;
    this.#kind = kind;
    this.#state = kind.aggregate.initial();
  }

  get aggregate(): Aggregate<State, Event> {
    return this.#kind.aggregate;
  }

  get around(): Surroundings {
    return this.#kind.around;
  }

  submit(job: Job<State, Event>): void {
    this.used = true;
    if (this.#status === 'ready') {
      this.#process(job);
    } else if (this.#status === 'quarantined') {
      job.failed(new StreamQuarantined(this.stream));
    } else if (this.#waiting !== undefined && this.#waiting.length >= WAITING_MOST) {
      job.failed(new EngineUnavailable(`more than ${WAITING_MOST} commands wait for ${this.stream}`));
    } else {
      this.#wait(job);
      if (this.#status === 'cold') this.#load();
    }
  }

  #wait(job: Job<State, Event>): void {
    this.#waiting ??= [];
    this.#waiting.push(job);
  }

  /** From now on none of them waits. */
  #takeWaiting(): readonly Job<State, Event>[] {
    const jobs = this.#waiting ?? [];
    this.#waiting = undefined;
    return jobs;
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return (
      this.#queue?.isEmpty !== false &&
      this.#waiting === undefined &&
      this.#looking === 0 &&
      this.#absence?.isFetching !== true &&
      this.#saving?.isWriting !== true &&
      this.#status !== 'loading'
    );
  }

  /** It can leave memory: nothing would be forgotten that the log does not tell. */
  get dispensable(): boolean {
    return this.idle && this.#status !== 'quarantined';
  }

  /** Events that would have to be read again if this runtime left memory now. */
  get unsaved(): number {
    return this.aggregate.snapshot === undefined || this.#status === 'cold' ? 0 : this.#durable - this.#indexed;
  }

  /** The last snapshot could not be written, and it is not yet time to try again. */
  get saveFailed(): boolean {
    return this.#saving?.hasFailed === true;
  }

  /** Everything up to here can be found through the index. */
  get #indexed(): number {
    return this.#saving?.indexed ?? -1;
  }

  get newest(): number {
    return this.#newest;
  }

  get durable(): number {
    return this.#durable;
  }

  get memoryIsShort(): boolean {
    const { residents } = this.around;
    return residents.count > residents.most && this.#counted > residents.least;
  }

  get isContended(): boolean {
    return this.#tail !== undefined;
  }

  get position(): Position {
    return this.#position;
  }

  /** For tests and reads of what never changes. Speculative. */
  get state(): State {
    return this.#state;
  }

  /** Resolves when nothing is in flight any more. */
  async drained(): Promise<void> {
    while (!this.idle) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /**
   * Resolves when everything that was decided until now is in the log, or can never get there; undefined when it is so
   * already.
   */
  definite(): Promise<void> | undefined {
    return this.#queue?.definite();
  }

  // --- deciding

  #process(job: Job<State, Event>): void {
    try {
      if (this.#absence?.has(job)) {
        this.#absence.fetch(job);
        return;
      }
      const now = this.#now();
      const decided = job.decide(this.#state, now);
      if ('append' in decided && decided.append.length > 0) this.#enqueue(job, decided, now);
      else this.#answer(job, 'restsOn' in decided ? decided.restsOn : 'all');
    } catch (error) {
      this.#couldNot(job, error);
    }
  }

  #now(): Instant {
    const clock = this.around.clock.now();
    const last = this.aggregate.lastOccurredAt(this.#state);
    if (clock >= last) return clock;
    if (last - clock > CLOCK_BEHIND_MS) {
      this.around.alarm('the clock is behind a stream', { stream: this.stream, behindMs: last - clock });
    }
    return last;
  }

  #enqueue(job: Job<State, Event>, decided: Extract<Decided<Event>, { append: unknown }>, now: Instant): void {
    const metadata = { ...decided.metadata, occurredAt: now };
    const recorded: Recorded<Event>[] = [];
    const encoded: EventToAppend[] = [];
    let bytes = 0;
    let largest = 0;
    let id = '';
    for (const event of decided.append) {
      const texts = encode(event, metadata);
      // Before they are hashed: it makes each one text, of the hundred that it was put together from.
      const size = eventBytes(texts);
      bytes += size;
      if (size > largest) largest = size;
      const { type, data, metadata: text } = texts;
      const index = encoded.length;
      id = eventId(this.stream, metadata.commandId, index, type, data, text);
      encoded.push({ id, type, data, metadata: text });
      recorded.push({ ...event, metadata, revision: this.#newest + 1 + index });
    }
    // Looked at before anything is changed, so that one command that is too large fails alone.
    if (bytes > BATCH_BYTES || encoded.length > BATCH_EVENTS || largest > LIMITS.eventBytes) {
      job.failed(new InvariantBroken(`a command on ${this.stream} makes ${encoded.length} events of ${bytes} bytes`));
      return;
    }
    this.#saving ??= new Saving(this);
    for (const event of recorded) this.aggregate.evolve(this.#state, event);
    this.#saving.note(recorded, id);
    this.#newest += recorded.length;
    this.#queue ??= new AppendQueue();
    this.#queue.add(encoded, bytes, { job, recorded });
    this.#saving.captureWhenDue();
    this.#flush();
  }

  /** An answer waits for all it saw: it goes out with the append that makes that durable, and falls with it. */
  #answerWhenDurable(job: Job<State, Event>, restsOn: number | 'all'): void {
    const revision = restsOn === 'all' ? this.#newest : restsOn;
    if (revision <= this.#durable) {
      job.done([], this.#position);
      return;
    }
    const batch = this.#queue?.holding(revision, this.#durable);
    if (batch !== undefined) {
      batch.waiters.push({ job, recorded: [] });
      return;
    }
    throw new InvariantBroken(`an answer rests on revision ${revision} of ${this.stream}, which is at ${this.#newest}`);
  }

  #answer(job: Job<State, Event>, restsOn: number | 'all' | 'head'): void {
    if (restsOn === 'head') this.#answerWhenCurrent(job);
    else this.#answerWhenDurable(job, restsOn);
  }

  /** An append proves that the state is current. Without one, the log says whether there is anything newer. */
  #answerWhenCurrent(job: Job<State, Event>): void {
    if (this.#current?.delete(job)) {
      this.#answerWhenDurable(job, 'all');
      return;
    }
    this.#looking++;
    this.#logIsAhead()
      .then(
        (ahead) => {
          if (ahead && (this.#status === 'ready' || this.#status === 'in_doubt')) {
            this.#wait(job);
            this.#behind = true;
            this.#readOnWhenIdle();
          } else {
            // Decided again, since the state may have changed during the look.
            if (!ahead) {
              this.#current ??= new WeakSet();
              this.#current.add(job);
            }
            this.submit(job);
          }
        },
        (error) => this.#couldNot(job, error),
      )
      .finally(() => {
        this.#looking--;
      });
  }

  async #logIsAhead(): Promise<boolean> {
    for await (const page of this.around.journal.readStream(this.stream, { from: this.#newest + 1, limit: 1 })) {
      // What was decided here meanwhile may be what was found; if it is another's, its append will be refused.
      for (const { revision } of page) if (revision > this.#newest) return true;
    }
    return false;
  }

  /** With an append in flight there is no need: it will be refused, or be the last before this is called again. */
  #readOnWhenIdle(): void {
    if (!this.#behind || this.#queue?.inFlight !== undefined || this.#status !== 'ready') return;
    this.#drop();
    this.#load();
  }

  // --- appending

  #flush(): void {
    const batch = this.#queue?.next();
    if (batch !== undefined) this.#append(batch, RETRY_AFTER_MS);
  }

  #append(batch: Batch<State, Event>, retryMs: number): void {
    this.around.journal.append(this.stream, this.#durable < 0 ? 'no_stream' : this.#durable, batch.events).then(
      (appended) => this.#appended(batch, appended.revision, appended.position),
      (error: Error) => this.#refused(batch, error, retryMs),
    );
  }

  #appended(batch: Batch<State, Event>, revision: number, position: Position): void {
    const { counters } = this.around;
    counters.appends++;
    counters.appendedEvents += batch.events.length;
    this.#durable += batch.events.length;
    this.#queue?.landed();
    if (position > this.#position) this.#position = position;
    for (const { recorded } of batch.waiters) this.#tail?.add(recorded);
    if (revision !== this.#durable) {
      this.#broken(new InvariantBroken(`${this.stream} is at ${revision} after an append, not at ${this.#durable}`));
      for (const job of [...jobsOf(batch), ...this.#jobsBehind]) job.failed(new StreamQuarantined(this.stream));
      this.#queue?.drop();
      return;
    }
    this.#count();
    // What was decided meanwhile goes to the disk before the answers go out.
    this.#flush();
    if (this.#status === 'in_doubt') this.#status = 'ready';
    if (!this.#behind && this.#waiting !== undefined) this.#resume();
    for (const { job, recorded } of batch.waiters) {
      if (recorded.length > 0) this.#kind.onDurable?.(recorded, position);
      job.done(recorded, position);
    }
    this.#saving?.write();
    this.#readOnWhenIdle();
  }

  #refused(batch: Batch<State, Event>, error: Error, retryMs: number): void {
    if (error instanceof JournalStopped) return; // Nobody is answered: the process stops.
    // That a later try was refused says nothing about an earlier one.
    if (error instanceof AppendOutcomeUnknown || (batch.inDoubt && isTransient(error))) {
      // Until the same bytes at the same revision got a definite answer, nothing is decided on this stream.
      batch.inDoubt = true;
      if (this.#status === 'ready') this.#status = 'in_doubt';
      const again = () => this.#append(batch, Math.min(retryMs * 2, RETRY_MOST_MS));
      this.around.clock.after(retryMs, again);
      return;
    }
    this.around.counters.failedAppends++;
    const queued = this.#jobsBehind;
    const own = jobsOf(batch);
    const quarantined = this.#status === 'quarantined';
    this.#drop();
    if (quarantined) {
      this.#status = 'quarantined';
      for (const job of [...own, ...queued]) job.failed(new StreamQuarantined(this.stream));
      return;
    }
    if (error instanceof WrongExpectedRevision) {
      this.#tail ??= new Tail();
      this.#tail.lost();
    }
    // Another writer was first: all decide again. Otherwise this append has failed, and those behind it decide again.
    const again = error instanceof WrongExpectedRevision ? [...own, ...queued] : queued;
    const waiting = [...again, ...this.#takeWaiting()];
    if (waiting.length > 0) this.#waiting = waiting;
    if (!(error instanceof WrongExpectedRevision)) {
      for (const job of own) job.failed(asUnavailable(error));
    }
    if (this.#waiting !== undefined) this.#load();
  }

  get #jobsBehind(): readonly Job<State, Event>[] {
    return this.#queue?.jobsBehind ?? [];
  }

  /** Forgets everything speculative, and with it the whole state: the log says what it is. */
  #drop(): void {
    this.#state = this.aggregate.initial();
    this.#status = 'cold';
    this.#behind = false;
    this.#queue?.drop();
    this.#saving?.drop();
    if (this.#absence !== undefined) this.#beAbsent(this.#absence.through);
    this.#count();
  }

  #resume(): void {
    this.#status = 'ready';
    for (const job of this.#takeWaiting()) this.submit(job);
  }

  /** A broken invariant: this stream decides nothing more until somebody has looked. What is in flight is still answered. */
  #broken(error: unknown, job?: Job<State, Event>): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#saving?.drop();
    if (this.#status !== 'quarantined') {
      this.#status = 'quarantined';
      this.around.counters.quarantinedAccounts++;
      this.around.alarm('a stream is quarantined', {
        stream: this.stream,
        error: failure.message,
        stack: failure.stack,
      });
    }
    const jobs = [...(job === undefined ? [] : [job]), ...this.#takeWaiting()];
    for (const each of jobs) each.failed(new StreamQuarantined(this.stream));
  }

  // --- loading

  #load(): void {
    this.#status = 'loading';
    void this.#read().then(
      () => this.#resume(),
      (error) => {
        if (!isTransient(error)) {
          this.#broken(error);
          return;
        }
        this.#drop();
        for (const job of this.#takeWaiting()) job.failed(new EngineUnavailable(error.message));
      },
    );
  }

  async #read(): Promise<void> {
    const { index, journal } = this.around;
    const { snapshot } = this.aggregate;
    const found = snapshot === undefined ? undefined : index.snapshot(this.stream);
    const [after, text] = found === undefined ? [] : splitOnce(found.snapshot);
    this.#state = text === undefined ? this.aggregate.initial() : (snapshot?.read(text) ?? this.#state);
    const indexed = found?.revision ?? -1;
    if (indexed >= 0) this.#saving ??= new Saving(this);
    this.#saving?.begin(indexed);
    if (this.#absence !== undefined || indexed >= 0) this.#beAbsent(indexed);
    this.#newest = indexed;
    this.#durable = indexed;
    const tail = this.#tail?.after(indexed) ?? [];
    await this.#follow(tail);
    // Reading starts with the snapshot's own last event: it tells the position, and that the log has it.
    const from = tail.length > 0 ? this.#newest + 1 : Math.max(indexed, 0);
    let metItsEvent = indexed < 0 || tail.length > 0;
    for await (const page of journal.readStream(this.stream, { from })) {
      const events: Recorded<Event>[] = [];
      for (const stored of page) {
        this.#position = stored.position;
        if (stored.revision === indexed) metItsEvent = stored.id === after;
        if (!metItsEvent) throw otherMoment(this.stream, indexed);
        if (stored.revision > indexed) events.push(decode(stored) as Recorded<Event>);
      }
      await this.#follow(events);
      this.#tail?.add(events);
    }
    if (!metItsEvent) throw otherMoment(this.stream, indexed);
    this.#durable = this.#newest;
    this.#count();
    if (isDue(this, this.#indexed)) this.#saving ??= new Saving(this);
    this.#saving?.captureWhenDue();
    this.#saving?.write();
  }

  /** Takes over events of the log. Things that the index has and memory has not come back first, all at once. */
  async #follow(events: readonly Recorded<Event>[]): Promise<void> {
    if (this.#indexed >= 0) {
      const wholes = new Set(events.map((event) => this.aggregate.wholeOf(event)));
      const absent = [...wholes]
        .filter((whole) => whole !== undefined)
        .filter((whole) => !this.aggregate.isResident(this.#state, whole));
      await Promise.all(absent.map((whole) => this.#absence?.bringBack(whole)));
    }
    for (const event of events) {
      if (event.revision !== this.#newest + 1) {
        throw new InvariantBroken(`${this.stream} goes from revision ${this.#newest} to ${event.revision}`);
      }
      this.aggregate.evolve(this.#state, event);
      this.#newest = event.revision;
    }
  }

  #couldNot(job: Job<State, Event>, error: unknown): void {
    if (isTransient(error)) job.failed(new EngineUnavailable(error.message));
    else this.#broken(error, job);
  }

  // --- leaving memory

  #count(): void {
    const own = this.aggregate.residents(this.#state);
    this.around.residents.count += own - this.#counted;
    this.#counted = own;
  }

  /** See `Saved`. */
  hasSaved(): void {
    if (this.#tail?.shorten(this.#indexed) === false) this.#tail = undefined;
    this.#evictWhenShort();
  }

  /** The older half: what was just decided is often needed next. */
  #evictWhenShort(): void {
    const middle = Math.ceil(((this.#absence?.through ?? -1) + this.#newest) / 2);
    if (this.memoryIsShort) this.#evict(Math.min(middle, this.#indexed));
  }

  #evict(through: number): void {
    // What is being read or decided rests on what was brought back for it.
    if (this.#status === 'loading' || this.#absence?.isFetching) return;
    this.aggregate.evict(this.#state, through);
    this.#beAbsent(through);
    this.#count();
  }

  #beAbsent(through: number): void {
    const { index, journal } = this.around;
    this.#absence ??= new Absence({
      stream: this.stream,
      aggregate: this.aggregate,
      index,
      journal,
      state: () => this.#state,
      indexed: () => this.#indexed,
      decides: () => this.#status === 'ready' || this.#status === 'in_doubt',
      submit: (job) => this.submit(job),
      couldNot: (job, error) => this.#couldNot(job, error),
      roundEnded: () => {
        this.#count();
        this.#evictWhenShort();
      },
    });
    this.#absence.begin(through);
  }

  /** Leaves memory: what it held no longer counts. */
  forget(): void {
    this.around.residents.count -= this.#counted;
    this.#counted = 0;
  }

  /** Lets all that the index can bring back leave memory, and stays. */
  shrink(): void {
    this.#evict(this.#indexed);
  }

  /**
   * Writes a snapshot of everything durable, for leaving memory or stopping. False when something is under way or there
   * is nothing new; also one that could not be written was tried, and is not soon again.
   */
  async save(): Promise<boolean> {
    if (this.#status !== 'ready' || !this.idle || this.unsaved === 0) return false;
    this.#saving ??= new Saving(this);
    await this.#saving.now();
    return true;
  }
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf(' ');
  return [text.slice(0, at), text.slice(at + 1)];
}

function otherMoment(stream: string, revision: number): InvariantBroken {
  return new InvariantBroken(
    `the account index has revision ${revision} of ${stream}, which the log does not have or has otherwise: one of them ` +
      'was restored. Stop, delete index.db, and start again: it is made anew from the log',
  );
}
