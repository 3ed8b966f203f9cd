import { accountStream, cardId, decode, unmatchedStream } from '@holdfast/events';
import { JournalStopped, type StoredEvent } from '@holdfast/journal';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import { type EngineOptions, openEngine } from './runtime.ts';
import { type Fault, faultyJournal } from './testing/faultyJournal.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, type VirtualClock, virtualClock } from './testing/virtualClock.ts';

let log: MemoryLog;
let clock: VirtualClock;
let faults: (Fault | undefined)[];
let engine: Engine;
let index: ReturnType<typeof memoryIndex>;

const open = (options: Partial<EngineOptions> = {}) =>
  openEngine({ journal: faultyJournal(openMemoryJournal(log), clock, () => faults.shift()), index, clock, ...options });

beforeEach(async () => {
  log = newMemoryLog();
  clock = virtualClock();
  faults = [];
  index = memoryIndex();
  engine = await open();
  await given.openProgram(engine);
});

const stream = accountStream(given.account);
const eventsOf = (name = stream): readonly StoredEvent[] => log.streams.get(name) ?? [];
const types = (name = stream) => eventsOf(name).map(({ type }) => type);

describe('a message', () => {
  test('is answered only when its event is in the log', async () => {
    faults = [{ kind: 'slow', ms: 100 }];
    const answered = given.send(engine, given.authorization(1, 40_00n));
    await settled();
    expect(types()).not.toContain('AuthorizationApproved');
    await clock.advance(150);
    expect(types()).toContain('AuthorizationApproved');
    await clock.advance(100);
    await expect(answered).resolves.toMatchObject({ decision: 'approved', responseCode: '00', approvedMinor: 40_00n });
  });

  test('sent many times at once has one effect and one answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => given.send(engine, given.authorization(1, 40_00n))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer, bigints))).size).toBe(1);
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(1);
  });

  test('under the same identity with other content is 94, once', async () => {
    await given.send(engine, given.authorization(1, 40_00n));
    const other = given.authorization(1, 41_00n);
    await expect(given.send(engine, other)).resolves.toMatchObject({ decision: 'declined', responseCode: '94' });
    await expect(given.send(engine, other)).resolves.toMatchObject({ decision: 'declined', responseCode: '94' });
    expect(types().filter((type) => type === 'MessageConflicted')).toHaveLength(1);
  });

  test('of many that race for the funds, no more are approved than they cover', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => given.send(engine, given.authorization(n, 7_00n))),
    );
    expect(answers.filter(({ decision }) => decision === 'approved')).toHaveLength(14);
    expect(answers.filter(({ reason }) => reason === 'insufficient_funds')).toHaveLength(36);
  });

  test('what queues up behind an append goes out as the next one', async () => {
    const before = engine.counters.appends;
    await Promise.all(Array.from({ length: 100 }, (_, n) => given.send(engine, given.authorization(n, 1_00n))));
    expect(engine.counters.appends - before).toBe(2);
  });
});

test('a message sent again after its own deadline gets the answer that it got', async () => {
  const message = given.authorization(1, 40_00n);
  const first = await given.send(engine, message, clock.now() + 1_000);
  const declined = await given.send(engine, given.authorization(2, 90_00n), clock.now() + 1_000);
  await clock.advance(3_600_000 / 60);
  expect(await given.send(engine, message, clock.now() - 59_000)).toEqual(first);
  expect(await given.send(engine, given.authorization(2, 90_00n), clock.now() - 59_000)).toEqual(declined);
});

