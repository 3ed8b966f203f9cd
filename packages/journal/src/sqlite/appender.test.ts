import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events, outcomeOf, readStream } from '../contract/subject.ts';
import { JournalUnavailable } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { QUEUE_LIMITS } from './appender.ts';
import { openSqliteJournal } from './journal.ts';
import { temporaryDirectory } from './testing/directories.ts';

async function opened(directory = temporaryDirectory()): Promise<Journal> {
  const journal = await openSqliteJournal({ directory });
  onTestFinished(() => journal.close());
  return journal;
}

/** Which of several appends were refused as unavailable; all of them are settled. */
async function unavailable(appends: readonly Promise<unknown>[]): Promise<number[]> {
  const settled = await Promise.allSettled(appends);
  return settled.flatMap((one, i) =>
    one.status === 'rejected' && one.reason instanceof JournalUnavailable ? [i] : [],
  );
}

describe('the queue for the disk', () => {
  test('takes as many appends as it says, and refuses one more until some are answered', async () => {
    const journal = await opened();
    const same = [event()];
    const appends = Array.from({ length: QUEUE_LIMITS.appends + 1 }, () => journal.append('account-1', 7, same));
    expect(await unavailable(appends)).toEqual([QUEUE_LIMITS.appends]);
    await expect(journal.append('account-1', 'no_stream', same)).resolves.toMatchObject({ revision: 0 });
  });

  test('takes as much text as it says, and refuses more', async () => {
    const journal = await opened();
    const text = 32 * 1024;
    const large = [event({ data: `"${'x'.repeat(text - 4)}"`, metadata: '{}' })];
    const small = [event({ data: '1', metadata: '' })].map((one) => ({ ...one, metadata: '1' }));
    const fitting = Array.from({ length: QUEUE_LIMITS.text / text }, () => journal.append('account-1', 7, large));
    const appends = [...fitting, journal.append('account-1', 7, small)];
    expect(await unavailable(appends)).toEqual([fitting.length]);
    await expect(journal.append('account-1', 'no_stream', small)).resolves.toMatchObject({ revision: 0 });
  });
});

describe('closing', () => {
  test('answers what was accepted, and refuses what comes later', async () => {
    const directory = temporaryDirectory();
    const journal = await openSqliteJournal({ directory });
    const accepted = Array.from({ length: 500 }, (_, i) => journal.append(`account-${i}`, 'no_stream', [event()]));
    const closing = journal.close();
    expect(await Promise.all(accepted)).toHaveLength(500);
    await closing;
    await expect(journal.append('account-1', 0, [event()])).rejects.toBeInstanceOf(JournalUnavailable);
    await journal.close();
    expect(await (await opened(directory)).head()).toBe(500n);
  });

  test('writes also what had not yet left this thread', async () => {
    const directory = temporaryDirectory();
    const journal = await openSqliteJournal({ directory });
    const accepted = journal.append('account-1', 'no_stream', [event()]);
    const closing = journal.close();
    // The writing thread gets time to close the log before the event loop's turn ends here.
    for (let i = 0; i < 20; i++) await null;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await closing;
    await expect(accepted).resolves.toEqual({ revision: 0, position: 1n });
  });
});

describe('another program that holds the log for writing', () => {
  test('makes appends unavailable, not lost, and the log goes on after it', async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    await journal.append('account-1', 'no_stream', [event()]);
    using other = new DatabaseSync(join(directory, 'log.db'));
    other.exec('BEGIN IMMEDIATE');
    const appends = [journal.append('account-1', 0, [event()]), journal.append('account-2', 'no_stream', [event()])];
    expect(await unavailable(appends)).toEqual([0, 1]);
    other.exec('ROLLBACK');
    expect(await outcomeOf(journal.append('account-1', 0, [event()]))).toEqual({ revision: 1, position: 2n });
  });
});

describe('a reader in another thread', () => {
  test('follows what is appended, in order', async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    await journal.append('account-1', 'no_stream', events(300));
    const thread = new Worker(new URL('./testing/followingThread.ts', import.meta.url), { workerData: directory });
    const received: number[] = [];
    const complete = new Promise<void>((resolve, reject) => {
      thread.on('error', reject);
      thread.on('message', (revisions: number[]) => {
        received.push(...revisions);
        if (received.length === 700) resolve();
      });
    });
    for (let i = 300; i < 700; i++) await journal.append('account-1', i - 1, [event()]);
    await complete;
    expect(received).toEqual((await readStream(journal, 'account-1')).map(({ revision }) => revision));
    const exited = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('close');
    expect(await exited).toBe(0);
  });
});

describe('who appends again with each answer', () => {
  test('lets everybody else have their turn in between', async () => {
    const journal = await opened();
    const LANES = 100;
    let answered = 0;
    let most = 0;
    let running = LANES;
    const lane = async (stream: string): Promise<void> => {
      for (let revision = -1; revision < 60; revision++) {
        await journal.append(stream, revision < 0 ? 'no_stream' : revision, [event()]);
        answered++;
      }
      running--;
    };
    const lanes = Promise.all(Array.from({ length: LANES }, (_, n) => lane(`account-${n}`)));
    while (running > 0) {
      const before = answered;
      await setImmediate();
      most = Math.max(most, answered - before);
    }
    await lanes;
    // What was under way may be answered in one turn of the event loop; what follows it only in the next one.
    expect(most).toBeLessThanOrEqual(LANES);
  });
});
