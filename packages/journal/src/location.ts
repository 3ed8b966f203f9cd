// location.ts: where a log is: in a folder of this machine, or on an EventStoreDB.

import type { EventStoreSettings } from './eventstoredb/settings.ts';
import type { Journal, JournalReader } from './journal.ts';
import { openSqliteJournal } from './sqlite/journal.ts';
import { openSqliteJournalReader } from './sqlite/reader.ts';

/** Can be sent to another thread. */
export type LogLocation =
  | { readonly directory: string }
  | { readonly eventStore: Omit<EventStoreSettings, 'onTrouble'> };

type Options = {
  /** Told of trouble that passes, in one sentence. */
  readonly onTrouble?: (sentence: string) => void;
};

/** Rejects as the adapter does; `RangeError` for settings that cannot be. An EventStoreDB is not asked yet. */
export async function openJournalAt(location: LogLocation, { onTrouble }: Options = {}): Promise<Journal> {
  if ('directory' in location) return openSqliteJournal(location);
  // Its client takes a moment to load, and most processes have no use for it.
  const { openEventStoreJournal } = await import('./eventstoredb/journal.ts');
  return openEventStoreJournal({ ...location.eventStore, ...(onTrouble === undefined ? {} : { onTrouble }) });
}

/** `pollMs`: how soon a commit of another process to an embedded log is seen. */
export async function openReaderAt(
  location: LogLocation,
  { onTrouble, pollMs }: Options & { readonly pollMs?: number } = {},
): Promise<JournalReader> {
  if ('directory' in location)
    return openSqliteJournalReader({ ...location, ...(pollMs === undefined ? {} : { pollMs }) });
  const { openEventStoreReader } = await import('./eventstoredb/journal.ts');
  return openEventStoreReader({ ...location.eventStore, ...(onTrouble === undefined ? {} : { onTrouble }) });
}

/** For people: never the password. */
export function describeLocation(location: LogLocation): string {
  if ('directory' in location) return location.directory;
  const { connectionString, streamPrefix } = location.eventStore;
  const hosts = connectionString
    .replace(/^esdb(?:\+discover)?:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?].*$/, '');
  return `EventStoreDB at ${hosts}${streamPrefix === undefined ? '' : `, streams ${streamPrefix}.*`}`;
}
