// logPages.ts: a range of the whole embedded log, page by page: all of it, or what a filter lets through.

import { JournalCorrupt } from '../errors.ts';
import type { Filter, Page } from '../journal.ts';
import { nameCondition, typeCondition } from './filter.ts';
import type { Row, RowReader } from './rows.ts';
import { EVENT_COLUMNS, PAGE_EVENTS } from './rows.ts';

/** Positions that one query of a filtered scan looks at, at most: about 5 ms when nothing matches. */
const SCAN_POSITIONS = 5_000;

/** A filter reads only the streams that it names when they are at most so many … */
const FEW_STREAMS = 1_000;
/** … and hold at most one in so many of the events in a range, which must be longer than one scan. */
const FEW_EVENTS = 20;
/** Positions that such a read finds by one query. */
const FOUND_POSITIONS = 10_000;

const PLAIN = `SELECT ${EVENT_COLUMNS} FROM events e WHERE e.position > ? AND e.position <= ? ORDER BY e.position`;

/**
 * Pages of the events after `after`, up to and including `upTo`, which must not be beyond the head. The position of
 * the last page is `upTo`. Throws `JournalCorrupt` when a position is missing.
 */
export function logPages(reader: RowReader, after: number, upTo: number, filter: Filter = {}): Generator<Page> {
  const { streamPrefixes, types } = filter;
  if (streamPrefixes === undefined && types === undefined) return allPages(reader, after, upTo);
  if (streamPrefixes !== undefined && holdFew(reader, after, upTo, streamPrefixes)) {
    return pagesOfStreams(reader, after, upTo, streamPrefixes, types);
  }
  return scanPages(reader, after, upTo, filter);
}

function* allPages(reader: RowReader, after: number, upTo: number): Generator<Page> {
  for (let from = after; from < upTo; ) {
    const until = Math.min(upTo, from + PAGE_EVENTS);
    const rows = reader.rows(PLAIN, from, until);
    checkDense(rows, from, until);
    yield { events: rows.map(reader.toEvent), position: BigInt(until) };
    from = until;
  }
}

function checkDense(rows: readonly Row[], after: number, upTo: number): void {
  let position = after;
  for (const row of rows) if (row[0] === position + 1) position++;
  if (position !== upTo) throw new JournalCorrupt(`the log has no event at position ${position + 1}`);
}

/** Looks at every event of the range; the stream of each is looked up by its number. */
function* scanPages(reader: RowReader, after: number, upTo: number, filter: Filter): Generator<Page> {
  const ofType = typeCondition(filter.types);
  const ofStream = filter.streamPrefixes && nameCondition('s.name', filter.streamPrefixes);
  const sql = `SELECT ${EVENT_COLUMNS} FROM events e ${ofStream ? 'CROSS JOIN streams s ON s.id = e.stream' : ''}
    WHERE e.position > ? AND e.position <= ? ${ofType.sql} ${ofStream ? `AND ${ofStream.sql}` : ''}
    ORDER BY e.position LIMIT ${PAGE_EVENTS}`;
  for (let from = after; from < upTo; ) {
    const until = Math.min(upTo, from + SCAN_POSITIONS);
    const rows = reader.rows(sql, from, until, ...ofType.values, ...(ofStream?.values ?? []));
    from = rows.length < PAGE_EVENTS ? until : lastPosition(rows);
    yield { events: rows.map(reader.toEvent), position: BigInt(from) };
  }
}

/** Finds the positions through the index of the streams, in log order, then reads only those events. */
function* pagesOfStreams(
  reader: RowReader,
  after: number,
  upTo: number,
  prefixes: readonly string[],
  types: readonly string[] | undefined,
): Generator<Page> {
  const ofStream = nameCondition('name', prefixes);
  const ofType = typeCondition(types);
  const find = `SELECT e.position FROM events e INDEXED BY events_by_stream
    WHERE e.stream IN (SELECT id FROM streams WHERE ${ofStream.sql}) AND e.position > ? AND e.position <= ?
    ORDER BY e.position LIMIT ${FOUND_POSITIONS}`;
  const read = `SELECT ${EVENT_COLUMNS} FROM events e
    WHERE e.position IN (SELECT value FROM json_each(?)) ${ofType.sql} ORDER BY e.position`;
  for (let from = after; from < upTo; ) {
    const found = reader.values(find, ...ofStream.values, from, upTo).map((row) => Number(row[0]));
    const complete = found.length < FOUND_POSITIONS;
    for (let first = 0; first < found.length; first += PAGE_EVENTS) {
      const positions = found.slice(first, first + PAGE_EVENTS);
      const rows = reader.rows(read, JSON.stringify(positions), ...ofType.values);
      from = complete && first + PAGE_EVENTS >= found.length ? upTo : (positions.at(-1) ?? upTo);
      yield { events: rows.map(reader.toEvent), position: BigInt(from) };
    }
    if (found.length > 0) continue;
    from = upTo;
    yield { events: [], position: BigInt(upTo) };
  }
}

/** Counting stops as soon as there are too many, so that it costs little beside the scan that it may save. */
function holdFew(reader: RowReader, after: number, upTo: number, prefixes: readonly string[]): boolean {
  if (upTo - after <= SCAN_POSITIONS) return false;
  const { sql, values } = nameCondition('name', prefixes);
  const streams = `SELECT id FROM streams WHERE ${sql} LIMIT ${FEW_STREAMS + 1}`;
  if (reader.values(streams, ...values).length > FEW_STREAMS) return false;
  const most = Math.floor((upTo - after) / FEW_EVENTS);
  const events = `SELECT count(*) FROM (SELECT 1 FROM events e INDEXED BY events_by_stream
    WHERE e.stream IN (${streams}) LIMIT ?)`;
  return Number(reader.values(events, ...values, most + 1)[0]?.[0]) <= most;
}

function lastPosition(rows: readonly Row[]): number {
  return rows.at(-1)?.[0] ?? 0;
}
