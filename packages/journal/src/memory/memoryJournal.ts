// memoryJournal.ts: a log in memory, for simulations that must replay exactly from a seed: no thread, no disk, no timer.

import { checkAppend } from '../checkAppend.ts';
import { checkFilter, checkReadStream, passes } from '../checkRead.ts';
import { JournalStopped, WrongExpectedRevision } from '../errors.ts';
import type {
  Appended,
  EventToAppend,
  ExpectedRevision,
  Filter,
  Journal,
  Page,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  Subscription,
} from '../journal.ts';
import { startSubscription } from '../sqlite/subscription.ts';

const PAGE = 500;

/** What several journals of one process can share: the log itself. */
export type MemoryLog = {
  readonly events: StoredEvent[];
  readonly streams: Map<string, StoredEvent[]>;
  /** Told of every append, whichever journal it came through. */
  readonly listeners: Set<() => void>;
};

export function newMemoryLog(): MemoryLog {
  return { events: [], streams: new Map(), listeners: new Set() };
}

/** A journal on `log`; several on the same one are several writers. Lost with the process. */
export function openMemoryJournal(log: MemoryLog = newMemoryLog()): Journal {
  const subscriptions = new Set<Subscription>();
  let closed = false;

  function append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Appended {
    if (closed) throw new JournalStopped('the journal was closed');
    checkAppend(stream, expected, events);
    const there = log.streams.get(stream) ?? [];
    const after = expected === 'no_stream' ? 0 : expected + 1;
    const wrong = () =>
      new WrongExpectedRevision(stream, expected, there.length === 0 ? 'no_stream' : there.length - 1);
    if (after > there.length) throw wrong();
    if (after < there.length) {
      // Written before, slot by slot; the payload first written is kept.
      if (events.some(({ id }, at) => there[after + at]?.id !== id)) throw wrong();
      return ended(there[after + events.length - 1]);
    }
    for (const event of events) {
      const stored = { ...event, stream, revision: there.length, position: BigInt(log.events.length + 1) };
      there.push(stored);
      log.events.push(stored);
    }
    log.streams.set(stream, there);
    for (const wake of [...log.listeners]) wake();
    return ended(there.at(-1));
  }

  const pages = (after: number, upTo: number, filter?: Filter) => pagesOf(log, after, upTo, filter);
  const head = (): number => log.events.length;
  return {
    append: async (stream, expected, events) => append(stream, expected, events),
    failed: new Promise<never>(() => {}),
    readStream: (stream, options = {}) => {
      checkReadStream(options);
      return streamPages(log.streams.get(stream) ?? [], options);
    },
    readAll: ({ after = 0n, upTo, filter = {} }: ReadAllOptions = {}) => {
      checkFilter(filter);
      return asynchronously(pages(Number(after), Math.min(Number(upTo ?? head()), head()), filter));
    },
    subscribe: ({ after, filter = {}, onPage, onCaughtUp }) => {
      checkFilter(filter);
      const source = {
        head,
        pages: (from: number, to: number) => pages(from, to, filter),
        onMove: (wake: () => void) => {
          log.listeners.add(wake);
          return () => log.listeners.delete(wake);
        },
      };
      const callbacks = onCaughtUp === undefined ? { onPage } : { onPage, onCaughtUp };
      const subscription = startSubscription(source, after === 'end' ? head() : Number(after), callbacks);
      subscriptions.add(subscription);
      return subscription;
    },
    eventAt: async (position) => log.events[Number(position) - 1],
    head: async () => BigInt(head()),
    close: async () => {
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    },
  };
}

async function* asynchronously<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

function ended(last: StoredEvent | undefined): Appended {
  if (last === undefined) throw new Error('an append without events');
  return { revision: last.revision, position: last.position };
}

async function* streamPages(
  events: readonly StoredEvent[],
  { direction = 'forwards', from, limit = Number.POSITIVE_INFINITY }: ReadStreamOptions = {},
): AsyncGenerator<readonly StoredEvent[]> {
  const chosen =
    direction === 'forwards' ? events.slice(from ?? 0) : events.slice(0, (from ?? events.length) + 1).reverse();
  const wanted = chosen.slice(0, limit);
  for (let at = 0; at < wanted.length; at += PAGE) yield wanted.slice(at, at + PAGE);
}

function* pagesOf({ events }: MemoryLog, after: number, upTo: number, filter: Filter = {}): Generator<Page> {
  for (let at = after; at < upTo; at += PAGE) {
    const end = Math.min(at + PAGE, upTo);
    yield { events: events.slice(at, end).filter((event) => passes(filter, event)), position: BigInt(end) };
  }
}