describe('an unknown card', () => {
  const stranger = cardId('stranger');

  test('is declined, 14, and recorded in an unmatched stream', async () => {
    const message = given.authorization(1, 1_00n, { cardId: stranger });
    await expect(given.send(engine, message)).resolves.toMatchObject({ responseCode: '14', reason: 'card_not_found' });
    const { commandId } = given.submission(message, 0);
    expect(types(unmatchedStream(commandId))).toEqual(['UnmatchedMessageRecorded']);
    await given.send(engine, message);
    expect(types(unmatchedStream(commandId))).toHaveLength(1);
  });

  test('has its request decided as new once the card is known', async () => {
    const message = given.authorization(1, 1_00n, { cardId: stranger });
    await given.send(engine, message);
    await given.issue(engine, stranger);
    await expect(given.send(engine, message)).resolves.toMatchObject({ decision: 'approved' });
  });

  test('has a fact recorded once: after the card is issued, and after a restart, the same answer and no second effect', async () => {
    const fact = given.clearing(1, 1, 5_00n, { cardId: stranger });
    await expect(given.send(engine, fact)).resolves.toMatchObject({ decision: 'accepted', responseCode: '00' });
    engine = await open();
    await given.issue(engine, stranger);
    await expect(given.send(engine, fact)).resolves.toMatchObject({ decision: 'accepted', reason: 'card_not_found' });
    expect(types()).not.toContain('ClearingPosted');
    engine = await open();
    await expect(given.send(engine, fact)).resolves.toMatchObject({ decision: 'accepted', reason: 'card_not_found' });
    expect(types()).not.toContain('ClearingPosted');
  });
});

describe('a management command', () => {
  test('under the same key is carried out once and answered alike, also after a restart', async () => {
    const first = await given.deposit(engine, 5_00n, 'k');
    const again = await given.deposit(engine, 5_00n, 'k');
    engine = await open();
    const later = await given.deposit(engine, 5_00n, 'k');
    expect(again).toEqual(first);
    expect(later).toMatchObject({ done: true, event: { revision: first.done ? first.event.revision : -1 } });
    expect(types().filter((type) => type === 'FundsDeposited')).toHaveLength(2);
  });

  const reused = { done: false, refusal: 'idempotency_key_reused' };

  test('under the same key with other content is refused, also of a program', async () => {
    await given.deposit(engine, 5_00n, 'k');
    await given.execute(engine, { type: 'pauseProgram', programId: given.program }, 'p');
    expect(await given.deposit(engine, 6_00n, 'k')).toEqual(reused);
    expect(await given.execute(engine, { type: 'resumeProgram', programId: given.program }, 'p')).toEqual(reused);
  });

  test('under the same key with other content is refused before the first is in the log, and after a restart', async () => {
    faults = [{ kind: 'slow', ms: 100 }];
    const first = given.deposit(engine, 5_00n, 'k');
    const second = given.deposit(engine, 6_00n, 'k');
    await clock.advance(250);
    expect(await first).toMatchObject({ done: true });
    expect(await second).toEqual(reused);
    engine = await open();
    expect(await given.deposit(engine, 6_00n, 'k')).toEqual(reused);
    expect(types().filter((type) => type === 'FundsDeposited')).toHaveLength(2);
  });

  test('that pauses a card is in force when it has returned, and for what is decided behind it', async () => {
    const pausing = given.execute(engine, { type: 'pauseCard', cardId: given.card });
    const behind = given.send(engine, given.authorization(1, 1_00n));
    expect(await pausing).toMatchObject({ done: true, event: { type: 'CardPaused' } });
    expect(await behind).toMatchObject({ reason: 'card_paused' });
    expect(await given.send(engine, given.authorization(2, 1_00n))).toMatchObject({ reason: 'card_paused' });
  });

  test('that pauses the program is in force when it has returned, also after a restart', async () => {
    await given.execute(engine, { type: 'pauseProgram', programId: given.program });
    expect(await given.send(engine, given.authorization(1, 1_00n))).toMatchObject({ reason: 'program_paused' });
    engine = await open();
    expect(await given.send(engine, given.authorization(2, 1_00n))).toMatchObject({ reason: 'program_paused' });
    await given.execute(engine, { type: 'resumeProgram', programId: given.program });
    expect(await given.send(engine, given.authorization(3, 1_00n))).toMatchObject({ decision: 'approved' });
  });

  test('that issues a number which another account has is refused', async () => {
    const command = {
      type: 'openAccount',
      accountId: 'acct_other' as never,
      programId: given.program,
      currency: given.EUR,
    } as const;
    await given.execute(engine, command);
    const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
    const taken = { type: 'issueCard', accountId: command.accountId, cardId: given.card, ...facts } as const;
    await expect(given.execute(engine, taken)).resolves.toEqual({ done: false, refusal: 'card_number_taken' });
  });
});

