// sqliteAccountIndexProcesses.test.ts: the index and processes that are killed, run out of disk, or share the file.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';
import { IDENTITY, KEYS_PER_WRITE, keysOf, STREAMS, writeOf } from './sqliteAccountIndexTestWriter.ts';

const WRITER = fileURLToPath(new URL('./sqliteAccountIndexTestWriter.ts', import.meta.url));
let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-index-'));
});

afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  rmSync(directory, { recursive: true });
});

/** Lines that the writer says, as they come; the loop over them ends with the process. */
function start(command: string, args: readonly string[]): AsyncIterable<string> {
  child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the child has no output');
  return createInterface({ input: child.stdout });
}

function integrity(): unknown {
  const db = new DatabaseSync(join(directory, 'index.db'), { readOnly: true });
  const result = db.prepare('PRAGMA integrity_check').all();
  db.close();
  return result;
}

test('a writer killed three times leaves each write whole or not at all, and none that it was told of is missing', async () => {
  const acknowledged = new Map<string, number>();
  for (const killAfter of [7, 60, 150]) {
    let lines = 0;
    for await (const line of start(process.execPath, [WRITER, 'write-for-ever', directory])) {
      const [stream = '', revision] = line.split(' ');
      acknowledged.set(stream, Number(revision));
      if (++lines === killAfter) child?.kill('SIGKILL');
    }

    const index = await openSqliteAccountIndex({
      directory,
      ...IDENTITY,
      onDiscarded: ({ sentence }) => expect.unreachable(sentence),
    });
    for (const stream of STREAMS) {
      const revision = index.snapshot(stream)?.revision ?? -1;
      expect(revision).toBeGreaterThanOrEqual(acknowledged.get(stream) ?? -1);
      for (let of = 0; of <= revision + 5; of++) {
        const found = keysOf('a', stream, of).filter((key) => index.revisionsOf(stream, key).includes(of));
        expect(found).toHaveLength(of <= revision ? KEYS_PER_WRITE : 0);
      }
    }
    await index.close();
    expect(integrity()).toEqual([{ integrity_check: 'ok' }]);
  }
  expect(Math.min(...acknowledged.values())).toBeGreaterThan(0);
});

test.skipIf(process.platform === 'win32')('a write that the disk refuses rejects, and the index goes on', async () => {
  // A limit on the size of any file: about 1 or 2 MB, as the shell counts. Writing beyond fails like on a full disk.
  const limited = `ulimit -f 2000 && exec "$0" "$@"`;
  const lines = start('sh', ['-c', limited, process.execPath, WRITER, 'run-out-of-disk', directory]);
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  expect(JSON.parse(said.join())).toEqual({
    small: 'written',
    large: 'AccountIndexWriteFailed',
    // It waited behind the failed one, and its keys without those of that one would have been a gap.
    behind: 'AccountIndexWriteFailed',
    afterFailure: { small: 0, keyOfLarge: [] },
    again: ['written', 'written'],
    atEnd: { small: 1, large: 1, keyOfLarge: [] },
  });

  const index = await openSqliteAccountIndex({ directory, ...IDENTITY });
  expect(index.snapshot('small')?.revision).toBe(1);
  expect(index.snapshot('large')?.snapshot).toBe(writeOf('a', 'large', 1).snapshot);
  await index.close();
  expect(integrity()).toEqual([{ integrity_check: 'ok' }]);
});

test('two processes write the same streams at once: all keys of both are there, and the newest snapshots', async () => {
  const index = await openSqliteAccountIndex({ directory, ...IDENTITY });
  const writes: Promise<void>[] = [];
  for await (const line of start(process.execPath, [WRITER, 'write-some', directory])) {
    expect(line).toBe('open');
    for (let revision = 0; revision < 150; revision += 2) {
      for (const stream of STREAMS) writes.push(index.write(writeOf('parent', stream, revision)));
      await writes.at(-1);
    }
  }
  await Promise.all(writes);

  for (const stream of STREAMS) {
    expect(index.snapshot(stream)?.revision).toBe(148);
    for (let revision = 0; revision < 150; revision += 2) {
      for (const key of keysOf('parent', stream, revision)) expect(index.revisionsOf(stream, key)).toEqual([revision]);
    }
    for (let revision = 0; revision < 100; revision++) {
      for (const key of keysOf('child', stream, revision)) expect(index.revisionsOf(stream, key)).toEqual([revision]);
    }
  }
  await index.close();
  expect(integrity()).toEqual([{ integrity_check: 'ok' }]);
});
