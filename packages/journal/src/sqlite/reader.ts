// reader.ts: reading the embedded log on the calling thread, beside a writer in any thread or process.

import { setImmediate } from 'node:timers/promises';
import { checkFilter, checkPosition } from '../checkRead.ts';
import { JournalCorrupt, JournalUnavailable } from '../errors.ts';
import type { Filter, JournalReader, Position, Subscription } from '../journal.ts';
import { openForReading } from './files.ts';
import { logPages } from './logPages.ts';
import { createRowReader } from './rows.ts';
import { readError } from './sqliteError.ts';
import { streamPages } from './streamPages.ts';
import { startSubscription } from './subscription.ts';

/** How often a reader that is not told of commits looks at the head while nothing moves, in milliseconds. */
export const POLL_MS = 20;

export type Signal = (wake: () => void) => () => void;

/**
 * Opens the log in `directory` read-only. Subscriptions look for new events after `pollMs`, then ever later while nothing
 * moves, on timers that keep no process alive. Rejects with `NotAJournal` when there is no log or it is not one of ours.
 */
export async function openSqliteJournalReader({
  directory,
  pollMs = POLL_MS,
}: {
  readonly directory: string;
  readonly pollMs?: number;
}): Promise<JournalReader> {
  return createReader(directory, (wake) => {
    let wait = Math.min(pollMs, POLL_MS);
    const look = (): void => {
      wait = Math.min(wait * 2, POLL_MS);
      timer = setTimeout(look, wait).unref();
      wake();
    };
    let timer = setTimeout(look, wait).unref();
    return () => clearTimeout(timer);
  });
}

/** `onMove` says how subscriptions learn that the head may have moved. Throws `NotAJournal`. */
export function createReader(directory: string, onMove: Signal): JournalReader {
  const db = openForReading(directory);
  const rows = createRowReader(db);
  const subscriptions = new Set<Subscription>();
  let closed = false;

  /** Runs one piece of reading and names its errors. */
  function reading<T>(read: () => T): T {
    if (closed) throw new JournalUnavailable('the journal is closed');
    try {
      return read();
    } catch (error) {
      throw error instanceof RangeError ? error : readError(error);
    }
  }

  function head(): number {
    return reading(() => {
      const position = rows.values('SELECT coalesce(max(position), 0) FROM events')[0]?.[0];
      if (typeof position !== 'number') throw new JournalCorrupt('the log has no readable head');
      return position;
    });
  }

  function* guarded<T>(items: Iterator<T>): Generator<T> {
    for (let next = reading(() => items.next()); !next.done; next = reading(() => items.next())) yield next.value;
  }

  function pages(after: number, upTo: number, filter: Filter | undefined) {
    return guarded(reading(() => logPages(rows, after, upTo, filter)));
  }

  return {
    readStream: (stream, options) => inTurns(guarded(reading(() => streamPages(rows, stream, options)))),
    readAll: ({ after = 0n, upTo, filter } = {}) => {
      if (filter !== undefined) checkFilter(filter);
      const last = head();
      const until = upTo === undefined ? last : Math.min(last, toNumber(upTo));
      return inTurns(pages(toNumber(after), until, filter));
    },
    subscribe: ({ after, filter, onPage, onCaughtUp }) => {
      if (filter !== undefined) checkFilter(filter);
      const start = after === 'end' ? head() : toNumber(after);
      const source = { head, pages: (from: number, upTo: number) => pages(from, upTo, filter), onMove };
      const subscription = startSubscription(source, start, onCaughtUp ? { onPage, onCaughtUp } : { onPage });
      const forget = (): unknown => subscriptions.delete(subscription);
      subscriptions.add(subscription);
      subscription.ended.then(forget, forget);
      return subscription;
    },
    eventAt: async (position) => {
      checkPosition(position);
      if (position === 0n || position > BigInt(head())) return undefined;
      const [page] = pages(toNumber(position) - 1, toNumber(position), undefined);
      return page?.events[0];
    },
    head: async () => BigInt(head()),
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      if (closed) return;
      closed = true;
      db.close();
    },
  };
}

/** Positions of the embedded log are dense and far from 2^53; a larger one lies beyond any head. */
function toNumber(position: Position): number {
  checkPosition(position);
  return Number(position);
}

/** A turn of the event loop between pages, so that a long read does not starve the rest of the process. */
async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    yield item;
    await setImmediate();
  }
}
