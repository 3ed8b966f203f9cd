// verifyWorker.ts: the thread that verifies one share of a log.

import { parentPort, workerData } from 'node:worker_threads';
import { JournalError, type LogLocation, openReaderAt, type Position } from '@holdfast/journal';
import { CannotVerify } from './errors.ts';
import type { LogPart } from './merge.ts';
import type { VerifyOptions } from './verifyLog.ts';
import { type Share, verifyShare } from './verifyShare.ts';

export type ThreadGiven = {
  readonly location: LogLocation;
  readonly share: Share;
  readonly options: Omit<VerifyOptions, 'onProgress'>;
};

export type FromThread =
  | { readonly reached: { readonly events: number; readonly position: Position } }
  | { readonly part: LogPart }
  /** `refused`: its message is a sentence for whoever asked. An error loses its class on the way. */
  | { readonly failed: Error; readonly refused: boolean };

const { location, share, options } = workerData as ThreadGiven;
const tell = (message: FromThread): void => parentPort?.postMessage(message);

try {
  const reader = await openReaderAt(location);
  try {
    const onProgress = ({ events, position }: { readonly events: number; readonly position: Position }) =>
      tell({ reached: { events, position } });
    tell({ part: await verifyShare(reader, share, { ...options, onProgress }) });
  } finally {
    await reader.close();
  }
} catch (error) {
  const refused = error instanceof CannotVerify || error instanceof JournalError;
  tell({ failed: error instanceof Error ? error : new Error(String(error)), refused });
}
