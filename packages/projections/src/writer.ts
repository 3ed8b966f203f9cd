// writer.ts: pages of the log into rows, and the checkpoint in the same transaction.

import type { DatabaseSync } from 'node:sqlite';
import type { Page, Position, StoredEvent } from '@holdfast/journal';
import { CheckpointMoved, projectionFailed, Unfoldable } from './errors.ts';
import { createFold } from './fold/fold.ts';

export type Writer = {
  /**
   * Folds a page into the open transaction. Throws `ProjectionFailed` for an event that cannot be folded, after having
   * committed what stands before it: nothing of that event is kept. Throws `CheckpointMoved` when another process has
   * written since the last commit.
   */
  apply(page: Page): void;
  /** Commits what was applied, with the checkpoint. When it throws, nothing of that is kept. */
  commit(): void;
  /** Of the last commit. */
  committed(): Position;
  /** Events applied and not yet committed. */
  uncommitted(): number;
};

export function createWriter(db: DatabaseSync, start: Position): Writer {
  const fold = createFold(db);
  const moveCheckpoint = db.prepare(`
    UPDATE checkpoint SET position = ?, last_event = coalesce(?, last_event),
      last_event_position = coalesce(?, last_event_position)`);
  const checkpoint = db.prepare('SELECT position FROM checkpoint');
  let committed = start;
  let position = start;
  let last: StoredEvent | undefined;
  let inTransaction = false;
  let uncommitted = 0;

  /** Folds events until one fails; says how many were folded, and what the next one failed with. */
  function foldAll(events: readonly StoredEvent[]): { readonly folded: number; readonly error?: unknown } {
    for (let folded = 0; folded < events.length; folded += 1) {
      const stored = events[folded];
      if (stored === undefined) break;
      try {
        if (stored.position <= position) throw new Unfoldable(`position ${stored.position} comes after ${position}`);
        fold.apply(stored);
      } catch (error) {
        return { folded, error };
      }
      position = stored.position;
      last = stored;
    }
    return { folded: events.length };
  }

  /** From here to the commit nobody else can write, so the checkpoint that is compared here is the one that is moved. */
  function begin(): void {
    db.exec('BEGIN IMMEDIATE');
    inTransaction = true;
    if (checkpoint.get()?.position === committed) return;
    rollBack();
    throw new CheckpointMoved(committed);
  }

  function commit(): void {
    if (!inTransaction) return;
    try {
      fold.flush();
      moveCheckpoint.run(position, last?.id ?? null, last?.position ?? null);
      db.exec('COMMIT');
    } catch (error) {
      rollBack();
      throw error;
    }
    inTransaction = false;
    uncommitted = 0;
    committed = position;
  }

  function rollBack(): void {
    if (db.isTransaction) db.exec('ROLLBACK');
    fold.discard();
    inTransaction = false;
    uncommitted = 0;
    position = committed;
  }

  /**
   * The failed event may have written some of its rows: they go, and what stands before it is folded again. When that
   * fails too (the disk is full), the last commit stands; what counts is why the event failed.
   */
  function stopBefore(failed: number, events: readonly StoredEvent[]): void {
    try {
      db.exec('ROLLBACK TO page');
      foldAll(events.slice(0, failed));
      commit();
    } catch {
      rollBack();
    }
  }

  return {
    apply: (page) => {
      if (!inTransaction) begin();
      db.exec('SAVEPOINT page');
      const start = position;
      const { folded, error } = foldAll(page.events);
      if (error !== undefined) {
        const failed = page.events[folded];
        position = start;
        stopBefore(folded, page.events);
        throw failed === undefined ? error : projectionFailed(failed, error);
      }
      db.exec('RELEASE page');
      if (page.position > position) position = page.position;
      uncommitted += page.events.length;
    },
    commit,
    committed: () => committed,
    uncommitted: () => uncommitted,
  };
}
