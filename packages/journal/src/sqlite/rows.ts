// rows.ts: rows of the embedded log as events.

import type { DatabaseSync } from 'node:sqlite';
import { JournalCorrupt } from '../errors.ts';
import type { StoredEvent } from '../journal.ts';
import { Recent } from './recent.ts';

/** Events in a page at most: about 3 ms of reading for events of 1 KB, 32 MiB for events of the largest size. */
export const PAGE_EVENTS = 500;

/** What every query for events selects, in the order of `Row`. */
export const EVENT_COLUMNS = 'e.position, e.stream, e.revision, e.type, e.id, e.data, e.metadata';

export type Row = readonly [number, number, number, number, string, string, string];

export type RowReader = {
  /** Runs a cached statement; rows are arrays. */
  rows(sql: string, ...values: readonly (number | string)[]): Row[];
  /** The same for statements that select other columns. */
  values(sql: string, ...values: readonly (number | string)[]): unknown[][];
  toEvent(row: Row): StoredEvent;
  /** The same for a row of a stream whose name is known: nothing is remembered for it. */
  toEventOf(stream: string, row: Row): StoredEvent;
};

/** Statements kept prepared (at most twice as many): one for each shape of a filter. */
const REMEMBERED_STATEMENTS = 50;
const REMEMBERED_NAMES = 50_000;

export function createRowReader(db: DatabaseSync): RowReader {
  const statements = new Recent<string, ReturnType<DatabaseSync['prepare']>>(REMEMBERED_STATEMENTS);
  const streams = nameReader('SELECT name FROM streams WHERE id = ?');
  const types = nameReader('SELECT name FROM types WHERE id = ?');

  function values(sql: string, ...parameters: readonly (number | string)[]): unknown[][] {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statement.setReturnArrays(true);
      statements.set(sql, statement);
    }
    return statement.all(...parameters) as unknown as unknown[][];
  }

  /** Names of streams and types are looked up once, so that a scan makes no new string for them. */
  function nameReader(sql: string): (id: number) => string {
    const names = new Recent<number, string>(REMEMBERED_NAMES);
    return (id) => {
      const remembered = names.get(id);
      if (remembered !== undefined) return remembered;
      const name = values(sql, id)[0]?.[0];
      if (typeof name !== 'string') throw new JournalCorrupt(`the log has events of number ${id}, which has no name`);
      names.set(id, name);
      return name;
    };
  }

  function toEventOf(stream: string, [position, , revision, type, id, data, metadata]: Row): StoredEvent {
    return { id, type: types(type), data, metadata, stream, revision, position: BigInt(position) };
  }

  return {
    rows: (sql, ...parameters) => values(sql, ...parameters) as unknown as Row[],
    values,
    toEvent: (row) => toEventOf(streams(row[1]), row),
    toEventOf,
  };
}
