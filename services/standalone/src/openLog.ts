// openLog.ts: opens the log to be read, beside a running server or without one.

import { CannotVerify } from '@holdfast/audit';
import { JournalError, type JournalReader, type LogLocation, openReaderAt } from '@holdfast/journal';
import { Refusal } from './refusal.ts';

/** Runs `read` on the log and closes it. Rejects with `Refusal` when there is no log of ours. */
export async function withLog<T>(location: LogLocation, read: (log: JournalReader) => Promise<T>): Promise<T> {
  const log = await open(location);
  try {
    return await read(log);
  } finally {
    await log.close();
  }
}

async function open(location: LogLocation): Promise<JournalReader> {
  try {
    return await openReaderAt(location);
  } catch (error) {
    // Settings of an event store that cannot be.
    throw error instanceof RangeError ? new Refusal(error.message) : refusalOf(error);
  }
}

/** Their errors are sentences already. */
export function refusalOf(error: unknown): unknown {
  return error instanceof JournalError || error instanceof CannotVerify ? new Refusal(error.message) : error;
}
