import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { event, events, readStream } from '../contract/subject.ts';
import { JournalLocked, JournalUnavailable, NotAJournal } from '../errors.ts';
import { openSqliteJournal } from './journal.ts';
import { openSqliteJournalReader } from './reader.ts';
import { APPLICATION_ID, FORMAT } from './schema.ts';
import { temporaryDirectory } from './testing/directories.ts';

/** Files and their bytes; none of the logs here is open while this reads them. */
function contents(directory: string): Record<string, string> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'hex')]));
}

function sqliteFile(directory: string, sql: string): void {
  const db = new DatabaseSync(join(directory, 'log.db'));
  db.exec(sql);
  db.close();
}

const strangers: readonly (readonly [string, RegExp, (directory: string) => void])[] = [
  [
    'text',
    /file is not a database/,
    (directory) => writeFileSync(join(directory, 'log.db'), 'a shopping list\n'.repeat(99)),
  ],
  ['nothing', /of another program/, (directory) => writeFileSync(join(directory, 'log.db'), '')],
  [
    'a SQLite file of another program',
    /of another program/,
    (directory) => sqliteFile(directory, 'CREATE TABLE t (x)'),
  ],
  [
    'a SQLite file of another program with a write-ahead log',
    /of another program/,
    (directory) => sqliteFile(directory, 'PRAGMA journal_mode = WAL; CREATE TABLE t (x)'),
  ],
  [
    'a log of a newer release',
    new RegExp(`format ${FORMAT + 1}; this one reads ${FORMAT}.*upgrade`),
    (directory) =>
      sqliteFile(directory, `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT + 1}`),
  ],
  ['a folder', /it is not a file/, (directory) => mkdirSync(join(directory, 'log.db'))],
];

describe('a log.db that is', () => {
  test.each(strangers)('%s is refused by both, and nothing is changed', async (_, sentence, make) => {
    const directory = temporaryDirectory();
    make(directory);
    const isFile = statSync(join(directory, 'log.db')).isFile();
    const before = isFile ? contents(directory) : readdirSync(directory);
    for (const open of [openSqliteJournal, openSqliteJournalReader]) {
      const refusal = await open({ directory }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(NotAJournal);
      expect(String(refusal)).toMatch(sentence);
    }
    expect(isFile ? contents(directory) : readdirSync(directory)).toEqual(before);
  });
});

/** What a process leaves that is killed in a checkpoint: the first pages are copied, of those that follow none. */
async function killedInCheckpoint(): Promise<string> {
  const [directory, checkpointed, killed] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
  const journal = await openSqliteJournal({ directory });
  for (let n = 0; n < 20; n++) await journal.append(`account-${n}`, 'no_stream', events(50));
  for (const name of ['log.db', 'log.db-wal']) {
    cpSync(join(directory, name), join(checkpointed, name));
    cpSync(join(directory, name), join(killed, name));
  }
  await journal.close();
  sqliteFile(checkpointed, 'PRAGMA wal_checkpoint(TRUNCATE)');
  const { size } = statSync(join(killed, 'log.db'));
  writeFileSync(join(killed, 'log.db'), readFileSync(join(checkpointed, 'log.db')).subarray(0, size));
  return killed;
}

test.each([
  ['for writing', openSqliteJournal],
  ['for reading', openSqliteJournalReader],
] as const)('a log whose process was killed in a checkpoint is opened %s, and has everything', async (_, open) => {
  const journal = await open({ directory: await killedInCheckpoint() });
  for (let n = 0; n < 20; n++) expect(await readStream(journal, `account-${n}`)).toHaveLength(50);
  await journal.close();
});

describe('a reader', () => {
  test.each(['missing', '.'])('refuses folder %j, which has no log, and creates nothing', async (name) => {
    const directory = temporaryDirectory();
    await expect(openSqliteJournalReader({ directory: join(directory, name) })).rejects.toBeInstanceOf(NotAJournal);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('reads a log that was closed, and one that is open', async () => {
    const directory = temporaryDirectory();
    const journal = await openSqliteJournal({ directory });
    await journal.append('account-1', 'no_stream', events(3));
    const beside = await openSqliteJournalReader({ directory });
    expect(await readStream(beside, 'account-1')).toHaveLength(3);
    await beside.close();
    await journal.close();
    const after = await openSqliteJournalReader({ directory });
    expect(await readStream(after, 'account-1')).toHaveLength(3);
    await after.close();
  });

  test('cannot be used after it was closed', async () => {
    const directory = temporaryDirectory();
    await (await openSqliteJournal({ directory })).close();
    const reader = await openSqliteJournalReader({ directory });
    await reader.close();
    await reader.close();
    await expect(reader.head()).rejects.toBeInstanceOf(JournalUnavailable);
    expect(() => reader.readAll()).toThrow(JournalUnavailable);
  });
});

describe('a writer', () => {
  test('creates the folder for its owner only, and the files too', async () => {
    const directory = join(temporaryDirectory(), 'deep', 'log');
    const journal = await openSqliteJournal({ directory });
    await journal.append('account-1', 'no_stream', [event()]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const files = readdirSync(directory).sort();
    expect(files).toEqual(['log.db', 'log.db-shm', 'log.db-wal', 'log.lock']);
    for (const name of files) expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    await journal.close();
  });

  test('is the only one, in one process too, and leaves the log to the next', async () => {
    const directory = temporaryDirectory();
    const first = await openSqliteJournal({ directory });
    await expect(openSqliteJournal({ directory })).rejects.toBeInstanceOf(JournalLocked);
    await expect(openSqliteJournal({ directory })).rejects.toThrow(directory);
    await first.append('account-1', 'no_stream', [event()]);
    await first.close();
    const second = await openSqliteJournal({ directory });
    expect(await second.head()).toBe(1n);
    await second.close();
  });

  test('starts over where an earlier one was interrupted while it created the log', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'log.new'), 'half a file');
    const journal = await openSqliteJournal({ directory });
    await journal.append('account-1', 'no_stream', [event()]);
    await journal.close();
    expect(existsSync(join(directory, 'log.new'))).toBe(false);
  });

  test('refuses a folder that is a file, or a lock that is no lock', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    await expect(openSqliteJournal({ directory: join(directory, 'file') })).rejects.toBeInstanceOf(NotAJournal);
    writeFileSync(join(directory, 'log.lock'), 'not a lock\n'.repeat(99));
    await expect(openSqliteJournal({ directory })).rejects.toBeInstanceOf(NotAJournal);
    expect(readdirSync(directory).sort()).toEqual(['file', 'log.lock']);
  });
});
