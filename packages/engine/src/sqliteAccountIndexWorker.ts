// sqliteAccountIndexWorker.ts: the thread that writes the index. One message in is one transaction and one message out.

import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { IndexKeys } from './indexKeys.ts';
import { isDamage, messageOf } from './sqliteAccountIndexErrors.ts';
import { markDamaged } from './sqliteAccountIndexFile.ts';
import { keyNumber } from './sqliteAccountIndexKey.ts';
import type { FlatWrite, FromIndexWriter, ToIndexWriter } from './sqliteAccountIndexMessages.ts';

if (parentPort === null) throw new Error('sqliteAccountIndexWorker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromIndexWriter): void => port.postMessage(message);

const { path } = workerData as { path: string };
// Another process that uses the same index may hold the write lock for a transaction.
const db = new DatabaseSync(path, { timeout: 5000 });
// NORMAL: a commit waits for no disk flush. A power failure may lose the last ones, never the file.
db.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864');

const addStream = db.prepare('INSERT INTO streams (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
const streamId = db.prepare('SELECT id FROM streams WHERE name = ?');
const putSnapshot = db.prepare(`
  INSERT INTO snapshots (stream, revision, snapshot) VALUES (?, ?, ?)
  ON CONFLICT (stream) DO UPDATE SET revision = excluded.revision, snapshot = excluded.snapshot
  WHERE excluded.revision >= snapshots.revision`);
/** Keys of one statement: each alone, they take a half longer. */
const TOGETHER = 50;
const putKey = db.prepare(insertOf(1));
const putKeys = db.prepare(insertOf(TOGETHER));

function insertOf(rows: number): string {
  const values = Array.from({ length: rows }, () => '(?, ?, ?)').join(', ');
  return `INSERT INTO keys (stream, key, revision) VALUES ${values} ON CONFLICT DO NOTHING`;
}

function commit(writes: readonly FlatWrite[]): FromIndexWriter {
  try {
    // IMMEDIATE: waits for the write lock here, where the busy timeout applies.
    db.exec('BEGIN IMMEDIATE');
    for (const write of writes) put(write);
    db.exec('COMMIT');
    return { committed: true };
  } catch (error) {
    if (isDamage(error)) markDamaged(path, messageOf(error));
    // Some errors, a full disk among them, have ended the transaction already.
    if (db.isTransaction) db.exec('ROLLBACK');
    return { failed: messageOf(error) };
  }
}

function put({ stream, revision, snapshot, keys }: FlatWrite): void {
  addStream.run(stream);
  const id = streamId.get(stream)?.id;
  if (typeof id !== 'number') throw new Error(`stream ${stream} has no number in the index`);
  putSnapshot.run(id, revision, snapshot);
  const numbered = inOrder(keys);
  let at = 0;
  for (; at + TOGETHER <= numbered.length; at += TOGETHER) {
    putKeys.run(...numbered.slice(at, at + TOGETHER).flatMap(([key, leadsTo]) => [id, key, leadsTo]));
  }
  for (const [key, leadsTo] of numbered.slice(at)) putKey.run(id, key, leadsTo);
}

type Numbered = readonly [key: bigint, leadsTo: number];

/** In the order of the table: neighbours go to a page one after the other, for a tenth less time than at random. */
function inOrder(keys: Uint8Array): readonly Numbered[] {
  const numbered: Numbered[] = [];
  for (const [key, leadsTo] of IndexKeys.read(keys)) numbered.push([keyNumber(key), leadsTo]);
  return numbered.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

port.on('message', (message: ToIndexWriter) => {
  if (message !== 'close') {
    send(commit(message));
    return;
  }
  db.close();
  port.close();
});
send({ ready: true });
