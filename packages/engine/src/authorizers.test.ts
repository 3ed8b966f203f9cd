import { programStream } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineUnavailable, NotYetInForce, SeatLost } from './errors.ts';
import { openEngine } from './runtime.ts';
import { retire } from './seat.ts';
import { type Fault, faultyJournal } from './testing/faultyJournal.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, type VirtualClock, virtualClock } from './testing/virtualClock.ts';

let log: MemoryLog;
let clock: VirtualClock;

beforeEach(async () => {
  log = newMemoryLog();
  clock = virtualClock();
  const setUp = await openEngine({ journal: openMemoryJournal(log), index: memoryIndex(), clock });
  await given.openProgram(setUp);
  await setUp.close();
});

type Opened = { readonly engine: Engine; readonly journal: Journal; readonly faults: (Fault | undefined)[] };

/** Without a name it decides no messages. */
async function open(
  authorizer?: string,
  journal: Journal = openMemoryJournal(log),
  index = memoryIndex(),
): Promise<Opened> {
  const faults: (Fault | undefined)[] = [];
  const faulty = faultyJournal(journal, clock, () => faults.shift());
  const shared = authorizer === undefined ? {} : { authorizer };
  const engine = await openEngine({ journal: faulty, index, clock, shared });
  return { engine, journal, faults };
}

/** Until `promise` has settled, virtual time goes on. */
async function whileTimePasses<Value>(promise: Promise<Value>): Promise<Value> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  for (let ms = 0; !over && ms < 60_000; ms += 10) await clock.advance(10);
  return promise;
}

const pause = (engine: Engine, key = 'pause') =>
  given.execute(engine, { type: 'pauseProgram', programId: given.program }, key);
const resume = (engine: Engine, key = 'resume') =>
  given.execute(engine, { type: 'resumeProgram', programId: given.program }, key);
/** Those who follow the log are told of nothing more. */
async function deafen(): Promise<void> {
  await clock.advance(10);
  await clock.advance(10);
  log.listeners.clear();
}

const types = (stream: string) => (log.streams.get(stream) ?? []).map(({ type }) => type);

