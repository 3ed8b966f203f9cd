// writer.ts: decides appends against expected revisions and commits many of them as one transaction.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EVENT_FIELDS, NO_REVISION, textAt } from '../flatAppends.ts';
import type { Incoming, IncomingAppend } from './incoming.ts';
import { ANSWERED } from './messages.ts';
import { Recent } from './recent.ts';
import { isBusy } from './sqliteError.ts';

/** What one transaction holds at most; `LIMITS.appendEvents` and `LIMITS.appendBytes` fit. Text in UTF-16 units. */
export const COMMIT_LIMITS = { events: 1_000, text: 4 * 1024 * 1024 } as const;

/** Streams whose last revision is remembered (at most twice as many), at about 200 bytes each. */
const REMEMBERED_STREAMS = 50_000;
const REMEMBERED_TYPES = 1_000;

type Head = { readonly id: number; revision: number };
type Answer = readonly [number, number];

export type Writer = {
  /**
   * Takes appends until none is left, or up to `COMMIT_LIMITS`, commits, and returns the answers as `FromWriter` describes. When it throws,
   * nobody may be answered and the writer must not be used again.
   */
  commit(incoming: Incoming): Float64Array;
};

export function createWriter(db: DatabaseSync): Writer {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commitTransaction = db.prepare('COMMIT');
  const insertEvent = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
  const insertType = db.prepare('INSERT INTO types (name) VALUES (?)');
  const selectType = arrays(db.prepare('SELECT id FROM types WHERE name = ?'));
  const selectHead = arrays(
    db.prepare('SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) FROM streams WHERE name = ?'),
  );
  const selectWritten = arrays(
    db.prepare('SELECT id, position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?'),
  );

  const heads = new Recent<string, Head>(REMEMBERED_STREAMS);
  const types = new Recent<string, number>(REMEMBERED_TYPES);
  let position = numbers(arrays(db.prepare('SELECT coalesce(max(position), 0) FROM events')).get())[0] ?? 0;

  function headOf(stream: string): Head | undefined {
    const remembered = heads.get(stream);
    if (remembered !== undefined) return remembered;
    const row = selectHead.get(stream);
    if (row === undefined) return undefined;
    const [id, revision] = numbers(row);
    const head = { id: safe(id), revision: safe(revision) };
    heads.set(stream, head);
    return head;
  }

  function createStream(stream: string): Head {
    const head = { id: Number(insertStream.run(stream).lastInsertRowid), revision: NO_REVISION };
    heads.set(stream, head);
    return head;
  }

  function typeId(type: string): number {
    const remembered = types.get(type);
    if (remembered !== undefined) return remembered;
    const row = selectType.get(type);
    const id = row === undefined ? Number(insertType.run(type).lastInsertRowid) : safe(numbers(row)[0]);
    types.set(type, id);
    return id;
  }

  function write(head: Head, append: IncomingAppend): Answer {
    const { count, texts } = append;
    let at = append.at;
    let revision = head.revision;
    for (let i = 0; i < count; i++, at += EVENT_FIELDS) {
      const type = typeId(textAt(texts, at + 1));
      insertEvent.run(
        ++position,
        head.id,
        ++revision,
        type,
        textAt(texts, at),
        textAt(texts, at + 2),
        textAt(texts, at + 3),
      );
    }
    head.revision = safe(revision);
    return [safe(position), revision];
  }

  /** The rules of EventStoreDB for exact revisions: a repeat is told by its ids, slot by slot, at any time. */
  function decide(append: IncomingAppend): Answer {
    const { stream, expected } = append;
    const head = headOf(stream);
    const current = head?.revision ?? NO_REVISION;
    if (expected === current) return write(head ?? createStream(stream), append);
    const written = head === undefined || expected > current ? undefined : lastOfRepeat(head, append);
    return written ?? [ANSWERED.wrongExpectedRevision, current];
  }

  /** The answer that the same events got when they were written, or undefined when they are not all there. */
  function lastOfRepeat(head: Head, { expected, count, texts, at }: IncomingAppend): Answer | undefined {
    const written = selectWritten.all(head.id, expected, count) as unknown as unknown[][];
    if (written.length < count) return undefined;
    if (!written.every((row, i) => row[0] === textAt(texts, at + i * EVENT_FIELDS))) return undefined;
    return [safe(written.at(-1)?.[1]), expected + count];
  }

  function commit(incoming: Incoming): Float64Array {
    const answers: number[] = [position];
    const writing = tryBegin(begin);
    let events = 0;
    let text = 0;
    for (let append = incoming.peek(); append !== undefined; append = incoming.peek()) {
      events += append.count;
      text += textSize(append);
      if (events > COMMIT_LIMITS.events || text > COMMIT_LIMITS.text) break;
      incoming.take(append);
      const [first, second] = writing ? decide(append) : [ANSWERED.busy, NO_REVISION];
      answers.push(first, second);
    }
    if (writing) commitTransaction.run();
    answers[0] = position;
    return Float64Array.from(answers);
  }

  return { commit };
}

/** False when another program holds the log's write lock for longer than `BUSY_TIMEOUT_MS`. */
function tryBegin(begin: StatementSync): boolean {
  try {
    begin.run();
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

function textSize({ count, texts, at }: IncomingAppend): number {
  let size = 0;
  for (let i = at; i < at + count * EVENT_FIELDS; i++) size += textAt(texts, i).length;
  return size;
}

function arrays(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}

function numbers(row: unknown): readonly number[] {
  return row as readonly number[];
}

function safe(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error(`${value} is no revision or position`);
  return value;
}
