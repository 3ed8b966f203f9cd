// firstEvent.ts: what a log begins with.

import type { JournalReader } from './journal.ts';

/**
 * The first event's id, which holds every byte of it: no other log begins with it. Undefined for an empty log, also where
 * others have written to the same server.
 */
export async function firstEventId(journal: JournalReader): Promise<string | undefined> {
  for await (const { events } of journal.readAll()) for (const { id } of events) return id;
  return undefined;
}
