// journal.ts: the embedded log, for one writing process at a time.

import type { Journal } from '../journal.ts';
import { startAppender } from './appender.ts';
import { createReader } from './reader.ts';

/**
 * Opens the log in `directory`, creating the folder and the files when they are missing. Appends are written by a
 * thread of its own, many in one transaction; reads run on the calling thread. Rejects with `NotAJournal` when the
 * folder holds something else (and changes nothing), `JournalLocked` when the log has a writer already.
 */
export async function openSqliteJournal({ directory }: { readonly directory: string }): Promise<Journal> {
  const listeners = new Set<() => void>();
  const appender = await startAppender(directory, () => {
    for (const wake of [...listeners]) wake();
  });
  const listen = (wake: () => void): (() => void) => {
    listeners.add(wake);
    return () => listeners.delete(wake);
  };
  const reader = await openOrClose(() => createReader(directory, listen), appender.close);
  return {
    ...reader,
    append: appender.append,
    failed: appender.failed,
    close: async () => {
      // Subscriptions end first, since their pages may still be appending.
      await reader.close();
      await appender.close();
    },
  };
}

async function openOrClose<T>(open: () => T, close: () => Promise<void>): Promise<T> {
  try {
    return open();
  } catch (error) {
    await close();
    throw error;
  }
}
