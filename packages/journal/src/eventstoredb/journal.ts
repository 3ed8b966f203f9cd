// journal.ts: the log on EventStoreDB, for any number of processes at a time.

import type { Journal, JournalReader } from '../journal.ts';
import { Appenders } from './appenders.ts';
import { EventStoreReader } from './reader.ts';
import type { EventStoreSettings } from './settings.ts';
import { resolveSettings } from './settings.ts';

export type { EventStoreSettings } from './settings.ts';

/**
 * Connects with the first call, and again whenever the connection is lost; appends are sent by threads of their own,
 * reads run on the calling thread. Throws `RangeError` for settings that cannot be.
 */
export function openEventStoreJournal(settings: EventStoreSettings): Journal {
  const resolved = resolveSettings(settings);
  const reader = new EventStoreReader(resolved);
  const appenders = new Appenders(resolved);
  return {
    ...readerOf(reader),
    append: (stream, expected, events) => appenders.append(stream, expected, events),
    // The server keeps the disk: a client has nothing that could break for good.
    failed: new Promise<never>(() => {}),
    close: async () => {
      // Subscriptions end first, since their pages may still be appending.
      await reader.close();
      await appenders.close();
    },
  };
}

/** The same, for reading only. */
export function openEventStoreReader(settings: EventStoreSettings): JournalReader {
  return readerOf(new EventStoreReader(resolveSettings(settings)));
}

function readerOf(reader: EventStoreReader): JournalReader {
  return {
    readStream: (stream, options) => reader.readStream(stream, options),
    readAll: (options) => reader.readAll(options),
    subscribe: (options) => reader.subscribe(options),
    eventAt: (position) => reader.eventAt(position),
    head: () => reader.head(),
    close: () => reader.close(),
  };
}
