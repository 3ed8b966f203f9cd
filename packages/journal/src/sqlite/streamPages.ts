// streamPages.ts: one stream of the embedded log, page by page.

import { checkReadStream } from '../checkRead.ts';
import { JournalCorrupt } from '../errors.ts';
import type { ReadStreamOptions, StoredEvent } from '../journal.ts';
import type { Row, RowReader } from './rows.ts';
import { EVENT_COLUMNS, PAGE_EVENTS } from './rows.ts';

const HEAD = 'SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) FROM streams WHERE name = ?';
const FORWARDS = `SELECT ${EVENT_COLUMNS} FROM events e WHERE e.stream = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision`;
const BACKWARDS = `${FORWARDS} DESC`;

/**
 * Reads up to the revision that is the last one when reading begins. Throws `RangeError` for a `from` or `limit`
 * that is no whole number from 0, `JournalCorrupt` when a revision is missing.
 */
export function streamPages(
  reader: RowReader,
  stream: string,
  { direction = 'forwards', from, limit = Number.POSITIVE_INFINITY }: ReadStreamOptions = {},
): Generator<readonly StoredEvent[]> {
  checkReadStream({ from, limit });
  return direction === 'forwards' ? forwards(reader, stream, from ?? 0, limit) : backwards(reader, stream, from, limit);
}

function* forwards(reader: RowReader, stream: string, from: number, limit: number): Generator<readonly StoredEvent[]> {
  const head = headOf(reader, stream);
  if (head === undefined) return;
  const last = Math.min(head.revision, from + limit - 1);
  for (let first = from; first <= last; first += PAGE_EVENTS) {
    const until = Math.min(last, first + PAGE_EVENTS - 1);
    const rows = reader.rows(FORWARDS, head.id, first, until);
    checkRevisions(stream, rows, first, until, 1);
    yield rows.map((row) => reader.toEventOf(stream, row));
  }
}

function* backwards(
  reader: RowReader,
  stream: string,
  from: number | undefined,
  limit: number,
): Generator<readonly StoredEvent[]> {
  const head = headOf(reader, stream);
  if (head === undefined) return;
  const newest = Math.min(head.revision, from ?? head.revision);
  const oldest = Math.max(0, newest - limit + 1);
  for (let last = newest; last >= oldest; last -= PAGE_EVENTS) {
    const until = Math.max(oldest, last - PAGE_EVENTS + 1);
    const rows = reader.rows(BACKWARDS, head.id, until, last);
    checkRevisions(stream, rows, last, until, -1);
    yield rows.map((row) => reader.toEventOf(stream, row));
  }
}

function headOf(reader: RowReader, stream: string): { readonly id: number; readonly revision: number } | undefined {
  const row = reader.values(HEAD, stream)[0];
  if (row === undefined) return undefined;
  const [id, revision] = row;
  if (typeof id !== 'number' || typeof revision !== 'number') {
    throw new JournalCorrupt(`stream ${stream} has a name and no events`);
  }
  return { id, revision };
}

/** Every revision from `first` to `last` must be there, once, in order; `step` is 1 or -1. */
function checkRevisions(stream: string, rows: readonly Row[], first: number, last: number, step: 1 | -1): void {
  let expected = first;
  for (const row of rows) {
    if (row[2] !== expected) break;
    expected += step;
  }
  if (expected !== last + step) throw new JournalCorrupt(`stream ${stream} has no revision ${expected}`);
}
