// projections.ts: follows the log and keeps the read models in `read.db`, for one process at a time.

import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalReader, Page, Position } from '@holdfast/journal';
import { openReadModels, type Rebuilt } from './database.ts';
import { sourcesOfReadModels } from './sourceHash.ts';
import { createWaiters } from './waiters.ts';
import { createWriter } from './writer.ts';

/** Events in one transaction at most: each page of an index is then written once for many of them. */
const COMMIT_EVENTS = 10_000;

/**
 * At the head of the log, after a commit of n events, nothing is read for n / 4 ms, at most this long, unless somebody
 * waits for it: the fewer commits, the less a busy system spends on rows, and a quiet one is not kept waiting.
 */
const LONGEST_REST_MS = 200;
const EVENTS_PER_REST_MS = 4;

/** Of a transaction at the head, which may move on too fast to be reached, or be lost with the connection to the log. */
const LONGEST_OPEN_MS = 200;

export type Progress = {
  readonly position: Position;
  /** Of the log, when the projections were opened: below it they are catching up. */
  readonly head: Position;
  readonly rebuilding: boolean;
};

export type ProjectionsOptions = {
  readonly directory: string;
  readonly reader: JournalReader;
  /** Called after each commit. */
  readonly onCommit?: (position: Position) => void;
  /** Called after each commit until the projections have caught up, that one included. */
  readonly onProgress?: (progress: Progress) => void;
};

export type Projections = {
  /** Why the rows are being made anew, or undefined when they go on where they were. */
  readonly rebuilt: Rebuilt | undefined;
  /** How far the committed rows have come. */
  position(): Position;
  /**
   * False when `position` was not committed within `timeoutMs` (at most `MAX_WAIT_MS`), or will not be since the
   * projections have stopped. Hurries a commit that rests.
   */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Nobody in this process waits, but somebody does: commits do not rest as long as this is true. */
  hurry(hurried: boolean): void;
  /** Resolves when the rows have reached the head that the log had at the start. */
  readonly caughtUp: Promise<void>;
  /** Rejects with `ProjectionFailed`, `CheckpointMoved`, or the reader's error, and never resolves. */
  readonly failed: Promise<never>;
  /** Commits what was read and stops. */
  close(): Promise<void>;
};

/**
 * Opens `read.db` in `directory` and follows the log. When the file is missing or damaged, or was made by other sources
 * or from another log, it is made anew from the beginning. Rejects with `NotReadModels` for another program's file.
 */
export async function openProjections(options: ProjectionsOptions): Promise<Projections> {
  const { directory, reader, onCommit, onProgress } = options;
  const head = await reader.head();
  const { db, position: start, rebuilt } = await openReadModels(directory, reader, sourcesOfReadModels());
  const writer = createWriter(db, start);
  const caughtUp = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  let wake = new AbortController();
  let overdue: NodeJS.Timeout | undefined;
  let announced = start;
  let hurried = false;
  let closing = false;
  const waiters = createWaiters(start, (waiting) => {
    if (waiting) wake.abort();
  });

  function announce(): void {
    const position = writer.committed();
    if (position <= announced) return;
    const before = announced;
    announced = position;
    waiters.advance(position);
    onCommit?.(position);
    if (before >= head) return;
    onProgress?.({ position, head, rebuilding: rebuilt !== undefined });
    if (position >= head) caughtUp.resolve();
  }

  function onPage(page: Page): void {
    try {
      writer.apply(page);
    } finally {
      // Of an event that failed: what stands before it was committed.
      announce();
    }
    if (isDue(page.position)) commit();
    else if (page.position >= head) overdue ??= setTimeout(commitOverdue, LONGEST_OPEN_MS);
  }

  /** Before everything up to the head is read. */
  function isDue(position: Position): boolean {
    if (writer.uncommitted() >= COMMIT_EVENTS) return true;
    if (position < head) return false;
    const isFirst = announced < head;
    return isFirst || hurried || waiters.waiting > 0;
  }

  function commit(): void {
    clearTimeout(overdue);
    overdue = undefined;
    writer.commit();
    announce();
  }

  function commitOverdue(): void {
    try {
      commit();
    } catch (error) {
      // No page comes after it: it would leave out what was not committed.
      void subscription.close();
      fail(error);
    }
  }

  function fail(error: unknown): void {
    failed.reject(error);
    waiters.close();
  }

  async function onCaughtUp(position: Position): Promise<void> {
    const events = writer.uncommitted();
    commit();
    if (position > head) await rest(Math.min(LONGEST_REST_MS, Math.floor(events / EVENTS_PER_REST_MS)));
  }

  async function rest(ms: number): Promise<void> {
    if (ms === 0 || hurried || closing || waiters.waiting > 0) return;
    wake = new AbortController();
    await sleep(ms, undefined, { signal: wake.signal }).catch(() => {});
  }

  if (start >= head) caughtUp.resolve();
  const subscription = reader.subscribe({ after: start, onPage, onCaughtUp });
  subscription.ended.catch(fail);

  return {
    rebuilt,
    position: writer.committed,
    waitFor: waiters.waitFor,
    hurry: (on) => {
      hurried = on;
      if (on) wake.abort();
    },
    caughtUp: caughtUp.promise,
    failed: failed.promise,
    close: async () => {
      closing = true;
      wake.abort();
      await subscription.close();
      clearTimeout(overdue);
      waiters.close();
      if (!db.isOpen) return;
      if (writer.uncommitted() > 0) writer.commit();
      db.close();
    },
  };
}
