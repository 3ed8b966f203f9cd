// cursor.ts: where a list continues: the list's name and the number of the last row handed out, opaque to clients.

import { InvalidCursor } from './queries.ts';

export type ListName = 'accounts' | 'cards' | 'clearing_files' | 'suspense' | 'transactions' | 'unapplied';

const CURSOR = /^(accounts|cards|clearing_files|suspense|transactions|unapplied):([1-9][0-9]{0,17})$/;

export function encodeCursor(list: ListName, number: bigint): string {
  return Buffer.from(`${list}:${number}`).toString('base64url');
}

/** The number that the rows must be below. Throws `InvalidCursor` for what `encodeCursor` did not write for this list. */
export function decodeCursor(list: ListName, cursor: string): bigint {
  const [, name, number] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (name !== list || number === undefined || encodeCursor(list, BigInt(number)) !== cursor) {
    throw new InvalidCursor(`this is no cursor of the list of ${list}: use the next_cursor of an earlier answer`);
  }
  return BigInt(number);
}
