// What the adapter makes of a server in trouble: it waits, repeats the same bytes, replaces its client, and guesses nothing.

import {
  AppendOutcomeUnknown,
  type EventToAppend,
  InvalidAppend,
  type Journal,
  JournalUnavailable,
  NotAJournal,
  type StoredEvent,
  WrongExpectedRevision,
} from '@holdfast/journal';
import { type EventStoreSettings, openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { AppendFault, Refusal } from './faults.ts';
import { type EventStoreServer, startEventStoreServer } from './server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(settings: Partial<EventStoreSettings> = {}, memory: MemoryLog = newMemoryLog()) {
  const log = openMemoryJournal(memory);
  const server = await startEventStoreServer({ journal: log });
  const troubles: string[] = [];
  const journal = openEventStoreJournal({
    connectionString: server.connectionString,
    patienceMs: 20_000,
    answerWithinMs: 400,
    onTrouble: (sentence) => troubles.push(sentence),
    ...settings,
  });
  closing.push(
    () => log.close(),
    () => server.close(),
    () => journal.close(),
  );
  return { log, server, journal, troubles, memory };
}

let nth = 0;
function event(): EventToAppend {
  const id = `00000000-0000-4000-8000-${String(++nth).padStart(12, '0')}`;
  return { id, type: 'Tested', data: `{"nth":${nth}}`, metadata: '{}' };
}

/** The faults come with the next appends that reach the server, one each. */
function next(server: EventStoreServer, ...faults: readonly AppendFault[]): void {
  const left = [...faults];
  server.faults.onAppend = () => left.shift();
}

const stored = async (journal: Journal, stream: string): Promise<StoredEvent[]> =>
  (await Array.fromAsync(journal.readStream(stream))).flat();

const refuse = (refusal: Refusal): AppendFault => ({ kind: 'refuse', refusal });

const PASSING: readonly (readonly [string, readonly AppendFault[]])[] = [
  ['a connection cut before it is written', [{ kind: 'cut', applied: false }]],
  ['a connection cut after it is written', [{ kind: 'cut', applied: true }]],
  ['a connection cut three times', Array(3).fill({ kind: 'cut', applied: true })],
  ['no answer, not written', [{ kind: 'withhold', applied: false }]],
  ['no answer, written', [{ kind: 'withhold', applied: true }]],
  ['an answer that comes late', [{ kind: 'delay', ms: 100 }]],
  ['an answer that comes after the client was replaced', [{ kind: 'delay', ms: 900 }]],
  ['an answer that comes twice', [{ kind: 'double' }]],
  ['a time-out', [refuse('timeout')]],
  ['a busy server', [refuse('busy'), refuse('busy')]],
  ['a server that is not ready', [refuse('not_ready')]],
  ['a server that knows no leader', [refuse('no_leader_info')]],
  ['an error without a name', [refuse('unknown')]],
  [
    'a lost answer, then a refusal that says that the stream moved on',
    [{ kind: 'cut', applied: true }, { kind: 'wrong_revision' }],
  ],
  ['access denied for a moment', [refuse('access_denied')]],
];

