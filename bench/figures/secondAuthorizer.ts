// secondAuthorizer.ts: how long an authorizer takes to be ready on a log that others have written, on an event store.

import { rm } from 'node:fs/promises';
import {
  describeLocation,
  type EventToAppend,
  type Journal,
  openJournalAt,
  openSqliteJournalReader,
} from '@holdfast/journal';
import { against, type Figure, line, type Series } from '../figure.ts';
import { cachedLog } from '../logs/cachedLog.ts';
import type { Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { flow } from '../support/flow.ts';
import { scratch } from '../support/folders.ts';
import { untilReady } from '../support/untilReady.ts';
import { LARGE, QUICK, SMALL } from './start.ts';

type Store = { readonly environment: Readonly<Record<string, string>>; stop(): Promise<void> };

export async function secondAuthorizer(plan: Plan): Promise<readonly Figure[]> {
  const large = plan.quick ? QUICK : LARGE;
  const small = await measure(SMALL, plan);
  const long = await measure(large, plan);
  const named = process.env.HOLDFAST_BENCH_EVENTSTORE;
  const note =
    named === undefined
      ? 'the development event store, in a process of its own on the same cores: HOLDFAST_BENCH_EVENTSTORE names another'
      : describeLocation({ eventStore: { connectionString: named } });
  const of = 'of the same on the small log';
  return [
    {
      name: 'second-authorizer',
      title: 'Event store: a second authorizer, from spawning the process to the first 200 of /ready',
      lines: [
        line(series(SMALL, 'nothing kept', small.without)),
        line(series(SMALL, 'snapshots of its last run', small.with)),
        line(series(large, 'nothing kept', long.without), against(of, long.without, small.without)),
        line(series(large, 'snapshots of its last run', long.with), against(of, long.with, small.with)),
      ],
      notes: [
        note,
        'accounts are read when they are first needed: with snapshots from there on, else from their beginning',
      ],
    },
  ];
}

function series(events: number, what: string, values: readonly number[]): Series {
  return { label: `${events.toLocaleString('en')} events, ${what}`, unit: 'ms', values };
}

async function measure(events: number, plan: Plan) {
  const store = await storeOf(events, plan);
  const directory = await scratch('second-authorizer');
  const args = ['authorizer', '--name', 'second', '--data', directory, '--log-level', 'warn'];
  const measured = { with: [] as number[], without: [] as number[] };
  // The first round warms up.
  for (let round = -1; round < plan.rounds; round++) {
    plan.say(`round ${round + 1} of ${plan.rounds}: an authorizer on ${events.toLocaleString('en')} events`);
    await rm(directory, { recursive: true, force: true });
    const without = await untilReady(args, store.environment);
    const kept = await untilReady(args, store.environment);
    if (round < 0) continue;
    measured.without.push(without);
    measured.with.push(kept);
  }
  await store.stop();
  return measured;
}

/** The log on the server that is named, or on the development event store. */
async function storeOf(events: number, plan: Plan): Promise<Store> {
  const directory = await cachedLog(events, plan);
  const named = process.env.HOLDFAST_BENCH_EVENTSTORE;
  if (named === undefined) {
    const server = await startChild<{ readonly connectionString: string }>(
      new URL('./eventStoreServerRun.ts', import.meta.url),
      { directory },
    );
    return { environment: { HOLDFAST_EVENTSTORE: server.ready.connectionString }, stop: server.stop };
  }
  const streamPrefix = `bench${Date.now().toString(36)}`;
  const journal = await openJournalAt({ eventStore: { connectionString: named, streamPrefix } });
  await copy(directory, journal, plan);
  await journal.close();
  return {
    environment: { HOLDFAST_EVENTSTORE: named, HOLDFAST_STREAM_PREFIX: streamPrefix },
    stop: async () => {},
  };
}

/** Events that are sorted by stream before they are written, so that an append holds many. */
const AT_ONCE = 100_000;
const OF_A_STREAM = 200;
const UNDER_WAY = 32;

async function copy(directory: string, journal: Journal, plan: Plan): Promise<void> {
  const log = await openSqliteJournalReader({ directory });
  const revisions = new Map<string, number>();
  let waiting = new Map<string, EventToAppend[]>();
  let [held, copied] = [0, 0];

  async function write(): Promise<void> {
    const streams = [...waiting];
    await flow(streams.length, UNDER_WAY, async (n) => {
      const [stream = '', events = []] = streams[n] ?? [];
      await append(stream, events);
    });
    copied += held;
    plan.say(`copied ${copied.toLocaleString('en')} events`);
    waiting = new Map();
    held = 0;
  }

  async function append(stream: string, events: readonly EventToAppend[]): Promise<void> {
    for (let from = 0; from < events.length; from += OF_A_STREAM) {
      const expected = revisions.get(stream) ?? 'no_stream';
      const { revision } = await journal.append(stream, expected, events.slice(from, from + OF_A_STREAM));
      revisions.set(stream, revision);
    }
  }

  for await (const { events } of log.readAll()) {
    for (const { stream, id, type, data, metadata } of events) {
      const known = waiting.get(stream) ?? [];
      known.push({ id, type, data, metadata });
      waiting.set(stream, known);
      held++;
    }
    if (held >= AT_ONCE) await write();
  }
  await write();
  await log.close();
}