describe('a program that one engine pauses', () => {
  test('is paused on every other once the call has returned, and active again once it is resumed', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const issuing = await open();
    for (const [n, opened] of [a, b, issuing].entries()) {
      await expect(whileTimePasses(pause(opened.engine, `pause ${n}`))).resolves.toMatchObject({ done: true });
      for (const [m, each] of [a, b].entries()) {
        const message = given.authorization(10 * n + m, 1_00n);
        await expect(given.send(each.engine, message)).resolves.toMatchObject({ reason: 'program_paused' });
      }
      await expect(whileTimePasses(resume(opened.engine, `resume ${n}`))).resolves.toMatchObject({ done: true });
      for (const [m, each] of [a, b].entries()) {
        const message = given.authorization(100 + 10 * n + m, 1n);
        await expect(given.send(each.engine, message)).resolves.toMatchObject({ decision: 'approved' });
      }
    }
  });

  test('is not in force before what was decided without it has a definite outcome', async () => {
    const [a, b] = [await open('a'), await open('b')];
    b.faults.push({ kind: 'slow', ms: 500 });
    const approved = given.send(b.engine, given.authorization(1, 1_00n));
    await settled();
    const pausing = pause(a.engine);
    let returned = false;
    pausing.then(() => {
      returned = true;
    });
    await clock.advance(400);
    expect(log.events.at(-1)).toMatchObject({ type: 'ChangeConfirmed' });
    expect(returned).toBe(false);
    // Decided by what is in force on this engine by now.
    const later = given.send(b.engine, given.authorization(2, 1_00n));
    await clock.advance(1_000);
    expect(returned).toBe(true);
    await expect(approved).resolves.toMatchObject({ decision: 'approved' });
    await expect(later).resolves.toMatchObject({ reason: 'program_paused' });
    const order = log.events.map(({ type, stream }) => `${type} ${stream.split('-')[0]}`).slice(-4);
    expect(order).toEqual([
      'ChangeConfirmed authorizer',
      'AuthorizationApproved account',
      'AuthorizationDeclined account',
      'ChangeConfirmed authorizer',
    ]);
  });

  test('is not in force while an append is in doubt, and the call says on whom it waits; repeated, it is', async () => {
    const [a, b] = [await open('a'), await open('b')];
    b.faults.push(...Array.from({ length: 12 }, (): Fault => ({ kind: 'request_lost' })));
    const approved = given.send(b.engine, given.authorization(1, 1_00n));
    await settled();
    const error = await whileTimePasses(pause(a.engine)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotYetInForce);
    expect(error).toMatchObject({ authorizers: ['b'], code: 'not_yet_in_force' });
    await whileTimePasses(approved);
    await clock.advance(1_000);
    // The same call: nothing more is written, and it waits for what was written before.
    const before = types(programStream(given.program));
    await expect(whileTimePasses(pause(a.engine))).resolves.toMatchObject({ done: true });
    expect(types(programStream(given.program))).toEqual(before);
  });

  test('waits for one that does not run any more until an operator retires it', async () => {
    const [a] = [await open('a'), await open('b')];
    await deafen(); // b hears of nothing from now on.
    const again = await open('a');
    await expect(whileTimePasses(pause(again.engine))).rejects.toMatchObject({ authorizers: ['b'] });
    await expect(retire(openMemoryJournal(log), clock, 'b')).resolves.toEqual({ done: true });
    await expect(whileTimePasses(pause(again.engine))).resolves.toMatchObject({ done: true });
    expect(a.engine).not.toBe(again.engine);
  });

  test('waits also for one that the engine that pauses it has not heard of', async () => {
    const a = await open('a');
    await deafen();
    await open('b');
    log.listeners.clear(); // b neither.
    await expect(whileTimePasses(pause(a.engine))).rejects.toMatchObject({
      authorizers: expect.arrayContaining(['b']),
    });
  });

  test('does not wait for one that was stopped', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await b.engine.close();
    expect(types('authorizer-b')).toEqual(['AuthorizerStarted', 'AuthorizerStopped']);
    await expect(whileTimePasses(pause(a.engine))).resolves.toMatchObject({ done: true });
  });

  test('does not wait for one that started after it, which has read it', async () => {
    const a = await open('a');
    const written = pause(a.engine);
    await settled();
    const b = await open('b');
    await whileTimePasses(written);
    await expect(given.send(b.engine, given.authorization(1, 1n))).resolves.toMatchObject({ reason: 'program_paused' });
    expect(types('authorizer-b')).toEqual(['AuthorizerStarted']);
  });

  test('waits for one that announced itself before, and was still reading', async () => {
    const a = await open('a');
    const reading = Promise.withResolvers<void>();
    const plain = openMemoryJournal(log);
    const opening = open('b', {
      ...plain,
      readAll: async function* (options) {
        const pages = await Array.fromAsync(plain.readAll(options));
        await reading.promise;
        yield* pages;
      },
    });
    await clock.advance(10);
    expect(types('authorizer-b')).toEqual(['AuthorizerStarted']);
    const pausing = pause(a.engine);
    const early = await Promise.race([pausing, clock.advance(500).then(() => 'waits')]);
    expect(early).toBe('waits');
    reading.resolve();
    const b = await whileTimePasses(opening);
    await expect(whileTimePasses(pausing)).resolves.toMatchObject({ done: true });
    await expect(given.send(b.engine, given.authorization(1, 1n))).resolves.toMatchObject({ reason: 'program_paused' });
  });
});

test('a change is confirmed also when another process of the folder has saved it just before it is read', async () => {
  const [a, index, plain] = [await open('a'), memoryIndex(), openMemoryJournal(log)];
  const announced = Promise.withResolvers<void>();
  const opening = open(
    'b',
    {
      ...plain,
      append: async (stream, expected, events) => {
        const appended = await plain.append(stream, expected, events);
        if (stream === 'authorizer-b' && expected === 'no_stream') await announced.promise;
        return appended;
      },
    },
    index,
  );
  await clock.advance(10);
  const pausing = pause(a.engine);
  pausing.catch(() => {});
  await clock.advance(10);
  await open(undefined, openMemoryJournal(log), index);
  await clock.advance(10); // It has saved what it knows.
  announced.resolve();
  const b = await whileTimePasses(opening);
  await expect(whileTimePasses(pausing)).resolves.toMatchObject({ done: true });
  await expect(given.send(b.engine, given.authorization(1, 1n))).resolves.toMatchObject({ reason: 'program_paused' });
});

