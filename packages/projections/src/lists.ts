// lists.ts: one page of rows, newest first, found through indexes.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { decodeCursor, encodeCursor, type ListName } from './cursor.ts';
import type { Listed, ListOptions } from './queries.ts';
import { integer, type Row } from './rows.ts';

/** Items in one page of a list at most. */
export const MAX_LIST_ITEMS = 100;

/** Which rows: of what owns them (a column and its value), and in which status; left out: any. */
export type Selection = {
  readonly owner?: readonly [column: 'program_id' | 'account_id' | 'card_id', id: string];
  readonly status?: string;
};

export type Lists = {
  /**
   * Throws `InvalidCursor`, or `RangeError` for a limit that is no integer from 1 to `MAX_LIST_ITEMS`. `statuses` are
   * all that rows of this list can be in, when the index of their owner is by status too.
   */
  list<View>(
    name: ListName,
    selection: Selection,
    statuses: readonly string[],
    options: ListOptions,
    toView: (row: Row) => View,
  ): Listed<View>;
};

const FROM: Readonly<Record<ListName, string>> = {
  accounts: 'SELECT t.* FROM accounts t',
  cards: 'SELECT t.* FROM cards t',
  transactions: 'SELECT t.*, a.currency AS account_currency FROM transactions t JOIN accounts a ON a.id = t.account_id',
};

/** Above every number. */
const FIRST_PAGE = 2n ** 62n;

export function createLists(db: DatabaseSync): Lists {
  const prepared = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    let found = prepared.get(sql);
    if (found === undefined) {
      found = db.prepare(sql);
      prepared.set(sql, found);
    }
    return found;
  }

  return {
    list: (name, selection, statuses, { limit, cursor }, toView) => {
      checkLimit(limit, MAX_LIST_ITEMS);
      const before = cursor === undefined ? FIRST_PAGE : decodeCursor(name, cursor);
      const { sql, values } = numbersOf(name, selection, statuses);
      // One more than asked for says whether there is another page.
      const parameters: SQLInputValue[] = [before, BigInt(limit + 1), ...values];
      const rows = statement(`${FROM[name]} WHERE t.number IN (${sql}) ORDER BY t.number DESC`).all(...parameters);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return { data: page.map(toView), ...(more ? { nextCursor: encodeCursor(name, integer(last.number)) } : {}) };
    },
  };
}

/** Throws `RangeError`. */
export function checkLimit(limit: number, most: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new RangeError(`a limit is an integer from 1 to ${most}, not ${limit}`);
  }
}

/**
 * The numbers of one page, from indexes alone. An index of owner and status is in order of number only within one
 * status, so each status gives its newest, and the newest of those are the page.
 */
function numbersOf(name: ListName, { owner, status }: Selection, statuses: readonly string[]) {
  const ofOwner = owner === undefined ? '' : `AND ${owner[0]} = ?3`;
  const values = owner === undefined ? [] : [owner[1]];
  const newest = (condition: string): string =>
    `SELECT number FROM ${name} WHERE number < ?1 ${ofOwner} ${condition} ORDER BY number DESC LIMIT ?2`;
  if (status !== undefined) return { sql: newest(`AND status = ?${values.length + 3}`), values: [...values, status] };
  if (owner === undefined || statuses.length === 0) return { sql: newest(''), values };
  const each = statuses.map((_, at) => `SELECT * FROM (${newest(`AND status = ?${at + 4}`)})`);
  return { sql: `${each.join(' UNION ALL ')} ORDER BY number DESC LIMIT ?2`, values: [...values, ...statuses] };
}
