// accountIndex.ts: snapshots, and where in a stream to find what has left memory. A cache: rebuilt from the log.

/** What one write holds: the state after `revision`, and under which keys which events up to it can be needed again. */
export type IndexWrite = {
  readonly stream: string;
  /** Revision of the last event in the snapshot. Also all keys of events up to it have been written. */
  readonly revision: number;
  readonly snapshot: string;
  /** Pairs of a key and the revision of an event that it leads to; those after the stream's previous write. */
  readonly keys: readonly (readonly [key: string, revision: number])[];
};

export interface AccountIndex {
  /** Writes snapshot and keys in one transaction. Durable at some later moment: losing it costs only time. */
  write(write: IndexWrite): Promise<void>;
  /** The newest snapshot of a stream that this release can read. Synchronous. */
  snapshot(stream: string): { readonly revision: number; readonly snapshot: string } | undefined;
  /** Revisions that a key leads to, ascending; empty when unknown. Synchronous. May hold a false one: look at the event. */
  revisionsOf(stream: string, key: string): readonly number[];
  close(): Promise<void>;
}
