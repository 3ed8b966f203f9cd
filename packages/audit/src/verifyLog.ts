// verifyLog.ts: replays a log from its beginning and reports all that does not hold.

import type { JournalReader } from '@holdfast/journal';
import { mergeParts } from './merge.ts';
import type { LogReport, Progress } from './report.ts';
import { verifyShare } from './verifyShare.ts';

export type VerifyOptions = {
  /** Called after each page. */
  readonly onProgress?: (progress: Progress) => void;
  /** How many problems the report holds in full; it counts all of them. Default 20. */
  readonly shownProblems?: number;
  /** How many transactions stay in memory; the others wait in a temporary file. Default 50,000. */
  readonly transactionsInMemory?: number;
};

/**
 * Verifies every event up to the head at the start, in this thread. Memory grows with streams and cards (of one, what it
 * was charged in each quarter of the last two days), and by at most 32 bytes with a command and 43 with a transaction,
 * which waits in a temporary file. Rejects with `NoRoomToVerify` when that cannot be written, or with the reader's error,
 * unless that is a damaged log, which is a problem.
 */
export async function verifyLog(reader: JournalReader, options: VerifyOptions = {}): Promise<LogReport> {
  const head = await reader.head();
  const part = await verifyShare(reader, { at: 0, of: 1, head }, options);
  return mergeParts([part], options.shownProblems);
}
