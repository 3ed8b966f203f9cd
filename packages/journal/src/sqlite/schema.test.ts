import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { event, readAll, readPages, readStream } from '../contract/subject.ts';
import { JournalCorrupt } from '../errors.ts';
import { openSqliteJournal } from './journal.ts';
import { openSqliteJournalReader } from './reader.ts';
import { temporaryDirectory } from './testing/directories.ts';

let directory = '';
beforeEach(async () => {
  directory = temporaryDirectory();
  const journal = await openSqliteJournal({ directory });
  for (const revision of [0, 1, 2]) {
    const metadata = `{"occurredAt":"2026-03-0${revision + 1}T12:00:00Z"}`;
    for (const stream of ['account-1', 'card-1']) {
      await journal.append(stream, revision === 0 ? 'no_stream' : revision - 1, [
        event({ metadata, data: `{"n":${revision}}` }),
      ]);
    }
  }
  await journal.close();
});

/** What a person with a SQLite shell can do. */
function shell<T>(use: (db: DatabaseSync) => T): T {
  using db = new DatabaseSync(join(directory, 'log.db'));
  return use(db);
}

describe('an auditor with a SQLite shell', () => {
  test('reads the view log', () => {
    const rows = shell((db) => db.prepare("SELECT * FROM log WHERE stream = 'account-1' AND revision = 1").all());
    expect(rows.map((row) => ({ ...row, id: undefined }))).toEqual([
      {
        position: 3,
        stream: 'account-1',
        revision: 1,
        type: 'Tested',
        occurred_at: '2026-03-02T12:00:00Z',
        data: '{"n":1}',
        metadata: '{"occurredAt":"2026-03-02T12:00:00Z"}',
        id: undefined,
      },
    ]);
  });

  test.each([
    ["UPDATE events SET data = '{}' WHERE position = 1", 'never changed'],
    ['DELETE FROM events', 'never deleted'],
    [
      'INSERT INTO events SELECT 7, stream, revision, type, id, data, metadata FROM events WHERE position = 1',
      'UNIQUE',
    ],
    ["INSERT INTO events VALUES (7, 1, 'three', 1, 'id', '{}', '{}')", 'cannot store TEXT'],
  ])('cannot by mistake: %s', (sql, reason) => {
    expect(() => shell((db) => db.exec(sql))).toThrow(reason);
  });
});

describe('a log that was damaged', () => {
  const damage = (sql: string): void =>
    shell((db) =>
      db.exec(
        `PRAGMA foreign_keys = OFF; DROP TRIGGER events_are_never_deleted; DROP TRIGGER events_are_never_changed; ${sql}`,
      ),
    );

  test.each<readonly [string, string, readonly string[]]>([
    // damage,                            SQL,                                                     refused
    ['an event is missing', 'DELETE FROM events WHERE position = 3', ['all', 'stream', 'backwards', 'live']],
    ['the first event is missing', 'DELETE FROM events WHERE position = 1', ['all', 'stream', 'backwards', 'live']],
    ['a revision was changed', 'UPDATE events SET revision = 9 WHERE position = 3', ['stream', 'backwards']],
    ['a stream has no name', 'DELETE FROM streams WHERE id = 1', ['all', 'live']],
    ['a type has no name', 'DELETE FROM types', ['all', 'stream', 'backwards', 'live']],
    ['a stream has a name only', 'DELETE FROM events WHERE stream = 1', ['all', 'stream', 'backwards', 'live']],
  ])('%s: what touches it says so', async (_, sql, refused) => {
    damage(sql);
    const reader = await openSqliteJournalReader({ directory });
    const readings: Record<string, () => Promise<unknown>> = {
      all: () => readAll(reader, {}),
      stream: () => readStream(reader, 'account-1'),
      backwards: () => readStream(reader, 'account-1', { direction: 'backwards' }),
      live: () =>
        new Promise((resolve, reject) => {
          reader.subscribe({ after: 0n, onPage: () => {}, onCaughtUp: resolve }).ended.catch(reject);
        }),
    };
    for (const [name, read] of Object.entries(readings)) {
      const outcome = await read().then(
        () => 'read',
        (error: unknown) => (error instanceof JournalCorrupt ? 'refused' : error),
      );
      expect([name, outcome]).toEqual([name, refused.includes(name) ? 'refused' : 'read']);
    }
    await reader.close();
  });

  test('the pages before the damage are read', async () => {
    damage('DELETE FROM events WHERE position = 6');
    const reader = await openSqliteJournalReader({ directory });
    expect(await readPages(reader, { upTo: 5n })).toMatchObject([{ position: 5n }]);
    await reader.close();
  });
});
