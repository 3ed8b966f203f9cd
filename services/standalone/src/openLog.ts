// openLog.ts: opens the log of a data folder to be read, beside a running server or without one.

import { NoRoomToVerify } from '@holdfast/audit';
import { JournalError, type JournalReader, openSqliteJournalReader } from '@holdfast/journal';
import { Refusal } from './refusal.ts';

/** Runs `read` on the log in `directory` and closes it. Rejects with `Refusal` when there is no log of ours. */
export async function withLog<T>(directory: string, read: (log: JournalReader) => Promise<T>): Promise<T> {
  const log = await open(directory);
  try {
    return await read(log);
  } finally {
    await log.close();
  }
}

async function open(directory: string): Promise<JournalReader> {
  try {
    return await openSqliteJournalReader({ directory });
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Their errors are sentences already. */
export function refusalOf(error: unknown): unknown {
  return error instanceof JournalError || error instanceof NoRoomToVerify ? new Refusal(error.message) : error;
}
