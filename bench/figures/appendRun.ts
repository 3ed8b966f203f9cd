// appendRun.ts: the process that writes the same events into the embedded log and into a bare SQLite table.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encode } from '@holdfast/events';
import type { EventToAppend, Journal } from '@holdfast/journal';
import { openSqliteJournal } from '@holdfast/journal';
import { given, serve } from '../support/parent.ts';
import { approvedEvent } from './sampleEvent.ts';

export type AppendGiven = { readonly directory: string };
export type AppendSubject = 'bare' | 'bare, pages of 8 KiB' | 'journal' | 'journal, one batch ahead';
export type AppendQuestion = { readonly subject: AppendSubject; readonly batches: number };

export const BATCH = 200;

const { directory } = given<AppendGiven>();

/** Batches are made before the clock runs. */
function makeBatches(count: number): readonly (readonly EventToAppend[])[] {
  return Array.from({ length: count }, () =>
    Array.from({ length: BATCH }, () => {
      const { event, metadata } = approvedEvent(randomUUID());
      const { type, data, metadata: text } = encode(event, metadata);
      return { id: randomUUID(), type, data, metadata: text };
    }),
  );
}

/** The table of the log and its index, WAL, a flush for each transaction of one batch, one prepared statement. */
function openBare(name: string, pageBytes: number) {
  const folder = join(directory, name);
  mkdirSync(folder);
  const db = new DatabaseSync(join(folder, 'bare.db'));
  db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (
      position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, type INTEGER NOT NULL,
      id TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);`);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  let position = 0;
  return {
    close: () => db.close(),
    append(batches: readonly (readonly EventToAppend[])[]): void {
      for (const batch of batches) {
        begin.run();
        for (const { id, data, metadata } of batch) insert.run(++position, 1, position, 1, id, data, metadata);
        commit.run();
      }
    },
  };
}

const STREAM = 'account-01h2xcejqtf2nbrexx3vqjhp41';

/** `ahead`: the next batch waits while one is written, as it does behind the engine. */
async function appendToJournal(
  journal: Journal,
  from: number,
  batches: readonly (readonly EventToAppend[])[],
  ahead: number,
) {
  let revision = from;
  const underWay: Promise<unknown>[] = [];
  for (const batch of batches) {
    underWay.push(journal.append(STREAM, revision < 0 ? 'no_stream' : revision, batch));
    revision += batch.length;
    if (underWay.length > ahead) await underWay.shift();
  }
  await Promise.all(underWay);
  return revision;
}

await serve(async () => {
  const bare = openBare('bare', 4_096);
  const bareLarge = openBare('bareLarge', 8_192);
  const journal = await openSqliteJournal({ directory: join(directory, 'journal') });
  let revision = -1;
  return {
    ready: {},
    /** Events a second. */
    async answer({ subject, batches }: AppendQuestion) {
      const made = makeBatches(batches);
      const begun = performance.now();
      switch (subject) {
        case 'bare':
          bare.append(made);
          break;
        case 'bare, pages of 8 KiB':
          bareLarge.append(made);
          break;
        case 'journal':
          revision = await appendToJournal(journal, revision, made, 0);
          break;
        case 'journal, one batch ahead':
          revision = await appendToJournal(journal, revision, made, 1);
          break;
        default:
          return subject satisfies never;
      }
      return ((batches * BATCH) / (performance.now() - begun)) * 1_000;
    },
    async stop() {
      bare.close();
      bareLarge.close();
      await journal.close();
    },
  };
});