describe('an append that is refused', () => {
  test('leaves no trace: its commands are told to try again, those behind it are decided afresh', async () => {
    faults = [{ kind: 'refused' }];
    const first = given.send(engine, given.authorization(1, 90_00n));
    // Decided on the speculative state, in which the first one has taken nearly everything.
    const behind = given.send(engine, given.authorization(2, 20_00n));
    await expect(first).rejects.toThrow(EngineUnavailable);
    await expect(behind).resolves.toMatchObject({ decision: 'approved' });
    expect(types().filter((type) => type.startsWith('Authorization'))).toEqual(['AuthorizationApproved']);
  });

  test('takes with it the answers that rest on it: a repeat behind it is not told of an approval that never was', async () => {
    faults = [{ kind: 'slow', ms: 10 }, { kind: 'refused' }, { kind: 'refused' }];
    const before = given.send(engine, given.authorization(1, 1_00n));
    const refused = given.send(engine, given.authorization(2, 90_00n));
    const repeat = given.send(engine, given.authorization(2, 90_00n));
    const outcomes = Promise.allSettled([before, refused, repeat]);
    await clock.advance(100);
    const [one, two, three] = await outcomes;
    expect(one).toMatchObject({ status: 'fulfilled' });
    expect(two).toMatchObject({ status: 'rejected' });
    expect(three).toMatchObject({ status: 'rejected' });
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(1);
  });

  test('and the message sent again is decided as if it had never come', async () => {
    faults = [{ kind: 'refused' }];
    await expect(given.send(engine, given.authorization(1, 90_00n))).rejects.toThrow(EngineUnavailable);
    await expect(given.send(engine, given.authorization(1, 90_00n))).resolves.toMatchObject({ decision: 'approved' });
  });
});

describe('an append whose outcome is unknown', () => {
  test.each<[string, Fault]>([
    ['written', { kind: 'answer_lost' }],
    ['not written', { kind: 'request_lost' }],
  ])('and that was %s is sent again until the answer is definite; nothing is decided meanwhile', async (_, fault) => {
    faults = [fault, fault, fault];
    const first = given.send(engine, given.authorization(1, 90_00n));
    await settled();
    const behind = given.send(engine, given.authorization(2, 20_00n));
    await clock.advance(500);
    await expect(first).resolves.toMatchObject({ decision: 'approved' });
    await expect(behind).resolves.toMatchObject({ reason: 'insufficient_funds' });
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(1);
  });
});

test('a disk commit that failed answers nobody', async () => {
  const stopped = openMemoryJournal(log);
  engine = await open({
    journal: { ...stopped, append: () => Promise.reject(new JournalStopped('the disk is full')) },
  });
  const state = { answered: false };
  given.send(engine, given.authorization(1, 1_00n)).finally(() => {
    state.answered = true;
  });
  await clock.advance(1_000);
  expect(state.answered).toBe(false);
});

describe('two engines on one log', () => {
  test('the loser of a race reads the stream on and decides again', async () => {
    const other = await open({ index: memoryIndex() });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => given.send(n % 2 === 0 ? engine : other, given.authorization(n, 7_00n))),
    );
    expect(answers.filter(({ decision }) => decision === 'approved')).toHaveLength(14);
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(14);
  });

  test('the same message through both has one effect and the same answer', async () => {
    const other = await open({ index: memoryIndex() });
    const message = given.authorization(1, 7_00n);
    const answers = await Promise.all([engine, other, engine, other].map((each) => given.send(each, message)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer, bigints))).size).toBe(1);
    expect(types().filter((type) => type === 'AuthorizationApproved')).toHaveLength(1);
  });
});

