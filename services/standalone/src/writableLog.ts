// writableLog.ts: opens the log to be written, and says in one sentence why it cannot be.

import { describeLocation, type Journal, JournalUnavailable, type LogLocation, openJournalAt } from '@holdfast/journal';
import { journalRefusal } from './journalRefusal.ts';
import type { Logger } from './parts.ts';
import { EXIT, Refusal } from './refusal.ts';

/** Rejects with `Refusal`. */
export async function openWritableLog(location: LogLocation, logger: Logger): Promise<Journal> {
  let journal: Journal | undefined;
  try {
    journal = await openJournalAt(location, { onTrouble: (sentence) => logger.warn({}, sentence) });
    // A server is asked only by the first call.
    await journal.head();
    return journal;
  } catch (error) {
    await journal?.close();
    if (error instanceof JournalUnavailable) {
      throw new Refusal(`${describeLocation(location)} cannot be used: ${error.message}`, EXIT.cannotStart);
    }
    throw journalRefusal(error);
  }
}

/** Makes an embedded log where there is none. Closed again when `use` has ended. */
export async function withWritableLog<T>(
  location: LogLocation,
  logger: Logger,
  use: (journal: Journal) => Promise<T>,
): Promise<T> {
  const journal = await openWritableLog(location, logger);
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
}
