import { accountId, accountStream, cardId } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import { openEngine } from './runtime.ts';
import { type Fault, faultyJournal } from './testing/faultyJournal.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, type VirtualClock, virtualClock } from './testing/virtualClock.ts';

let log: MemoryLog;
let clock: VirtualClock;
/** Of the first engine's appends. */
let faults: (Fault | undefined)[];
let faultsOfSecond: (Fault | undefined)[];
let unreadable: boolean;
let first: Engine;
let second: Engine;

beforeEach(async () => {
  log = newMemoryLog();
  clock = virtualClock();
  faults = [];
  faultsOfSecond = [];
  unreadable = false;
  const setUp = await openEngine({ journal: openMemoryJournal(log), index: memoryIndex(), clock });
  await given.openProgram(setUp);
  const journal = faultyJournal(openMemoryJournal(log), clock, () => faults.shift());
  first = await openEngine({ journal, index: memoryIndex(), clock });
  const other = faultyJournal(
    openMemoryJournal(log),
    clock,
    () => faultsOfSecond.shift(),
    () => unreadable,
  );
  second = await openEngine({ journal: other, index: memoryIndex(), clock });
});

test('a pause that another process has recorded is in force once the same call has returned', async () => {
  const pause = { type: 'pauseProgram', programId: given.program } as const;
  await given.execute(first, pause);
  expect(await given.execute(second, pause)).toMatchObject({ done: true, event: { type: 'ProgramPaused' } });
  expect(await given.send(second, given.authorization(1, 1_00n))).toMatchObject({ reason: 'program_paused' });
});

describe('what another engine has done', () => {
  const late = cardId('issued by the first');

  test('is seen before a call is refused', async () => {
    await given.send(second, given.authorization(1, 1_00n));
    await given.issue(first, late);
    const paused = await given.execute(second, { type: 'pauseCard', cardId: late });
    expect(paused).toMatchObject({ done: true, event: { type: 'CardPaused' } });
  });

  test('is seen before a call is refused, also when something else is on its way', async () => {
    await given.send(second, given.authorization(1, 1_00n));
    await given.issue(first, late);
    const other = given.send(second, given.authorization(2, 1_00n));
    const paused = given.execute(second, { type: 'pauseCard', cardId: late });
    const behind = given.send(second, given.authorization(3, 1_00n));
    expect(await paused).toMatchObject({ done: true, event: { type: 'CardPaused' } });
    expect(await other).toMatchObject({ decision: 'approved' });
    expect(await behind).toMatchObject({ decision: 'approved' });
  });

  test('is read on without losing what is just being answered', async () => {
    await given.send(second, given.authorization(1, 1_00n));
    await given.issue(first, late);
    const pause = (card: typeof late) => given.execute(second, { type: 'pauseCard', cardId: card });
    const [known, other] = await Promise.all([pause(given.card), pause(late)]);
    expect(known).toMatchObject({ done: true, card: { cardId: given.card } });
    expect(other).toMatchObject({ done: true, card: { cardId: late } });
  });

  test('is seen before a card counts as unknown', async () => {
    await given.send(second, given.authorization(1, 1_00n));
    await given.issue(first, late);
    const clearing = given.clearing(2, 2, 1_00n, { cardId: late });
    await expect(given.send(second, clearing)).resolves.toMatchObject({ decision: 'accepted', flags: ['force_post'] });
  });

  test('is seen before an account counts as unknown', async () => {
    const absent = accountId('later');
    await expect(second.programOf(absent)).resolves.toBeUndefined();
    await given.execute(first, {
      type: 'openAccount',
      accountId: absent,
      programId: given.program,
      currency: given.EUR,
    });
    await expect(second.programOf(absent)).resolves.toBe(given.program);
  });

  test('cannot be seen while the log cannot be read: a call that would be refused is told to try again', async () => {
    await given.send(second, given.authorization(1, 1_00n));
    await given.execute(first, { type: 'closeCard', cardId: given.card });
    await given.send(second, given.authorization(2, 1_00n));
    unreadable = true;
    const resume = { type: 'resumeCard', cardId: given.card } as const;
    await expect(given.execute(second, resume)).rejects.toThrow(EngineUnavailable);
    unreadable = false;
    await expect(given.execute(second, resume)).resolves.toEqual({ done: false, refusal: 'card_closed' });
  });
});

test('an account for which another engine races is read on from where it stood, not from the beginning', async () => {
  const plain = openMemoryJournal(log);
  const reads: number[] = [];
  const stream = accountStream(given.account);
  const index = memoryIndex();
  const journal: Journal = {
    ...plain,
    readStream: (name, options = {}) => {
      if (name === stream) reads.push(options.from ?? 0);
      return plain.readStream(name, options);
    },
  };
  const third = await openEngine({ journal, index, clock, snapshotEvery: 40 });
  const revision = () => (log.streams.get(stream)?.length ?? 0) - 1;
  await given.send(third, given.authorization(1, 1n));
  for (let n = 2; n < 60; n += 2) {
    await given.send(first, given.authorization(n, 1n));
    const before = { reads: reads.length, at: revision() };
    await expect(given.send(third, given.authorization(n + 1, 1n))).resolves.toMatchObject({ decision: 'approved' });
    // Beside what a snapshot is made from: the first race that is lost reads all of it, or all since the snapshot.
    const forState = reads.slice(before.reads, before.reads + 1);
    if (n > 2 && index.snapshot(stream) === undefined) expect(forState).toEqual([before.at]);
  }
  expect(index.snapshot(stream)).toBeDefined();
  expect(JSON.parse(log.streams.get(stream)?.at(-1)?.data ?? '{}').balances).toMatchObject({ heldMinor: '59' });
});

