// lists.ts: one page of rows, newest first, found through indexes.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Instant } from '@holdfast/domain';
import { decodeCursor, encodeCursor, type ListName } from './cursor.ts';
import type { Listed, ListOptions } from './queries.ts';
import { integer, type Row } from './rows.ts';
import { GENERATION_BITS } from './schema.ts';

/** Items in one page of a list at most. */
export const MAX_LIST_ITEMS = 100;

/** Which rows: of what owns them (a column and its value), and in which status; left out: any. */
export type Selection = {
  readonly owner?: readonly [column: 'program_id' | 'account_id' | 'card_id' | 'sender', id: string];
  readonly status?: string;
  /** Of what waits: until a moment after this one, or not. */
  readonly parked?: readonly [until: 'after' | 'up to', moment: Instant];
};

export type Lists = {
  /** Throws `InvalidCursor`, or `RangeError` for a limit that is no integer from 1 to `MAX_LIST_ITEMS`. */
  list<View>(name: ListName, selection: Selection, options: ListOptions, toView: (row: Row) => View): Listed<View>;
  /** Rows of any of `selections`, of which no two have a row in common. */
  listAny<View>(
    name: ListName,
    selections: readonly Selection[],
    options: ListOptions,
    toView: (row: Row) => View,
  ): Listed<View>;
};

const ROWS: Readonly<Record<ListName, string>> = {
  accounts: 'SELECT t.* FROM accounts t',
  cards: 'SELECT t.* FROM cards t',
  clearing_files: 'SELECT t.* FROM clearing_files t',
  suspense: 'SELECT t.* FROM suspense t',
  transactions: 'SELECT t.*, a.currency AS account_currency FROM transactions t JOIN accounts a ON a.id = t.account_id',
  unapplied: 'SELECT t.* FROM unapplied t',
};

/** Up to its value: `account_id =`. */
type Condition = readonly [condition: string, value: SQLInputValue];

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

  /** The newest numbers below `before`, at most `most`. */
  function newest(
    name: ListName,
    { owner, status, parked }: Selection,
    before: bigint,
    most: number,
  ): readonly bigint[] {
    const conditions: Condition[] = [];
    if (status !== undefined) conditions.push(['status =', status]);
    if (parked !== undefined) {
      const [until, moment] = parked;
      conditions.push([until === 'after' ? 'parked_until >' : 'parked_until <=', BigInt(moment)]);
    }
    if (owner === undefined) return numbersWhere(name, conditions, before, most);
    const [column, id] = owner;
    conditions.push([`${column} =`, id]);
    if (name !== 'transactions') return numbersWhere(name, conditions, before, most);
    const found: bigint[] = [];
    for (let generation = newestGeneration(before); generation >= 0n && found.length < most; generation -= 1n) {
      const within: Condition = [`number >> ${GENERATION_BITS} =`, generation];
      found.push(...numbersWhere(name, [...conditions, within], before, most - found.length));
    }
    return found;
  }

  /**
   * An index of owner and status is in order of number only within one status. Without one, the owner's entries are
   * sorted: those of one generation, or at most as many as an account may have cards.
   */
  function numbersWhere(
    name: ListName,
    conditions: readonly Condition[],
    before: bigint,
    most: number,
  ): readonly bigint[] {
    const where = conditions.map(([condition], at) => ` AND ${condition} ?${at + 3}`).join('');
    const sql = `SELECT number FROM ${name} WHERE number < ?1${where} ORDER BY number DESC LIMIT ?2`;
    return all(sql, before, most, ...conditions.map(([, value]) => value)).map((row) => integer(row.number));
  }

  /** Of the newest transaction below `before`. */
  function newestGeneration(before: bigint): bigint {
    const [newest] = numbersWhere('transactions', [], before, 1);
    return newest === undefined ? -1n : newest >> BigInt(GENERATION_BITS);
  }

  const lists: Lists = {
    list: (name, selection, options, toView) => lists.listAny(name, [selection], options, toView),
    listAny: (name, selections, { limit, cursor }, toView) => {
      checkLimit(limit, MAX_LIST_ITEMS);
      const before = cursor === undefined ? FIRST_PAGE : decodeCursor(name, cursor);
      // One more than asked for says whether there is another page.
      const found = selections
        .flatMap((selection) => newest(name, selection, before, limit + 1))
        .sort((a, b) => (a < b ? 1 : -1))
        .slice(0, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const sql = `${ROWS[name]} WHERE t.number IN (SELECT value FROM json_each(?)) ORDER BY t.number DESC`;
      const data = all(sql, `[${page.join(',')}]`).map(toView);
      return { data, ...(found.length > limit && last !== undefined ? { nextCursor: encodeCursor(name, last) } : {}) };
    },
  };
  return lists;
}

/** Throws `RangeError`. */
export function checkLimit(limit: number, most: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new RangeError(`a limit is an integer from 1 to ${most}, not ${limit}`);
  }
}