describe('trouble that passes is waited out', () => {
  test.each(PASSING)('%s', async (_, faults) => {
    const { server, journal } = await start();
    await journal.append('t-0', 'no_stream', [event()]);
    next(server, ...faults);
    const events = [event(), event()];
    const [first] = await Promise.all([
      journal.append('t-1', 'no_stream', events),
      journal.append('t-2', 'no_stream', [event()]),
      journal.append('t-1', 1, [event()]),
    ]);
    expect(await journal.append('t-1', 2, [event()])).toMatchObject({ revision: 3 });
    const there = await stored(journal, 't-1');
    expect(there.map(({ id }) => id).slice(0, 2)).toEqual(events.map(({ id }) => id));
    expect(there).toHaveLength(4);
    expect(first).toEqual({ revision: 1, position: there[1]?.position });
    expect(await stored(journal, 't-2')).toHaveLength(1);
  });

  test('another node is the leader: the client goes there', async () => {
    const memory = newMemoryLog();
    const { server, journal } = await start({}, memory);
    const other = await start({}, memory);
    const { host, port } = other.server;
    next(server, { kind: 'not_leader', host, port });
    const seen: string[] = [];
    other.server.faults.onAppend = ({ stream }) => {
      seen.push(stream);
      return undefined;
    };
    expect(await journal.append('t-1', 'no_stream', [event()])).toMatchObject({ revision: 0 });
    expect(seen).toEqual(['t-1']);
  });

  test('an election of a second', async () => {
    const { server, journal } = await start();
    await journal.append('t-1', 'no_stream', [event()]);
    server.elect(1_000);
    const during = Promise.all([
      journal.append('t-1', 0, [event()]),
      stored(journal, 't-1'),
      journal.head(),
      journal.append('t-2', 'no_stream', [event()]),
    ]);
    await expect(during).resolves.toBeDefined();
    expect(await stored(journal, 't-1')).toHaveLength(2);
  });

  test('a server that is ended and started again on the same port', async () => {
    const memory = newMemoryLog();
    const { server, journal } = await start({}, memory);
    await journal.append('t-1', 'no_stream', [event()]);
    await server.close();
    const waiting = Promise.all([journal.append('t-1', 0, [event()]), stored(journal, 't-1')]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const log = openMemoryJournal(memory);
    const again = await startEventStoreServer({ journal: log, port: server.port });
    closing.push(() => again.close());
    await waiting;
    expect(await stored(journal, 't-1')).toHaveLength(2);
  });

  test('a reading and a subscription go on where they stood', async () => {
    const { server, journal, log } = await start();
    for (let i = 0; i < 20; i++) {
      await log.append(`t-${i}`, 'no_stream', Array.from({ length: 100 }, event));
    }
    const received: bigint[] = [];
    const caughtUp = Promise.withResolvers<void>();
    let pages = 0;
    const subscription = journal.subscribe({
      after: 0n,
      onPage: ({ events }) => {
        received.push(...events.map(({ position }) => position));
        if (++pages % 2 === 0) server.cutConnections();
      },
      onCaughtUp: () => {
        if (received.length === 2_500) caughtUp.resolve();
      },
    });
    const read: bigint[] = [];
    for await (const { events } of journal.readAll()) {
      if (read.length % 1_000 === 0) server.cutConnections();
      read.push(...events.map(({ position }) => position));
    }
    expect(read).toEqual(Array.from({ length: 2_000 }, (_, i) => BigInt(i + 1)));
    for (let i = 0; i < 5; i++) await log.append(`u-${i}`, 'no_stream', Array.from({ length: 100 }, event));
    await caughtUp.promise;
    expect(received).toEqual(Array.from({ length: 2_500 }, (_, i) => BigInt(i + 1)));
    await subscription.close();
  });
});

describe('trouble that does not pass', () => {
  test.each<readonly [Refusal]>([['append_size'], ['event_size'], ['bad_request'], ['stream_deleted']])(
    '%s: refused for good',
    async (refusal) => {
      const { server, journal } = await start();
      next(server, refuse(refusal));
      await expect(journal.append('t-1', 'no_stream', [event()])).rejects.toBeInstanceOf(InvalidAppend);
      expect(await stored(journal, 't-1')).toEqual([]);
    },
  );

  test('a server that is not there: unavailable after the patience, and at once when it has long been so', async () => {
    const { server, journal } = await start({ patienceMs: 400 });
    await journal.append('t-1', 'no_stream', [event()]);
    await server.close();
    const outcomes = await Promise.allSettled([
      journal.append('t-2', 'no_stream', [event()]),
      journal.append('t-3', 'no_stream', [event()]),
      journal.head(),
      stored(journal, 't-1'),
    ]);
    // One of them was on its way when the connection was lost: of that nobody can say.
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected');
      const { reason } = outcome as PromiseRejectedResult;
      expect([JournalUnavailable, AppendOutcomeUnknown]).toContain(reason.constructor);
    }
    const late = Array.from({ length: 50 }, (_, i) => journal.append(`u-${i}`, 'no_stream', [event()]));
    const refused = (await Promise.allSettled(late)).map((one) => (one as PromiseRejectedResult).reason);
    expect(refused.filter((reason) => reason instanceof JournalUnavailable).length).toBeGreaterThanOrEqual(49);
  });

  test.each<readonly [string, AppendFault, new (message: string) => Error, number]>([
    ['is written and never answered: the outcome is unknown', { kind: 'cut', applied: true }, AppendOutcomeUnknown, 1],
    ['is never looked at: it was not written', refuse('not_ready'), JournalUnavailable, 0],
  ])('an append that, until the patience ends, %s', async (_, fault, error, written) => {
    const { server, journal, log } = await start({ patienceMs: 500 });
    await journal.append('t-0', 'no_stream', [event()]);
    server.faults.onAppend = () => fault;
    const outcome = await journal.append('t-1', 'no_stream', [event()]).catch((reason: unknown) => reason);
    expect(outcome).toBeInstanceOf(error);
    expect(await stored(log, 't-1')).toHaveLength(written);
  });

  test('a refusal of what was never in doubt is believed', async () => {
    const { server, journal } = await start();
    next(server, { kind: 'wrong_revision' });
    await expect(journal.append('t-1', 'no_stream', [event()])).rejects.toMatchObject({ actual: 0 });
  });

  test('a server that answers nobody: unknown after the patience, and the client was replaced', async () => {
    const { server, journal, troubles } = await start({ patienceMs: 600, answerWithinMs: 200 });
    server.faults.onAppend = () => ({ kind: 'withhold', applied: true });
    const one = event();
    await expect(journal.append('t-1', 'no_stream', [one])).rejects.toBeInstanceOf(AppendOutcomeUnknown);
    expect(troubles.join()).toContain('replaced');
    server.faults.onAppend = undefined;
    expect(await journal.append('t-1', 'no_stream', [one])).toMatchObject({ revision: 0 });
    expect(await stored(journal, 't-1')).toHaveLength(1);
  });

  test("another's event where a lost one should be: refused, and only the other's is there", async () => {
    const { server, journal, log } = await start();
    next(server, { kind: 'cut', applied: false });
    const other = event();
    const losing = journal.append('t-1', 'no_stream', [event()]);
    await log.append('t-1', 'no_stream', [other]);
    await expect(losing).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect((await stored(journal, 't-1')).map(({ id }) => id)).toEqual([other.id]);
  });
});