describe('a fact for a card that is not issued yet', () => {
  const stranger = cardId('stranger');
  const fact = given.clearing(1, 1, 5_00n, { cardId: stranger });

  test('recorded by another engine has one effect, after the card is issued too', async () => {
    await expect(given.send(first, fact)).resolves.toMatchObject({ reason: 'card_not_found' });
    await given.issue(second, stranger);
    for (const engine of [first, second]) {
      await expect(given.send(engine, fact)).resolves.toMatchObject({ reason: 'card_not_found' });
    }
    expect(log.events.map(({ type }) => type)).not.toContain('ClearingPosted');
  });

  test.each([0, 1, 2, 3])('that comes while the card is being issued (%i) has one effect', async (when) => {
    const issuing = when === 0 ? undefined : given.issue(first, stranger);
    for (let turn = 1; turn < when; turn++) await Promise.resolve();
    faults = when === 0 ? [{ kind: 'slow', ms: 20 }] : [undefined, { kind: 'slow', ms: 20 }];
    const answered = given.send(first, fact);
    const issued = issuing ?? given.issue(first, stranger);
    await clock.advance(100);
    await expect(issued).resolves.toMatchObject({ done: true });
    const answer = await answered;
    for (const engine of [first, second]) await expect(given.send(engine, fact)).resolves.toEqual(answer);
    const effects = log.events.filter(({ type }) => type === 'ClearingPosted' || type === 'UnmatchedMessageRecorded');
    expect(effects).toHaveLength(1);
  });

  test('is known by the account that carries it, also after that has left memory', async () => {
    const sentLater = given.clearing(1, 1, 5_00n, { cardId: stranger, transmittedAt: '2026-03-01T13:00:00.000Z' });
    await given.send(first, sentLater);
    await given.issue(first, stranger);
    const index = memoryIndex();
    for (const _ of ['writes the snapshot', 'reads it']) {
      const engine = await openEngine({ journal: openMemoryJournal(log), index, clock, snapshotEvery: 1 });
      await expect(given.send(engine, sentLater)).resolves.toMatchObject({ reason: 'card_not_found' });
    }
  });

  test('and could not be recorded, is decided by the account when it comes again', async () => {
    faults = [{ kind: 'refused' }];
    await expect(given.send(first, fact)).rejects.toThrow(EngineUnavailable);
    await given.issue(first, stranger);
    await expect(given.send(first, fact)).resolves.toMatchObject({ decision: 'accepted', flags: ['force_post'] });
  });

  test('cannot be carried while the log cannot be read: issuing is told to try again, and then done', async () => {
    await given.send(first, fact);
    unreadable = true;
    await expect(given.issue(second, stranger)).rejects.toThrow(EngineUnavailable);
    unreadable = false;
    await expect(given.issue(second, stranger)).resolves.toMatchObject({ done: true });
    await expect(given.send(second, fact)).resolves.toMatchObject({ reason: 'card_not_found' });
  });
});

describe('an approval that another engine has decided', () => {
  const approvals = () =>
    log.events.filter(({ type }) => /^Auth.*Approved|Late|Repeated/.test(type)).map(({ type }) => type);
  const message = given.authorization(1, 40_00n);

  test('and not yet been able to answer, is not released once a repeat got it here', async () => {
    faults = [{ kind: 'slow', ms: 40 }];
    const answered = given.send(first, message, clock.now() + 60);
    await settled();
    await clock.advance(50);
    expect(approvals()).toEqual(['AuthorizationApproved']);
    await expect(given.send(second, message)).resolves.toMatchObject({ decision: 'approved' });
    await clock.advance(2_000);
    await expect(answered).resolves.toMatchObject({ responseCode: '91' });
    expect(approvals()).toEqual(['AuthorizationApproved', 'AnswerRepeated']);
    for (const engine of [first, second]) {
      await expect(given.send(engine, message)).resolves.toMatchObject({ decision: 'approved' });
    }
  });

  test('is not kept by a message that was itself told 91', async () => {
    faults = [{ kind: 'slow', ms: 80 }];
    faultsOfSecond = [{ kind: 'slow', ms: 50 }];
    const answers = [first, second].map((engine) => given.send(engine, message, clock.now() + 60));
    await settled();
    await clock.advance(2_000);
    for (const answer of answers) await expect(answer).resolves.toMatchObject({ responseCode: '91' });
    expect(approvals()).toEqual(['AuthorizationApproved', 'LateApprovalReleased']);
  });

  test('is noted once, however often it is repeated; where it was decided, not before its deadline', async () => {
    await given.send(first, message, clock.now() + 60);
    await given.send(first, message);
    expect(approvals()).toEqual(['AuthorizationApproved']);
    for (let times = 0; times < 3; times++) await given.send(second, message);
    expect(approvals()).toEqual(['AuthorizationApproved', 'AnswerRepeated']);
  });
});
