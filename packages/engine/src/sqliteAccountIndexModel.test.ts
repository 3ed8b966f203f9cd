// sqliteAccountIndexModel.test.ts: any sequence of writes, look-ups and re-openings, against a map in memory.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccountIndex, IndexWrite } from './accountIndex.ts';
import { IndexKeys } from './indexKeys.ts';
import { openSqliteAccountIndex } from './sqliteAccountIndex.ts';

const STREAMS = ['account-1', 'account-2', 'account-10'];
const KEYS = ['a', 'b', 'A', 'aa', 'ключ', ''];

type Step =
  | { readonly do: 'write'; readonly write: IndexWrite }
  | { readonly do: 'look' }
  | { readonly do: 'reopen'; readonly logId: string; readonly sourceHash: string };

const write = fc.integer({ min: 0, max: 12 }).chain((revision) =>
  fc.record({
    stream: fc.constantFrom(...STREAMS),
    revision: fc.constant(revision),
    snapshot: fc.string({ unit: 'grapheme', maxLength: 20 }),
    keys: fc
      .array(fc.tuple(fc.constantFrom(...KEYS), fc.integer({ min: 0, max: revision })), { maxLength: 6 })
      .map((pairs) => IndexKeys.of(...pairs)),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ do: fc.constant('write' as const), write }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reopen' as const),
      logId: fc.constantFrom('log', 'log', 'log', 'another log'),
      sourceHash: fc.constantFrom('sources', 'sources', 'sources', 'other sources'),
    }),
  },
);

/** As plain as can be: every write in a list. */
class Model {
  readonly #writes: IndexWrite[] = [];

  add(write: IndexWrite): void {
    this.#writes.push(write);
  }

  clear(): void {
    this.#writes.length = 0;
  }

  snapshot(stream: string): { revision: number; snapshot: string } | undefined {
    const ofStream = this.#writes.filter((write) => write.stream === stream);
    const newest = Math.max(...ofStream.map(({ revision }) => revision));
    const found = ofStream.findLast(({ revision }) => revision === newest);
    return found && { revision: found.revision, snapshot: found.snapshot };
  }

  revisionsOf(stream: string, key: string): number[] {
    const pairs = this.#writes.filter((write) => write.stream === stream).flatMap(({ keys }) => [...keys]);
    return [...new Set(pairs.filter(([of]) => of === key).map(([, revision]) => revision))].sort((a, b) => a - b);
  }
}

function expectSame(index: AccountIndex, model: Model): void {
  for (const stream of STREAMS) {
    expect(index.snapshot(stream)).toEqual(model.snapshot(stream));
    for (const key of KEYS) expect(index.revisionsOf(stream, key)).toEqual(model.revisionsOf(stream, key));
  }
}

async function follow(steps: readonly Step[], directory: string): Promise<void> {
  let identity = { logId: 'log', sourceHash: 'sources' };
  let index = await openSqliteAccountIndex({ directory, ...identity });
  const model = new Model();
  let writes: Promise<void>[] = [];
  try {
    for (const next of steps) {
      if (next.do === 'write') {
        writes.push(index.write(next.write));
        model.add(next.write);
        continue;
      }
      if (next.do === 'reopen') {
        // Not waiting for the writes: closing finishes them.
        await index.close();
        if (next.logId !== identity.logId || next.sourceHash !== identity.sourceHash) model.clear();
        identity = next;
        index = await openSqliteAccountIndex({ directory, logId: next.logId, sourceHash: next.sourceHash });
      }
      await Promise.all(writes);
      writes = [];
      expectSame(index, model);
    }
    await Promise.all(writes);
    expectSame(index, model);
  } finally {
    await index.close();
  }
}

test('whatever is written, in whatever order, and however often it is opened anew, it answers as a plain list would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
      const directory = mkdtempSync(join(tmpdir(), 'holdfast-index-'));
      try {
        await follow(steps, directory);
      } finally {
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 8 },
  );
});
