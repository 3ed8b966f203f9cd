// sqliteAccountIndexReader.ts: look-ups on the calling thread.
//
// A read transaction costs about as much as a look-up, so those of one turn of the event loop share one. It is ended
// with the turn: one that stayed open would keep SQLite from ever reusing its write-ahead log.

import { DatabaseSync } from 'node:sqlite';
import { AccountIndexUnreadable } from './accountIndex.ts';
import { isDamage, messageOf } from './sqliteAccountIndexErrors.ts';
import { markDamaged } from './sqliteAccountIndexFile.ts';
import { keyNumber } from './sqliteAccountIndexKey.ts';

/** Streams whose numbers are remembered: as many as accounts may be in memory. */
const REMEMBERED_STREAMS = 100_000;

const NONE: readonly number[] = [];

export interface IndexReader {
  snapshot(stream: string): { readonly revision: number; readonly snapshot: string } | undefined;
  revisionsOf(stream: string, key: string): readonly number[];
  /** Look-ups from here on see everything committed so far. */
  renew(): void;
  close(): void;
}

/** The file must be open for writing already, in this or another thread. */
export function openIndexReader(path: string): IndexReader {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
  db.exec('PRAGMA cache_size = -16384');
  const begin = db.prepare('BEGIN');
  const end = db.prepare('COMMIT');
  const numberOfStream = db.prepare('SELECT id FROM streams WHERE name = ?');
  const revisions = db.prepare('SELECT revision FROM keys WHERE stream = ? AND key = ? ORDER BY revision');
  const newest = db.prepare('SELECT revision, snapshot FROM snapshots WHERE stream = ?');
  /** A stream keeps its number as long as there is the file. To find it is a quarter of a look-up. */
  const numbers = new Map<string, number>();
  let reading = false;

  /** Undefined for a stream that was never written. */
  function numberOf(stream: string): number | undefined {
    const known = numbers.get(stream);
    if (known !== undefined) return known;
    const row = numberOfStream.get(stream);
    if (row === undefined) return undefined;
    if (numbers.size >= REMEMBERED_STREAMS) numbers.clear();
    const number = numberIn(row.id);
    numbers.set(stream, number);
    return number;
  }

  function renew(): void {
    if (!reading) return;
    reading = false;
    end.run();
  }

  function read<Found>(look: () => Found): Found {
    try {
      if (!reading) {
        begin.run();
        reading = true;
        setImmediate(renew);
      }
      return look();
    } catch (error) {
      reading = false;
      if (db.isTransaction) db.exec('ROLLBACK');
      if (isDamage(error)) markDamaged(path, messageOf(error));
      throw new AccountIndexUnreadable(`the account index cannot be read: ${messageOf(error)}`);
    }
  }

  return {
    snapshot: (stream) =>
      read(() => {
        const number = numberOf(stream);
        const row = number === undefined ? undefined : newest.get(number);
        return row && { revision: numberIn(row.revision), snapshot: textIn(row.snapshot) };
      }),
    revisionsOf: (stream, key) =>
      read(() => {
        const number = numberOf(stream);
        if (number === undefined) return NONE;
        return revisions.all(number, keyNumber(key)).map(({ revision }) => numberIn(revision));
      }),
    renew,
    close() {
      renew();
      db.close();
    },
  };
}

function numberIn(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`a number is ${value}`);
  return value;
}

function textIn(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a snapshot is no text');
  return value;
}
