// reader.ts: reading an EventStoreDB on the calling thread, through lost connections and elections.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadRevision } from '@eventstore/db-client';
import {
  AccessDeniedError,
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  START,
  StreamDeletedError,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { checkFilter, checkPosition, checkReadStream } from '../checkRead.ts';
import { JournalCorrupt, JournalError, JournalUnavailable, NotAJournal } from '../errors.ts';
import type {
  Filter,
  JournalReader,
  Page,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  Subscription,
  SubscriptionOptions,
} from '../journal.ts';
import { backoffMs } from './backoff.ts';
import { CatchUp } from './catchUp.ts';
import { isOurs, toStoredEvent } from './clientEvents.ts';
import { reasonOf } from './outcome.ts';
import { checkServer } from './serverVersion.ts';
import type { ResolvedSettings } from './settings.ts';

const PAGE_EVENTS = 500;
const DISPOSE_MS = 500;

export class EventStoreReader implements JournalReader {
  readonly #settings: ResolvedSettings;
  readonly #subscriptions = new Set<Subscription>();
  #client: EventStoreDBClient;
  #isServerChecked = false;
  #closed = false;

  constructor(settings: ResolvedSettings) {
    this.#settings = settings;
    this.#client = EventStoreDBClient.connectionString(settings.connectionString);
  }

  readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    checkReadStream(options);
    return this.#streamPages(stream, options);
  }

  readAll({ after = 0n, upTo, filter = {} }: ReadAllOptions = {}): AsyncIterable<Page> {
    checkFilter(filter);
    checkPosition(after);
    if (upTo !== undefined) checkPosition(upTo);
    return this.#allPages(after, upTo, filter);
  }

  subscribe(options: SubscriptionOptions): Subscription {
    if (options.filter !== undefined) checkFilter(options.filter);
    if (options.after !== 'end') checkPosition(options.after);
    const stopping = new AbortController();
    const ended = this.#follow(options, stopping.signal);
    const subscription = {
      ended,
      close: async () => {
        stopping.abort();
        await ended.catch(() => {});
      },
    };
    this.#subscriptions.add(subscription);
    const forget = (): unknown => this.#subscriptions.delete(subscription);
    ended.then(forget, forget);
    return subscription;
  }

  eventAt(position: Position): Promise<StoredEvent | undefined> {
    checkPosition(position);
    return this.#patiently(`position ${position}`, async () => {
      const reading = this.#client.readAll({
        direction: FORWARDS,
        fromPosition: { commit: position, prepare: position },
        maxCount: 1,
        requiresLeader: true,
      });
      const { before } = this.#settings;
      try {
        for await (const { event } of this.#timed(reading)) {
          const ours = event?.position.commit === position && isOurs(event, before);
          return ours ? toStoredEvent(event, before) : undefined;
        }
      } catch (error) {
        if (!isInvalidPosition(error)) throw error;
      }
      return undefined;
    });
  }

  head(): Promise<Position> {
    return this.#patiently('the head of the log', async () => {
      const reading = this.#client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
        requiresLeader: true,
      });
      let head = 0n;
      for await (const { event } of this.#timed(reading)) head = event?.position.commit ?? head;
      if (!this.#isServerChecked) await checkServer(this.#settings);
      this.#isServerChecked = true;
      return head;
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#closed = true;
    // It waits for each call to end, which one on a lost connection may never do.
    await Promise.race([this.#client.dispose(), sleep(DISPOSE_MS, undefined, { ref: false })]);
  }

  async *#streamPages(
    stream: string,
    { direction = 'forwards', from, limit = Number.POSITIVE_INFINITY }: ReadStreamOptions,
  ): AsyncGenerator<readonly StoredEvent[]> {
    const step = direction === 'forwards' ? 1 : -1;
    let next = from ?? (direction === 'forwards' ? 0 : undefined);
    for (let left = limit; left > 0 && (next === undefined || next >= 0); ) {
      const wanted = Math.min(left, PAGE_EVENTS);
      const page = await this.#patiently(`stream ${stream}`, () => this.#streamPage(stream, direction, next, wanted));
      // Reading backwards begins with the newest one, wherever that is; all others stand side by side.
      let expected = step > 0 ? next : page[0]?.revision;
      for (const { revision } of page) {
        if (revision !== expected) throw new JournalCorrupt(`stream ${stream} has no revision ${expected}`);
        expected += step;
      }
      if (page.length > 0) yield page;
      if (page.length < wanted) return;
      left -= page.length;
      next = expected;
    }
  }

  async #streamPage(
    stream: string,
    direction: 'forwards' | 'backwards',
    from: number | undefined,
    maxCount: number,
  ): Promise<StoredEvent[]> {
    const fromRevision: ReadRevision = from === undefined ? (direction === 'forwards' ? START : END) : BigInt(from);
    const { before } = this.#settings;
    const reading = this.#client.readStream(before + stream, {
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromRevision,
      maxCount,
      requiresLeader: true,
    });
    const events: StoredEvent[] = [];
    try {
      for await (const { event } of this.#timed(reading)) {
        if (event !== undefined) events.push(toStoredEvent(event, before));
      }
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      if (error instanceof StreamDeletedError) throw new JournalCorrupt(`stream ${stream} was deleted by hand`);
      throw error;
    }
    return events;
  }

  async *#allPages(after: Position, upTo: Position | undefined, filter: Filter): AsyncGenerator<Page> {
    const head = await this.head();
    const end = upTo === undefined || upTo > head ? head : upTo;
    const never = new AbortController().signal;
    let from = after;
    let since = Date.now();
    for (let failures = 0; from < end; failures++) {
      const catchUp = this.#catchUp(from, head, filter);
      try {
        while (from < end) {
          const page = await catchUp.next(this.#settings.patienceMs, never);
          if (page === undefined) throw new Error('nothing came');
          failures = 0;
          since = Date.now();
          from = page.position < end ? page.position : end;
          yield { events: page.events.filter(({ position }) => position <= end), position: from };
        }
      } catch (error) {
        await this.#pauseOrGiveUp('the log', error, failures, since);
      } finally {
        await catchUp.close();
      }
    }
  }

  async #follow({ after, filter = {}, onPage, onCaughtUp }: SubscriptionOptions, signal: AbortSignal): Promise<void> {
    // The first page comes after `subscribe` has returned.
    await sleep(0);
    let position = after === 'end' ? undefined : after;
    for (let failures = 0; !signal.aborted; ) {
      let catchUp: CatchUp | undefined;
      try {
        const head = await this.head();
        position ??= head;
        if (signal.aborted) return;
        catchUp = this.#catchUp(position, head, filter);
        for (;;) {
          const page = await catchUp.next(Number.POSITIVE_INFINITY, signal);
          if (signal.aborted) return;
          if (page === undefined) continue;
          failures = 0;
          if (page.position > position || page.events.length > 0) {
            await callback(() => onPage({ events: page.events, position: page.position }));
          }
          if (signal.aborted) return;
          position = page.position;
          if (page.caughtUp) await callback(() => onCaughtUp?.(page.position));
        }
      } catch (error) {
        if (error instanceof CallbackFailed) throw error.reason;
        if (error instanceof JournalCorrupt || error instanceof NotAJournal) throw error;
        if (isInvalidPosition(error)) throw new RangeError(`no event of this log stands at position ${position}`);
        if (signal.aborted) return;
        this.#settings.onTrouble(`a subscription to EventStoreDB begins again: ${reasonOf(error)}`);
        await sleep(backoffMs(failures++), undefined, { signal }).catch(() => {});
      } finally {
        await catchUp?.close();
      }
    }
  }

  #catchUp(after: Position, head: Position, filter: Filter): CatchUp {
    if (this.#closed) throw new JournalUnavailable('the journal is closed');
    return new CatchUp(this.#client, this.#settings.before, after, head, filter);
  }

  /** Tries again until the patience ends. */
  async #patiently<T>(what: string, read: () => Promise<T>): Promise<T> {
    const since = Date.now();
    for (let failures = 0; ; failures++) {
      if (this.#closed) throw new JournalUnavailable('the journal is closed');
      try {
        return await read();
      } catch (error) {
        await this.#pauseOrGiveUp(what, error, failures, since);
      }
    }
  }

  async #pauseOrGiveUp(what: string, error: unknown, failures: number, since: number): Promise<void> {
    if (error instanceof JournalError) throw error;
    if (isInvalidPosition(error)) throw new RangeError(`${what} has no event at the position that was given`);
    if (error instanceof AccessDeniedError) throw new JournalUnavailable(`${what} cannot be read: access denied`);
    if (this.#closed || Date.now() - since > this.#settings.patienceMs) {
      throw new JournalUnavailable(`${what} cannot be read (${reasonOf(error)}): try again later`);
    }
    await sleep(backoffMs(failures));
  }

  /** Ends the call on the server also when its user stops early, and fails when nothing comes for too long. */
  async *#timed<T>(
    reading: AsyncIterable<T> & { cancel(): Promise<void>; destroy(error?: Error): unknown },
  ): AsyncGenerator<T> {
    const { answerWithinMs } = this.#settings;
    const timer = setTimeout(() => reading.destroy(new Error('nothing came')), answerWithinMs);
    try {
      for await (const item of reading) {
        timer.refresh();
        yield item;
      }
    } finally {
      clearTimeout(timer);
      await reading.cancel().catch(() => {});
    }
  }
}

/** A server finds no record there: the position is of another log, or was never given by this one. */
function isInvalidPosition(error: unknown): boolean {
  return error instanceof Error && /invalid ?position/i.test(error.message);
}

/** What a subscriber's own function threw ends its subscription, unlike trouble with the server. */
class CallbackFailed extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('a subscriber failed');
    this.reason = reason;
  }
}

async function callback(call: () => void | Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    throw new CallbackFailed(error);
  }
}
