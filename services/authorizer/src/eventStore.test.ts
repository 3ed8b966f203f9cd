// The network's route with its log on an event store in trouble: 91 when there is no decision, and no harm from any fault.
// HOLDFAST_SCHEDULES=200 runs as many schedules; HOLDFAST_SEED repeats one run.

import { setTimeout as sleep } from 'node:timers/promises';
import { verifyLog } from '@holdfast/audit';
import { EngineUnavailable } from '@holdfast/engine';
import { decode } from '@holdfast/events';
import { type AppendFault, type Refusal, startEventStoreServer } from '@holdfast/eventstore-server';
import { openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { expect, test } from 'vitest';
import { authorization } from './testing/authorization.ts';
import { openStack } from './testing/stack.ts';

const SCHEDULES = Number(process.env.HOLDFAST_SCHEDULES ?? 12);
const SEED = Number(process.env.HOLDFAST_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** 1,000.00 are there, and each asks for 100.00: two must be declined. */
const MESSAGES = 12;
const AMOUNT = 10_000;
const FUNDED = 100_000;
const REFUSALS: readonly Refusal[] = ['timeout', 'busy', 'not_ready', 'no_leader_info', 'unknown'];

/** mulberry32: small, seeded, good enough to choose faults. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function faultOf(below: (most: number) => number): AppendFault | undefined {
  switch (below(9)) {
    case 0:
      return { kind: 'cut', applied: false };
    case 1:
      return { kind: 'cut', applied: true };
    case 2:
      return { kind: 'withhold', applied: below(2) === 0 };
    case 3:
      return { kind: 'delay', ms: 1 + below(40) };
    case 4:
      return { kind: 'refuse', refusal: REFUSALS[below(REFUSALS.length)] ?? 'busy' };
    default:
      return undefined;
  }
}

/** An election of the schedule before may still be going on: the same commands again have one effect. */
async function persistently<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
    }
  }
}

type Answer = Readonly<Record<string, unknown>>;

test('whatever happens to the event store, each message has one effect and one answer', {
  timeout: 600_000,
}, async () => {
  const memory = newMemoryLog();
  const log = openMemoryJournal(memory);
  const server = await startEventStoreServer({ journal: log });
  const { connectionString } = server;
  const stack = await openStack(async () =>
    openEventStoreJournal({ connectionString, patienceMs: 300, answerWithinMs: 120 }),
  );
  const seen = { answered: 0, undecided: 0 };

  for (let schedule = 0; schedule < SCHEDULES; schedule++) {
    const below = seeded(SEED + schedule);
    const card = await persistently(() => stack.newCard(`card ${schedule}`));
    const until = new Date(Date.now() + 60_000).toISOString();
    const messages = Array.from({ length: MESSAGES }, (_, n) => ({
      ...authorization(card, schedule * MESSAGES + n),
      amount: AMOUNT,
      answer_by: until,
    }));
    const answers = new Map<number, Answer>();

    async function send(n: number): Promise<void> {
      const response = await stack.send(messages[n]);
      if (response.statusCode === 503) {
        expect(response.json()).toMatchObject({ code: 'unavailable', response_code: '91' });
        seen.undecided++;
        return;
      }
      expect(response.statusCode).toBe(200);
      const { position: _, ...answer } = response.json<Answer>();
      seen.answered++;
      expect(answers.get(n) ?? answer, `schedule ${schedule} of seed ${SEED}`).toEqual(answer);
      answers.set(n, answer);
    }

    const faults = Array.from({ length: below(12) }, () => faultOf(below));
    server.faults.onAppend = () => faults.shift();
    const outage = below(3);
    const sending = Promise.all(
      messages.flatMap((_, n) => [sleep(below(60)).then(() => send(n)), sleep(below(60)).then(() => send(n))]),
    );
    await sleep(below(60));
    if (outage === 1) server.cutConnections();
    if (outage === 2) server.elect(below(700));
    await sending;

    server.faults.onAppend = undefined;
    // It comes back by itself: nothing is restarted.
    while (answers.size < MESSAGES) {
      await Promise.all(messages.map((_, n) => (answers.has(n) ? undefined : send(n))));
      await sleep(20);
    }
    await Promise.all(messages.map((_, n) => send(n)));
    const approved = [...answers.values()].filter(({ decision }) => decision === 'approved');
    expect(approved, `schedule ${schedule} of seed ${SEED}`).toHaveLength(FUNDED / AMOUNT);
  }

  const decided = new Map<string, number>();
  for (const stored of memory.events) {
    const { type, metadata } = decode(stored);
    if (!type.startsWith('Authorization')) continue;
    decided.set(metadata.commandId, (decided.get(metadata.commandId) ?? 0) + 1);
  }
  expect([...decided.values()].filter((count) => count !== 1)).toEqual([]);
  expect(decided.size).toBe(SCHEDULES * MESSAGES);
  expect((await verifyLog(log)).problems).toEqual([]);
  // The faults did something, or this proves little.
  expect(seen.answered).toBeGreaterThan(SCHEDULES * MESSAGES);
  if (SCHEDULES >= 100) expect(seen.undecided).toBeGreaterThan(0);
  await stack.close();
  await server.close();
  await log.close();
});
