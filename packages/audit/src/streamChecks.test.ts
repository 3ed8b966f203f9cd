// streamChecks.test.ts: a command with two effects is found however far apart they are, and whatever the hash says.

import { decode } from '@holdfast/events';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { expect, test } from 'vitest';
import { collectProblems } from './problems.ts';
import { createSeen } from './seen.ts';
import { streamChecks } from './streamChecks.ts';
import { logWriter } from './testLog.ts';

const STREAMS = 3;

/** Streams of `each` commands with an effect each; then `repeated` of the first stream's commands have one more. */
async function logOf(each: number, repeated: readonly number[]) {
  const journal = openMemoryJournal();
  const log = logWriter(journal);
  const paused = (n: number) => ({ type: 'CardPaused', data: { cardId: `card ${n}` as never } }) as const;
  const first: ReturnType<typeof log.command>[] = [];
  for (let n = 0; n < each; n++) {
    for (let stream = 0; stream < STREAMS; stream++) {
      const command = log.command();
      if (stream === 0) first.push(command);
      await log.write(`account-${stream}`, [paused(n)], { command, at: log.tick() });
    }
  }
  for (const n of repeated) {
    const command = first[n] ?? log.command();
    await log.write('account-0', [paused(each + n)], { command, at: log.tick() });
  }
  return journal;
}

async function checked(journal: Awaited<ReturnType<typeof logOf>>, seen = createSeen()) {
  const problems = collectProblems(100);
  const checks = streamChecks(problems, seen);
  for await (const page of journal.readAll()) {
    for (const stored of page.events) checks.check(stored, decode(stored), checks.reach(stored).tail);
    await checks.relieve(journal);
  }
  await checks.finish(journal);
  return problems;
}

/** Takes every command for one that it has seen. */
const deceived = { add: () => true, size: 0 };

test('a command with two effects is found thousands of events later', async () => {
  const problems = await checked(await logOf(2_000, [0, 1_999, 7]));
  expect(problems.byKind).toEqual({ command_twice: 3 });
  expect(problems.shown.map(({ revision }) => revision)).toEqual([2_000, 2_001, 2_002]);
});

test('what only shares a hash is no second effect, however often that happens', async () => {
  expect((await checked(await logOf(5_000, []), deceived)).count).toBe(0);
});

test('a second effect is found among many that only share a hash', async () => {
  const problems = await checked(await logOf(5_000, [4_000]), deceived);
  expect(problems.byKind).toEqual({ command_twice: 1 });
});

test('remembers what it was told while it grows', () => {
  const seen = createSeen();
  const texts = Array.from({ length: 200_000 }, (_, n) => `account-${n % 7} command ${n}`);
  expect(texts.filter((text) => seen.add(text))).toEqual([]);
  expect(texts.filter((text) => !seen.add(text))).toEqual([]);
  expect(seen.size).toBe(200_000);
});
