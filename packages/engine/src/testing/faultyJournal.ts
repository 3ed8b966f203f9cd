// faultyJournal.ts: a journal that meets trouble: refused, applied but unanswered, unanswered, slow, unreadable.

import { AppendOutcomeUnknown, type Journal, JournalUnavailable } from '@holdfast/journal';
import type { Clock } from '../clock.ts';

export type Fault =
  /** Not written, and said so. */
  | { readonly kind: 'refused' }
  /** Written, but the answer was lost. */
  | { readonly kind: 'answer_lost' }
  /** Nobody knows; it was not written. */
  | { readonly kind: 'request_lost' }
  /** Nobody knows; it is written after `ms`, if it still can be. */
  | { readonly kind: 'request_delayed'; readonly ms: number }
  /** Written after `ms`, answered after as long again. */
  | { readonly kind: 'slow'; readonly ms: number };

/**
 * `next` says what happens to an append, in the order in which they come; `unreadable` whether a read fails now; `lag` how
 * long, in milliseconds, a page is on its way to a subscriber.
 */
export function faultyJournal(
  journal: Journal,
  clock: Clock,
  next: () => Fault | undefined,
  unreadable: () => boolean = () => false,
  lag: () => number = () => 0,
): Journal {
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  async function* readable<Item>(items: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    if (unreadable()) throw new JournalUnavailable('the log cannot be read now');
    yield* items();
  }

  return {
    ...journal,
    readStream: (stream, options) => readable(() => journal.readStream(stream, options)),
    readAll: (options) => readable(() => journal.readAll(options)),
    subscribe: (options) =>
      journal.subscribe({
        ...options,
        onPage: async (page) => {
          const ms = lag();
          if (ms > 0) await wait(ms);
          return options.onPage(page);
        },
      }),
    async append(stream, expected, events) {
      const fault = next();
      switch (fault?.kind) {
        case undefined:
          return journal.append(stream, expected, events);
        case 'refused':
          throw new JournalUnavailable('the log is not ready');
        case 'answer_lost':
          await journal.append(stream, expected, events);
          throw new AppendOutcomeUnknown('the connection was cut after the append');
        case 'request_lost':
          throw new AppendOutcomeUnknown('the connection was cut before the append');
        case 'request_delayed':
          clock.after(fault.ms, () => void journal.append(stream, expected, events).catch(() => {}));
          throw new AppendOutcomeUnknown('the connection was cut on the way');
        case 'slow': {
          await wait(fault.ms);
          const appended = await journal.append(stream, expected, events);
          await wait(fault.ms);
          return appended;
        }
        default:
          return fault satisfies never;
      }
    },
  };
}