describe('what one engine has made', () => {
  test('another knows at once: a program, its account, its card, and a key', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await deafen();
    await given.execute(a.engine, {
      type: 'issueApiKey',
      apiKeyId: given.apiKey,
      name: 'Key',
      roles: [],
      secretHash: 'h',
    });
    expect(b.engine.apiKey('h')).toBeUndefined();
    await b.engine.current();
    expect(b.engine.apiKey('h')).toMatchObject({ apiKeyId: given.apiKey });
    const second = given.another('second');
    await second.open(a.engine);
    await expect(given.send(b.engine, second.authorization(1, 1n))).resolves.toMatchObject({ decision: 'approved' });
    const third = given.another('third');
    await third.open(a.engine);
    await expect(third.deposit(b.engine, 5n)).resolves.toMatchObject({ done: true });
  });

  test('is not used once another has paused it: no account is opened, no card issued', async () => {
    const [a, issuing] = [await open('a'), await open()];
    await whileTimePasses(pause(a.engine));
    await deafen();
    const refused = { done: false, refusal: 'program_paused' };
    await expect(given.issue(issuing.engine, given.another('later').card)).resolves.toEqual(refused);
  });
});

describe('a name', () => {
  test('that another process takes is lost: nothing more is decided under it', async () => {
    const first = await open('a');
    const failed = first.engine.failed.catch((error: unknown) => error);
    const second = await open('a');
    await clock.advance(10);
    await expect(failed).resolves.toBeInstanceOf(SeatLost);
    expect(first.engine.ready).toBe(false);
    await expect(given.send(first.engine, given.authorization(1, 1n))).rejects.toThrow(EngineUnavailable);
    await expect(given.send(second.engine, given.authorization(1, 1n))).resolves.toMatchObject({
      decision: 'approved',
    });
    await expect(whileTimePasses(pause(second.engine))).resolves.toMatchObject({ done: true });
    await first.engine.close();
    expect(types('authorizer-a')).toEqual(['AuthorizerStarted', 'AuthorizerStarted', 'ChangeConfirmed']);
  });

  test('that an operator retires although it runs is lost', async () => {
    const { engine } = await open('a');
    const failed = engine.failed.catch((error: unknown) => error);
    await retire(openMemoryJournal(log), clock, 'a');
    await clock.advance(10);
    await expect(failed).resolves.toMatchObject({ code: 'seat_lost' });
    expect(engine.ready).toBe(false);
  });

  test('that nobody has, or that was given back, cannot be retired', async () => {
    const { engine } = await open('a');
    await engine.close();
    const journal = openMemoryJournal(log);
    await expect(retire(journal, clock, 'a')).resolves.toEqual({ refusal: 'authorizer_not_running' });
    await expect(retire(journal, clock, 'nobody')).resolves.toEqual({ refusal: 'authorizer_not_found' });
  });

  test('is given back when all that was accepted is answered, also what was still looked for in the log', async () => {
    const [plain, slow] = [openMemoryJournal(log), Promise.withResolvers<void>()];
    const { engine } = await open('a', {
      ...plain,
      readStream: async function* (stream, options) {
        if (stream.startsWith('card-')) await slow.promise;
        yield* plain.readStream(stream, options);
      },
    });
    const sent = given.send(engine, given.authorization(1, 1n));
    await settled();
    const closing = engine.close();
    await clock.advance(100);
    slow.resolve();
    await expect(sent).resolves.toMatchObject({ decision: 'approved' });
    await closing;
    expect(log.events.map(({ type }) => type).slice(-2)).toEqual(['AuthorizationApproved', 'AuthorizerStopped']);
  });

  test('is needed to decide a message', async () => {
    const { engine } = await open();
    await expect(given.send(engine, given.authorization(1, 1n))).rejects.toThrow('no name among the authorizers');
    expect(types('account-x')).toEqual([]);
  });

  test.each<Fault>([
    { kind: 'answer_lost' },
    { kind: 'request_lost' },
    { kind: 'request_delayed', ms: 30 },
    { kind: 'slow', ms: 30 },
  ])('is taken, confirmed and given back once, also when the log meets trouble: $kind', async (fault) => {
    const faults: (Fault | undefined)[] = [fault];
    const journal = faultyJournal(openMemoryJournal(log), clock, () => faults.shift());
    const opening = openEngine({ journal, index: memoryIndex(), clock, shared: { authorizer: 'a' } });
    const engine = await whileTimePasses(opening);
    faults.push(undefined, fault, { kind: 'refused' });
    await whileTimePasses(pause(engine));
    faults.splice(0, faults.length, fault);
    await whileTimePasses(engine.close());
    await clock.advance(1_000);
    expect(types('authorizer-a')).toEqual(['AuthorizerStarted', 'ChangeConfirmed', 'AuthorizerStopped']);
  });
});
