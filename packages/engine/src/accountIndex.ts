// accountIndex.ts: snapshots, and where in a stream to find what has left memory. A cache: rebuilt from the log.

import type { IndexKeys } from './indexKeys.ts';

/** What one write holds: the state after `revision`, and under which keys which events up to it can be needed again. */
export type IndexWrite = {
  readonly stream: string;
  /** Revision of the last event in the snapshot. Also all keys of events up to it have been written. */
  readonly revision: number;
  readonly snapshot: string;
  /** Those of events after the stream's previous write. */
  readonly keys: IndexKeys;
};

export interface AccountIndex {
  /**
   * Writes snapshot and keys in one transaction; resolves when both are visible to reads. Durable at some later moment:
   * losing it costs only time. A snapshot older than the stored one is left out, its keys are kept.
   *
   * When it rejects, nothing of this write is there: keep its keys and bring them with the stream's next write. Writes of
   * the same stream that waited behind it reject too, since without its keys theirs would leave a gap. Rejects with
   * `AccountIndexFull`, `AccountIndexWriteFailed`, `AccountIndexClosed` or `InvalidIndexWrite`.
   */
  write(write: IndexWrite): Promise<void>;
  /** The newest snapshot of a stream that this release can read. Synchronous; throws `AccountIndexUnreadable`. */
  snapshot(stream: string): { readonly revision: number; readonly snapshot: string } | undefined;
  /**
   * Revisions that a key leads to, ascending, each once; empty when unknown. May hold a false one: look at the event.
   * Never lacks one that was written. Synchronous; throws `AccountIndexUnreadable` rather than answering without looking.
   */
  revisionsOf(stream: string, key: string): readonly number[];
  /** Refuses further writes, finishes those accepted, and lets go of the files. */
  close(): Promise<void>;
}

/**
 * What may wait to be written. A write is accepted while both `queued` figures are below their bound, so at most
 * `queuedCharacters` + `writeCharacters` wait. Characters are those of snapshots, and the bytes of keys and revisions.
 */
export const INDEX_LIMITS = {
  queuedWrites: 10_000,
  queuedCharacters: 64 * 1024 * 1024,
  writeCharacters: 256 * 1024 * 1024,
} as const;

export abstract class AccountIndexError extends Error {
  abstract readonly code: string;
}

/** Too much waits to be written: nothing of this write was taken, try again later. */
export class AccountIndexFull extends AccountIndexError {
  override name = 'AccountIndexFull';
  readonly code = 'account_index_full';
}

/** The disk refused (full, busy, broken): nothing of this write is there. Reads and later writes go on. */
export class AccountIndexWriteFailed extends AccountIndexError {
  override name = 'AccountIndexWriteFailed';
  readonly code = 'account_index_write_failed';
}

/** The write breaks a rule or a limit: it will never be taken. */
export class InvalidIndexWrite extends AccountIndexError {
  override name = 'InvalidIndexWrite';
  readonly code = 'invalid_index_write';
}

/** The index was closed. */
export class AccountIndexClosed extends AccountIndexError {
  override name = 'AccountIndexClosed';
  readonly code = 'account_index_closed';
}

/** A look-up could not be made, so nobody knows whether the key is there. A damaged index is made anew when opened again. */
export class AccountIndexUnreadable extends AccountIndexError {
  override name = 'AccountIndexUnreadable';
  readonly code = 'account_index_unreadable';
}

/** The index would have to be made anew, but another process has it open. */
export class AccountIndexInUse extends AccountIndexError {
  override name = 'AccountIndexInUse';
  readonly code = 'account_index_in_use';
}
