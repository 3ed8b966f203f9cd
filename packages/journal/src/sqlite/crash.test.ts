import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { event, readAll } from '../contract/subject.ts';
import { JournalLocked } from '../errors.ts';
import type { StoredEvent } from '../journal.ts';
import { openSqliteJournal } from './journal.ts';
import { openSqliteJournalReader } from './reader.ts';
import { temporaryDirectory } from './testing/directories.ts';
import type { Acknowledged } from './testing/processes.ts';
import { startAppending } from './testing/processes.ts';

/** Every acknowledged append stands where it was said to stand, as a whole, and no event stands twice. */
function expectOnce(stored: readonly StoredEvent[], acknowledged: readonly Acknowledged[]): void {
  const byId = new Map(stored.map((one) => [one.id, one]));
  expect(byId.size).toBe(stored.length);
  for (const { stream, revision, position, ids } of acknowledged) {
    const found = ids.map((id) => byId.get(id));
    expect(found.map((one) => one?.stream)).toEqual([stream, stream]);
    expect(found.map((one) => one?.revision)).toEqual([revision - 1, revision]);
    expect(found.at(-1)?.position).toBe(BigInt(position));
  }
}

describe('a writer that is killed', () => {
  test('leaves every acknowledged append, once, again and again', async () => {
    const directory = temporaryDirectory();
    const acknowledged: Acknowledged[] = [];
    for (const [round, count] of [40, 400, 1_500].entries()) {
      const child = startAppending(directory, `round${round}`);
      await child.reached(count);
      child.process.kill('SIGKILL');
      await child.ended;
      expect(child.acknowledged.length).toBeGreaterThanOrEqual(count);
      acknowledged.push(...child.acknowledged);
      // A reader comes first, while the write-ahead log is as the kill left it.
      const reader = await openSqliteJournalReader({ directory });
      const stored = await readAll(reader, {});
      await reader.close();
      expectOnce(stored, acknowledged);
    }
    const journal = await openSqliteJournal({ directory });
    const stored = await readAll(journal, {});
    expectOnce(stored, acknowledged);
    const last = acknowledged.at(-1);
    const events = (last?.ids ?? []).map((id) => event({ id }));
    const expected = last?.revision === 1 ? 'no_stream' : (last?.revision ?? 0) - 2;
    await expect(journal.append(last?.stream ?? '', expected, events)).resolves.toEqual({
      revision: last?.revision,
      position: BigInt(last?.position ?? 0),
    });
    expect(await journal.head()).toBe(BigInt(stored.length));
    await journal.close();
  });

  test('holds the log while it lives, and no longer', async () => {
    const directory = temporaryDirectory();
    const child = startAppending(directory, 'holder');
    await child.reached(1);
    await expect(openSqliteJournal({ directory })).rejects.toBeInstanceOf(JournalLocked);
    child.process.kill('SIGKILL');
    await child.ended;
    const journal = await openSqliteJournal({ directory });
    await expect(journal.append('after-1', 'no_stream', [event()])).resolves.toMatchObject({ revision: 0 });
    await journal.close();
  });
});

describe('a disk that takes no more', () => {
  test('answers nobody from then on, and leaves exactly the acknowledged appends', async () => {
    const directory = temporaryDirectory();
    const child = startAppending(directory, 'full', 2_048);
    await child.ended;
    expect(child.process.exitCode).toBe(0);
    expect(child.stopped()).toMatchObject({ stopped: 'journal_stopped', later: 'journal_stopped' });
    expect(child.stopped()?.unanswered).toBeGreaterThan(0);
    expect(child.acknowledged.length).toBeGreaterThan(100);

    const journal = await openSqliteJournal({ directory });
    const stored = await readAll(journal, {});
    expectOnce(stored, child.acknowledged);
    expect(stored).toHaveLength(child.acknowledged.length * 2);
    // What was not answered can be sent again.
    const next = stored.filter(({ stream }) => stream === 'full-0').length;
    await expect(
      journal.append('full-0', next - 1, [
        event({ seed: `full-0/${next / 2}/0` }),
        event({ seed: `full-0/${next / 2}/1` }),
      ]),
    ).resolves.toMatchObject({ revision: next + 1 });
    await journal.close();
  });
});

describe('a disk that takes no more of the file, while it takes the write-ahead log', () => {
  test('is noticed when that is copied, and nobody is answered from then on', async () => {
    const directory = temporaryDirectory();
    const before = await openSqliteJournal({ directory });
    const large = () => Array.from({ length: 100 }, () => event({ data: `"${'x'.repeat(4_000)}"` }));
    const file = join(directory, 'log.db');
    let streams = 0;
    // The write-ahead log, which is copied when it has 32 MiB, is the smaller file.
    while (statSync(file).size < 40 * 1_024 * 1_024) await before.append(`before-${streams++}`, 'no_stream', large());
    await before.close();

    const child = startAppending(directory, 'full', Math.ceil(statSync(file).size / 1_024) + 64);
    await child.ended;
    expect(child.process.exitCode).toBe(0);
    expect(child.stopped()).toMatchObject({ stopped: 'journal_stopped', later: 'journal_stopped' });

    const journal = await openSqliteJournal({ directory });
    const stored = await readAll(journal, {});
    expectOnce(stored, child.acknowledged);
    expect(stored).toHaveLength(streams * 100 + child.acknowledged.length * 2);
    await journal.close();
  });
});