const faulty: fc.Arbitrary<AppendFault | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), applied: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withhold' as const), applied: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delay' as const), ms: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'double' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      refusal: fc.constantFrom<Refusal>('timeout', 'busy', 'not_ready', 'no_leader_info', 'unknown'),
    }),
  },
);

test('under any schedule of faults every append is written once, in order', async () => {
  const { server, journal } = await start({ patienceMs: 60_000, answerWithinMs: 150 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(faulty, { maxLength: 25 }), async (schedule) => {
      run++;
      const left = [...schedule];
      server.faults.onAppend = () => left.shift();
      const streams = Array.from({ length: 4 }, (_, i) => `run${run}-${i}`);
      await Promise.all(
        streams.map(async (stream) => {
          const ids: string[] = [];
          for (let i = 0; i < 5; i++) {
            const events = [event(), event()];
            ids.push(...events.map(({ id }) => id));
            const { revision } = await journal.append(stream, i === 0 ? 'no_stream' : i * 2 - 1, events);
            expect(revision).toBe(i * 2 + 1);
          }
          expect((await stored(journal, stream)).map(({ id }) => id)).toEqual(ids);
        }),
      );
    }),
    { numRuns: 20 },
  );
});

test('a server that is too old is refused with its version, and not tried again', async () => {
  const server = await startEventStoreServer({ journal: openMemoryJournal(newMemoryLog()), version: '22.10.5' });
  const journal = openEventStoreJournal({ connectionString: server.connectionString });
  closing.push(
    () => server.close(),
    () => journal.close(),
  );
  const refusal = 'the server is EventStoreDB 22.10.5, and Holdfast needs 23.10 or later: upgrade it first';
  await expect(journal.head()).rejects.toThrow(new NotAJournal(refusal));
  await expect(Array.fromAsync(journal.readAll())).rejects.toThrow(NotAJournal);
  const { ended } = journal.subscribe({ after: 0n, onPage: () => {} });
  await expect(ended).rejects.toThrow(NotAJournal);
});

test('a server that does not say its version is unavailable, until it says it', async () => {
  const { journal, server } = await start({ patienceMs: 1_000 });
  server.faults.withholdVersion = true;
  await expect(journal.head()).rejects.toThrow(JournalUnavailable);
  await expect(journal.head()).rejects.toThrow('the server does not say its version');
  server.faults.withholdVersion = false;
  expect(await journal.head()).toBe(0n);
});
