// sqliteAccountIndexFile.test.ts: when the file is discarded and made anew, and when it must not be.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountIndex } from './accountIndex.ts';
import { AccountIndexInUse, AccountIndexUnreadable } from './accountIndex.ts';
import { IndexKeys } from './indexKeys.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';
import type { Discarded, IndexIdentity } from './sqliteAccountIndexFile.ts';

let directory: string;
let file: string;
const openIndexes: AccountIndex[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-index-'));
  file = join(directory, 'index.db');
});

afterEach(async () => {
  for (const index of openIndexes.splice(0)) await index.close();
  rmSync(directory, { recursive: true });
});

async function open(
  identity: Partial<IndexIdentity> & { waitMs?: number } = {},
): Promise<{ index: AccountIndex; discarded: Discarded[] }> {
  const discarded: Discarded[] = [];
  const index = await openSqliteAccountIndex({
    directory,
    logId: 'log',
    sourceHash: 'sources',
    ...identity,
    onDiscarded: (why) => discarded.push(why),
  });
  openIndexes.push(index);
  return { index, discarded };
}

/** A file with six thousand keys of `account-a`, made once. */
let template: string;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'holdfast-index-'));
  const index = await openSqliteAccountIndex({ directory: template, logId: 'log', sourceHash: 'sources' });
  const keys = IndexKeys.of(...Array.from({ length: 6_000 }, (_, i) => [`key ${i}`, i] as const));
  await index.write({ stream: 'account-a', revision: 6_000, snapshot: 'state', keys });
  await index.close();
});

afterAll(() => rmSync(template, { recursive: true }));

function writtenIndex(): void {
  cpSync(join(template, 'index.db'), file);
}

function expectEmpty(index: AccountIndex): void {
  expect(index.snapshot('account-a')).toBeUndefined();
  expect(index.revisionsOf('account-a', 'key 7')).toEqual([]);
}

async function expectUsable(index: AccountIndex): Promise<void> {
  await index.write({ stream: 'account-a', revision: 7, snapshot: 'new state', keys: IndexKeys.of(['key 7', 7]) });
  expect(index.snapshot('account-a')).toEqual({ revision: 7, snapshot: 'new state' });
  expect(index.revisionsOf('account-a', 'key 7')).toEqual([7]);
}

function changeWithSqlite(sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

describe('a file that is discarded', () => {
  test.each<[string, Discarded['reason'], Partial<IndexIdentity>, () => void]>([
    ['of another log', 'other_log', { logId: 'another log' }, () => {}],
    ['of other sources', 'other_sources', { sourceHash: 'other sources' }, () => {}],
    ['of another schema', 'other_schema', {}, () => changeWithSqlite('PRAGMA user_version = 999')],
    ['of another program', 'other_schema', {}, () => changeWithSqlite('PRAGMA application_id = 1')],
    ['that is no SQLite file', 'damaged', {}, () => writeFileSync(file, 'not a database at all'.repeat(1000))],
    ['that was cut off', 'damaged', {}, () => truncateSync(file, 50_000)],
    ['cut off within its first page', 'damaged', {}, () => truncateSync(file, 1000)],
  ])('%s: everything in it is gone, the reason is said, and it can be used', async (_, reason, identity, spoil) => {
    writtenIndex();
    spoil();
    const { index, discarded } = await open(identity);
    expect(discarded.map((why) => why.reason)).toEqual([reason]);
    expect(discarded[0]?.sentence).toMatch(/^account index discarded, it is made anew from the log: /);
    expectEmpty(index);
    await expectUsable(index);
  });

  describe('damaged deep inside', () => {
    beforeEach(() => {
      writtenIndex();
      writeFileSync(file, readFileSync(file).fill(0xa5, 8 * 4096));
    });

    test.each<[string, (index: AccountIndex) => Promise<void>]>([
      [
        'a look-up there throws rather than finding nothing',
        async (index) => {
          expect(() => index.revisionsOf('account-a', 'key 7')).toThrow(AccountIndexUnreadable);
        },
      ],
      [
        'writes there reject, each for the same reason',
        async (index) => {
          for (const revision of [6_001, 6_002]) {
            const keys = IndexKeys.of(...Array.from({ length: 200 }, (_, i) => [`new key ${i}`, revision] as const));
            const write = index.write({ stream: 'account-a', revision, snapshot: '', keys });
            await expect(write).rejects.toThrow(/not written to the account index: database disk image is malformed$/);
          }
        },
      ],
    ])('%s, and the next opening makes it anew', async (_, meetTheDamage) => {
      const damaged = await open();
      expect(damaged.discarded).toEqual([]);
      await meetTheDamage(damaged.index);
      await damaged.index.close();

      const { index, discarded } = await open();
      expect(discarded.map(({ reason }) => reason)).toEqual(['damaged']);
      expectEmpty(index);
      await expectUsable(index);
      await index.close();

      const again = await open();
      expect(again.discarded).toEqual([]);
      expect(again.index.snapshot('account-a')?.revision).toBe(7);
    });
  });
});

describe('a file that is simply not there', () => {
  test.each<[string, () => void]>([
    ['in a directory that is not there either', () => rmSync(directory, { recursive: true })],
    ['an empty file', () => writeFileSync(file, '')],
    ['only a write-ahead log is left', () => writeFileSync(`${file}-wal`, 'left over')],
  ])('%s: it is made without a word', async (_, prepare) => {
    prepare();
    const { index, discarded } = await open();
    expect(discarded).toEqual([]);
    expectEmpty(index);
    await expectUsable(index);
  });

  test('deleted while closed, it starts empty', async () => {
    writtenIndex();
    rmSync(file);
    expectEmpty((await open()).index);
  });
});

describe('a file that is kept', () => {
  test('of the same log, sources and schema: opened twice, both see what either writes', async () => {
    writtenIndex();
    const [one, other] = [await open(), await open({ waitMs: 0 })];
    expect([...one.discarded, ...other.discarded]).toEqual([]);
    expect(other.index.revisionsOf('account-a', 'key 7')).toEqual([7]);
    await one.index.write({ stream: 'account-a', revision: 6_001, snapshot: '', keys: IndexKeys.of(['key 7', 6_001]) });
    await new Promise(setImmediate);
    expect(other.index.revisionsOf('account-a', 'key 7')).toEqual([7, 6_001]);
  });

  test('of other sources, but open elsewhere: opening is refused, and who has it goes on', async () => {
    const { index } = await open();
    await expectUsable(index);
    await expect(open({ sourceHash: 'other sources', waitMs: 100 })).rejects.toThrow(AccountIndexInUse);
    expect(index.revisionsOf('account-a', 'key 7')).toEqual([7]);
    await expectUsable(index);
  });

  test('of other sources, and let go of while the next one waits', async () => {
    const { index } = await open();
    await expectUsable(index);
    const next = open({ sourceHash: 'other sources', waitMs: 60_000 });
    await index.close();
    expect((await next).discarded.map(({ reason }) => reason)).toEqual(['other_sources']);
  });

  test('a directory of that name is nobody’s cache: an error, nothing deleted', async () => {
    mkdirSync(file);
    await expect(open()).rejects.toThrow(/unable to open database file/);
    expect(existsSync(file)).toBe(true);
  });
});
