// lists.ts: one page of rows, newest first, found through indexes.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { decodeCursor, encodeCursor, type ListName } from './cursor.ts';
import type { Listed, ListOptions } from './queries.ts';
import { integer, type Row } from './rows.ts';
import { GENERATION_BITS } from './schema.ts';

/** Items in one page of a list at most. */
export const MAX_LIST_ITEMS = 100;

/** Which rows: of what owns them (a column and its value), and in which status; left out: any. */
export type Selection = {
  readonly owner?: readonly [column: 'program_id' | 'account_id' | 'card_id', id: string];
  readonly status?: string;
};

export type Lists = {
  /** Throws `InvalidCursor`, or `RangeError` for a limit that is no integer from 1 to `MAX_LIST_ITEMS`. */
  list<View>(name: ListName, selection: Selection, options: ListOptions, toView: (row: Row) => View): Listed<View>;
};

const ROWS: Readonly<Record<ListName, string>> = {
  accounts: 'SELECT t.* FROM accounts t',
  cards: 'SELECT t.* FROM cards t',
  suspense: 'SELECT t.* FROM suspense t',
  transactions: 'SELECT t.*, a.currency AS account_currency FROM transactions t JOIN accounts a ON a.id = t.account_id',
};

/** Above every number. */
const FIRST_PAGE = 2n ** 62n;

export function createLists(db: DatabaseSync): Lists {
  const prepared = new Map<string, StatementSync>();

  function all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement.all(...values);
  }

  const numbers = (sql: string, ...values: readonly SQLInputValue[]): bigint[] =>
    all(sql, ...values).map((row) => integer(row.number));

  /** The newest numbers below `before`, at most `most`. */
  function newest(name: ListName, { owner, status }: Selection, before: bigint, most: number): readonly bigint[] {
    const statuses = status === undefined ? [] : [status];
    if (owner === undefined) return numbers(newestSql(name, statuses), before, most, ...statuses);
    const [column, id] = owner;
    if (name !== 'transactions') return numbers(newestSql(name, statuses, column), before, most, ...statuses, id);
    const sql = newestSql(name, statuses, column, `number >> ${GENERATION_BITS}`);
    const found: bigint[] = [];
    for (let generation = newestGeneration(before); generation >= 0n && found.length < most; generation -= 1n) {
      found.push(...numbers(sql, before, most - found.length, ...statuses, id, generation));
    }
    return found;
  }

  /** Of the newest transaction below `before`. */
  function newestGeneration(before: bigint): bigint {
    const [newest] = numbers(newestSql('transactions', []), before, 1);
    return newest === undefined ? -1n : newest >> BigInt(GENERATION_BITS);
  }

  return {
    list: (name, selection, { limit, cursor }, toView) => {
      checkLimit(limit, MAX_LIST_ITEMS);
      const before = cursor === undefined ? FIRST_PAGE : decodeCursor(name, cursor);
      // One more than asked for says whether there is another page.
      const found = newest(name, selection, before, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const sql = `${ROWS[name]} WHERE t.number IN (SELECT value FROM json_each(?)) ORDER BY t.number DESC`;
      const data = all(sql, `[${page.join(',')}]`).map(toView);
      return { data, ...(found.length > limit && last !== undefined ? { nextCursor: encodeCursor(name, last) } : {}) };
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
 * Number and limit are the first two parameters, then the status when there is one, then what the columns are.
 *
 * An index of owner and status is in order of number only within one status. Without one, the owner's entries are
 * sorted: those of one generation, or at most as many as an account may have cards.
 */
function newestSql(name: ListName, statuses: readonly string[], ...columns: readonly string[]): string {
  const conditions = [...statuses.map(() => 'status'), ...columns].map((column, at) => ` AND ${column} = ?${at + 3}`);
  return `SELECT number FROM ${name} WHERE number < ?1${conditions.join('')} ORDER BY number DESC LIMIT ?2`;
}
