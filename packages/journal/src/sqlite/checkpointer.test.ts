import { hash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { event } from '../contract/subject.ts';
import type { FlatAppends } from '../flatAppends.ts';
import { addAppend } from '../flatAppends.ts';
import { CHECKPOINT_PAGES, createCheckpointer } from './checkpointer.ts';
import { openForWriting } from './files.ts';
import { Incoming } from './incoming.ts';
import { temporaryDirectory } from './testing/directories.ts';
import { createWriter } from './writer.ts';

/** `commit` writes 400 events of 4 kB, some 200 pages, in one transaction, and says how long the write-ahead log is then. */
function writing() {
  const log = openForWriting(temporaryDirectory());
  const writer = createWriter(log.db);
  const checkpointer = createCheckpointer(log.db, log.file);
  onTestFinished(async () => {
    await checkpointer.close();
    if (log.db.isOpen) log.close();
  });
  const count = log.db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const pages = () => Number(count.get()?.log);
  const events = Array.from({ length: 400 }, () => event({ data: `"${'x'.repeat(4_000)}"` }));
  let streams = 0;
  function commit(): number {
    const incoming = new Incoming(() => {});
    const message: FlatAppends = [];
    addAppend(message, `account-${streams++}`, 'no_stream', events);
    incoming.add(message);
    writer.commit(incoming);
    return pages();
  }
  const written = () => log.db.prepare('SELECT count(*) AS events FROM events').get()?.events;
  return { log, checkpointer, commit, pages, written };
}

test('the write-ahead log is copied by another thread, and begins again', async () => {
  const { checkpointer, commit, written } = writing();
  let [commits, before, begunAgain] = [0, 0, 0];
  while (begunAgain < 2) {
    const grown = commit();
    if (grown < before) begunAgain++;
    [commits, before] = [commits + 1, grown];
    checkpointer.whenDue();
    await sleep(2);
  }
  expect(written()).toBe(commits * 400);
});

test('while the other thread copies, commits go on', async () => {
  const { checkpointer, commit, pages } = writing();
  while (commit() < CHECKPOINT_PAGES) checkpointer.whenDue();
  // No turn of the event loop: nothing can have come from the other thread that is waited for.
  for (let n = 0; n < 3; n++) {
    checkpointer.whenDue();
    expect(commit()).toBeGreaterThan(CHECKPOINT_PAGES);
  }
  await expect.poll(() => [checkpointer.whenDue(), commit(), pages()].at(-1)).toBeLessThan(CHECKPOINT_PAGES);
});

function otherLog(): string {
  const other = openForWriting(temporaryDirectory());
  other.close();
  return other.file;
}

/** Undefined for none. */
function hashOf(file: string): string | undefined {
  return existsSync(file) ? hash('sha256', readFileSync(file)) : undefined;
}

test.each([
  ['is gone', () => {}],
  ['is another one', (file: string) => copyFileSync(otherLog(), file)],
])('when the file at its place %s, the writer copies into its own, and loses nothing', async (_, replace) => {
  const { log, checkpointer, commit, pages } = writing();
  commit();
  renameSync(log.file, `${log.file}-moved`);
  replace(log.file);
  const replaced = hashOf(log.file);
  let commits = 1;
  do commits++;
  while (commit() < CHECKPOINT_PAGES);
  await expect.poll(() => [checkpointer.whenDue(), commits++, commit()].at(-1)).toBeLessThan(CHECKPOINT_PAGES);
  expect(hashOf(log.file)).toBe(replaced);
  expect(existsSync(`${log.file}-wal`)).toBe(true);
  expect(pages()).toBeGreaterThan(0);
  if (replaced !== undefined) rmSync(log.file);
  renameSync(`${log.file}-moved`, log.file);
  const reader = new DatabaseSync(log.file, { readOnly: true });
  expect(reader.prepare('SELECT count(*) AS events FROM events').get()?.events).toBe(commits * 400);
  reader.close();
});

test('a writer that is closed while the other thread copies leaves one file, with everything', async () => {
  const { log, checkpointer, commit } = writing();
  let commits = 1;
  while (commit() < CHECKPOINT_PAGES) commits++;
  checkpointer.whenDue();
  await checkpointer.close();
  log.close();
  expect(existsSync(`${log.file}-wal`)).toBe(false);
  const reader = new DatabaseSync(log.file, { readOnly: true });
  expect(reader.prepare('SELECT count(*) AS events FROM events').get()?.events).toBe(commits * 400);
  reader.close();
});

test('a reader that has not gone on keeps what it sees, and the log begins again when it is gone', async () => {
  const { log, checkpointer, commit } = writing();
  commit();
  const reader = new DatabaseSync(log.file, { readOnly: true });
  onTestFinished(() => reader.close());
  reader.exec('BEGIN');
  const seen = () => reader.prepare('SELECT count(*) AS events FROM events').get()?.events;
  expect(seen()).toBe(400);
  for (let n = 0; n < 50; n++) {
    commit();
    checkpointer.whenDue();
    await sleep(2);
  }
  expect(commit()).toBeGreaterThan(CHECKPOINT_PAGES);
  expect(seen()).toBe(400);
  reader.exec('COMMIT');
  await expect
    .poll(() => [checkpointer.whenDue(), commit()].at(-1), { timeout: 10_000 })
    .toBeLessThan(CHECKPOINT_PAGES);
});
