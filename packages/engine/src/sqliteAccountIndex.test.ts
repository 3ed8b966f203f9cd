// sqliteAccountIndex.test.ts: what is written is found, in order, in one piece, and again after opening anew.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccountIndex, IndexWrite } from './accountIndex.ts';
import { AccountIndexClosed } from './accountIndex.ts';
import { IndexKeys } from './indexKeys.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';

let directory: string;
let index: AccountIndex;

const open = (): Promise<AccountIndex> => openSqliteAccountIndex({ directory, logId: 'log', sourceHash: 'sources' });

function written(
  revision: number,
  keys: readonly (readonly [string, number])[] = [],
  snapshot = `state after ${revision}`,
): IndexWrite {
  return { stream: 'account-a', revision, snapshot, keys: IndexKeys.of(...keys) };
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-index-'));
  index = await open();
});

afterEach(async () => {
  await index.close();
  rmSync(directory, { recursive: true });
});

describe('an account index', () => {
  test('knows nothing of a stream that was never written', () => {
    expect(index.snapshot('account-a')).toBeUndefined();
    expect(index.revisionsOf('account-a', 'key')).toEqual([]);
  });

  test('finds snapshot and keys as soon as the write has resolved, even in a turn that looked before', async () => {
    for (let revision = 0; revision < 50; revision++) {
      expect(index.revisionsOf('account-a', `key ${revision}`)).toEqual([]);
      await index.write(written(revision, [[`key ${revision}`, revision]]));
      expect(index.snapshot('account-a')).toEqual({ revision, snapshot: `state after ${revision}` });
      expect(index.revisionsOf('account-a', `key ${revision}`)).toEqual([revision]);
    }
  });

  test('keeps the keys of each stream apart, and its keys apart from each other', async () => {
    await index.write(written(3, [['key', 2]]));
    await index.write({ ...written(8, [['other key', 7]]), stream: 'account-b' });
    expect(index.revisionsOf('account-a', 'key')).toEqual([2]);
    expect(index.revisionsOf('account-a', 'other key')).toEqual([]);
    expect(index.revisionsOf('account-b', 'key')).toEqual([]);
    expect(index.snapshot('account-b')?.revision).toBe(8);
  });

  test('answers all revisions of a key, ascending, each once', async () => {
    await index.write(
      written(20, [
        ['rrn', 11],
        ['rrn', 2],
        ['rrn', 11],
      ]),
    );
    await index.write(written(100, [['rrn', 100]]));
    await index.write(written(101, [['rrn', 9]]));
    expect(index.revisionsOf('account-a', 'rrn')).toEqual([2, 9, 11, 100]);
  });

  test('leaves out a snapshot older than the stored one, and keeps its keys', async () => {
    await index.write(written(10, [['new', 10]]));
    await index.write(written(5, [['old', 5]]));
    expect(index.snapshot('account-a')?.revision).toBe(10);
    expect(index.revisionsOf('account-a', 'old')).toEqual([5]);
  });

  test('keeps the order of writes that did not wait for each other', async () => {
    const writes = Array.from({ length: 500 }, (_, i) => index.write(written(7, [[`key ${i}`, 7]], `write ${i}`)));
    await Promise.all(writes);
    expect(index.snapshot('account-a')).toEqual({ revision: 7, snapshot: 'write 499' });
    expect(index.revisionsOf('account-a', 'key 0')).toEqual([7]);
  });

  test('finds everything again after it was closed with writes under way and opened anew', async () => {
    const writes = Array.from({ length: 50 }, (_, i) => index.write(written(i, [['key', i]])));
    await index.close();
    await Promise.all(writes);
    index = await open();
    expect(index.snapshot('account-a')).toEqual({ revision: 49, snapshot: 'state after 49' });
    expect(index.revisionsOf('account-a', 'key')).toHaveLength(50);
  });

  test.each([
    ['the largest revision', Number.MAX_SAFE_INTEGER, 'state', 'key'],
    ['no text at all', 0, '', ''],
    ['any script', 1, '{"name":"Ægir 🏦 \\ud800"}', 'ключ 🔑'],
    ['a zero character', 1, 'a\0b', 'a\0b'],
    ['a snapshot of five million characters', 1, 'x'.repeat(5_000_000), 'k'.repeat(10_000)],
  ])('takes %s', async (_, revision, snapshot, key) => {
    await index.write(written(revision, [[key, revision]], snapshot));
    expect(index.snapshot('account-a')).toEqual({ revision, snapshot });
    expect(index.revisionsOf('account-a', key)).toEqual([revision]);
  });

  test('refuses everything once closed, and may be closed again', async () => {
    await index.close();
    await index.close();
    await expect(index.write(written(1))).rejects.toThrow(AccountIndexClosed);
    expect(() => index.snapshot('account-a')).toThrow(AccountIndexClosed);
    expect(() => index.revisionsOf('account-a', 'key')).toThrow(AccountIndexClosed);
  });
});