describe('a decision that is durable too late', () => {
  const inTime = () => clock.now() + 50;
  const late = given.authorization(1, 40_00n);

  test('was answered 91 at its deadline, and what it held is released', async () => {
    faults = [{ kind: 'slow', ms: 100 }];
    const answered = given.send(engine, late, inTime());
    await clock.advance(120);
    await expect(answered).resolves.toMatchObject({
      decision: 'declined',
      responseCode: '91',
      reason: 'answered_late',
    });
    await clock.advance(200);
    expect(types().slice(-2)).toEqual(['AuthorizationApproved', 'LateApprovalReleased']);
    await expect(given.send(engine, given.authorization(2, 100_00n))).resolves.toMatchObject({ decision: 'approved' });
  });

  test('and was released: a repeat gets 91', async () => {
    faults = [{ kind: 'slow', ms: 100 }];
    const answered = given.send(engine, late, inTime());
    await clock.advance(300);
    await answered;
    await expect(given.send(engine, late)).resolves.toMatchObject({ responseCode: '91' });
    expect(types().slice(-1)).toEqual(['LateApprovalReleased']);
  });

  test('is not released when a repeat that waited with it got the approval', async () => {
    faults = [{ kind: 'slow', ms: 100 }];
    const answered = given.send(engine, late, inTime());
    const repeated = given.send(engine, late);
    await clock.advance(300);
    await expect(answered).resolves.toMatchObject({ responseCode: '91' });
    await expect(repeated).resolves.toMatchObject({ decision: 'approved' });
    expect(types().slice(-2)).toEqual(['AuthorizationApproved', 'AnswerRepeated']);
  });

  test('an authorization whose deadline passed while the account was being read is not decided at all', async () => {
    const before = eventsOf().length;
    await expect(given.send(engine, late, clock.now() - 1)).resolves.toMatchObject({ responseCode: '91' });
    expect(eventsOf()).toHaveLength(before);
  });

  test('a fact is accepted whenever it became durable', async () => {
    faults = [{ kind: 'slow', ms: 10 }];
    const answered = given.send(engine, given.clearing(2, 2, 1_00n), clock.now() + 5);
    await clock.advance(15);
    await clock.advance(100);
    await answered;
    expect(types().slice(-1)).toEqual(['ClearingPosted']);
  });
});

describe('expiry', () => {
  const day = 86_400_000;

  test('takes a hold whose time is past, once, however many schedulers run', async () => {
    const answer = await given.send(engine, given.authorization(1, 40_00n));
    const approved = decode(eventsOf().at(-1) as StoredEvent);
    if (approved.type !== 'AuthorizationApproved') throw new Error(approved.type);
    const expiresAt = Date.parse(approved.data.expiresAt);
    expect(expiresAt - clock.now()).toBe(7 * day);
    const due = [{ accountId: given.account, transactionId: answer.transactionId as never, expiresAt }];
    const first = await open({ due: () => due });
    const second = await open({ due: () => due, index: memoryIndex() });
    await first.tick();
    expect(types()).not.toContain('AuthorizationExpired');
    await clock.jump(7 * day);
    await Promise.all([first.tick(), second.tick()]);
    await first.tick();
    expect(types().filter((type) => type === 'AuthorizationExpired')).toHaveLength(1);
  });
});

test('a broken invariant quarantines its account, and only that one', async () => {
  const alarms: string[] = [];
  engine = await open({ alarm: (message) => alarms.push(message) });
  const beyond = given.clearing(1, 1, 2n ** 53n - 1n);
  await expect(given.send(engine, beyond)).resolves.toMatchObject({ decision: 'accepted' });
  await expect(given.send(engine, given.clearing(2, 2, 2n ** 53n - 1n))).rejects.toThrow('quarantined');
  await expect(given.send(engine, given.authorization(3, 1_00n))).rejects.toThrow('quarantined');
  expect(alarms).toEqual(['a stream is quarantined']);
  const other = { accountId: 'acct_other' as never, programId: given.program, currency: given.EUR };
  await expect(given.execute(engine, { type: 'openAccount', ...other })).resolves.toMatchObject({ done: true });
});

test.each([
  [6, 'has one', true],
  [7, 'has none', false],
])('six events that are only read, a snapshot due after %i: the account %s', async (snapshotEvery, _, has) => {
  for (const key of ['a', 'b', 'c']) await given.deposit(engine, 1n, key);
  engine = await open({ snapshotEvery });
  expect(await engine.programOf(given.account)).toBe(given.program);
  await settled();
  expect([eventsOf().length, index.snapshot(stream) !== undefined]).toEqual([6, has]);
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
