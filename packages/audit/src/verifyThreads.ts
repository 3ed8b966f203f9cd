// verifyThreads.ts: a log verified by several threads, each with a share of the accounts.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { JournalReader, LogLocation, Position } from '@holdfast/journal';
import { CannotVerify } from './errors.ts';
import { type LogPart, mergeParts } from './merge.ts';
import type { LogReport } from './report.ts';
import { type VerifyOptions, verifyLog } from './verifyLog.ts';
import type { FromThread, ThreadGiven } from './verifyWorker.ts';

/** Below it one thread is done before others have started. */
const EVENTS_WORTH_A_THREAD = 20_000n;
export const MOST_THREADS = 8;

/**
 * As `verifyLog`, with as many threads as the machine has processors, or as `threads` says. `location` is that of `reader`:
 * each thread opens it for itself.
 */
export async function verifyLogAt(
  reader: JournalReader,
  location: LogLocation,
  options: VerifyOptions & { readonly threads?: number } = {},
): Promise<LogReport> {
  const head = await reader.head();
  const usual = head < EVENTS_WORTH_A_THREAD ? 1 : Math.min(availableParallelism(), MOST_THREADS);
  const threads = options.threads ?? usual;
  if (threads === 1) return verifyLog(reader, options);
  return mergeParts(await inThreads(location, head, threads, options), options.shownProblems);
}

async function inThreads(
  location: LogLocation,
  head: Position,
  of: number,
  { onProgress, ...options }: VerifyOptions,
): Promise<readonly LogPart[]> {
  const reached = Array.from({ length: of }, () => ({ events: 0, position: 0n as Position }));
  const workers: Worker[] = [];
  const run = (at: number) =>
    new Promise<LogPart>((resolve, reject) => {
      const given: ThreadGiven = { location, share: { at, of, head }, options };
      const worker = new Worker(new URL('./verifyWorker.ts', import.meta.url), { workerData: given });
      workers.push(worker);
      worker.on('message', (message: FromThread) => {
        if ('part' in message) resolve(message.part);
        else if ('failed' in message)
          reject(message.refused ? new CannotVerify(message.failed.message) : message.failed);
        else {
          reached[at] = message.reached;
          const events = reached.reduce((sum, each) => sum + each.events, 0);
          // As far as the slowest has come.
          const position = reached.reduce((least, each) => (each.position < least ? each.position : least), head);
          onProgress?.({ events, position, head });
        }
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a verifying thread ended early')));
    });
  try {
    return await Promise.all(Array.from({ length: of }, (_, at) => run(at)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
