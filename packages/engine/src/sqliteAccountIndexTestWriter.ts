// sqliteAccountIndexTestWriter.ts: a process of its own that writes an index, for tests that kill it, starve it of disk
// or run it beside another one. Arguments: what to do, and the directory.

import type { IndexWrite } from './accountIndex.ts';
import { IndexKeys } from './indexKeys.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';

export const IDENTITY = { logId: 'log of the test', sourceHash: 'sources of the test' } as const;
export const STREAMS = ['account-1', 'account-2', 'account-3', 'account-4'] as const;
export const KEYS_PER_WRITE = 20;

/** The keys that writer `by` gives to one event; nobody else writes the same. */
export function keysOf(by: string, stream: string, revision: number): string[] {
  return Array.from({ length: KEYS_PER_WRITE }, (_, i) => `${by} ${stream} ${revision} ${i}`);
}

export function writeOf(by: string, stream: string, revision: number): IndexWrite {
  return {
    stream,
    revision,
    snapshot: `state after ${revision} ${'.'.repeat(500)}`,
    keys: IndexKeys.of(...keysOf(by, stream, revision).map((key) => [key, revision] as const)),
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Writes revision after revision of each stream until killed; says each one that was written. */
async function writeForEver(directory: string): Promise<void> {
  const index = await openSqliteAccountIndex({ directory, ...IDENTITY });
  await Promise.all(
    STREAMS.map(async (stream) => {
      for (let revision = (index.snapshot(stream)?.revision ?? -1) + 1; ; revision += 2) {
        // Two at once, so that a transaction often holds several writes of one stream.
        await Promise.all([
          index.write(writeOf('a', stream, revision)),
          index.write(writeOf('a', stream, revision + 1)),
        ]);
        say(`${stream} ${revision + 1}`);
      }
    }),
  );
}

/** Writes 100 revisions of each stream. */
async function writeSome(directory: string): Promise<void> {
  const index = await openSqliteAccountIndex({ directory, ...IDENTITY });
  say('open');
  for (let revision = 0; revision < 100; revision++) {
    await Promise.all(STREAMS.map((stream) => index.write(writeOf('child', stream, revision))));
  }
  await index.close();
}

/** Started with a limit on file size that the second write breaks; says what became of each write and look-up. */
async function runOutOfDisk(directory: string): Promise<void> {
  const index = await openSqliteAccountIndex({ directory, ...IDENTITY });
  const outcome = (write: IndexWrite): Promise<string> =>
    index.write(write).then(
      () => 'written',
      (error: Error) => error.name,
    );
  const found = (): unknown => ({
    small: index.snapshot('small')?.revision,
    large: index.snapshot('large')?.revision,
    keyOfLarge: index.revisionsOf('large', 'its key'),
  });
  const [small, large, behind] = await Promise.all([
    outcome(writeOf('a', 'small', 0)),
    outcome({ stream: 'large', revision: 0, snapshot: 'x'.repeat(8_000_000), keys: IndexKeys.of(['its key', 0]) }),
    outcome(writeOf('a', 'large', 1)),
  ]);
  const afterFailure = found();
  const again = await Promise.all([outcome(writeOf('a', 'small', 1)), outcome(writeOf('a', 'large', 1))]);
  say(JSON.stringify({ small, large, behind, afterFailure, again, atEnd: found() }));
  await index.close();
}

const TASKS = { 'write-for-ever': writeForEver, 'write-some': writeSome, 'run-out-of-disk': runOutOfDisk };

if (import.meta.main) {
  const [task, directory] = process.argv.slice(2);
  const run = Object.entries(TASKS).find(([name]) => name === task)?.[1];
  if (run === undefined || directory === undefined) throw new Error(`what to do: ${Object.keys(TASKS).join(', ')}`);
  await run(directory);
}
