// eventStore.ts: what Holdfast reaches with its log on an event store, beside a bare loop over the same client.

import { describeLocation, type LogLocation } from '@holdfast/journal';
import { against, type Figure, line, type Series } from '../figure.ts';
import type { Load, Loaded } from '../http/generator.ts';
import { inRound, type Plan } from '../plan.ts';
import { type Child, startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';
import type { EventStoreGiven, EventStoreMeasured, EventStoreQuestion } from './eventStoreRun.ts';
import type { HotGiven, HotMeasured, HotQuestion } from './hotRun.ts';
import { ACCOUNTS, startAuthorizer, startGenerator } from './http.ts';

/** Streams of the bare loop: a multiple of what is under way, so that no stream has two appends at once. */
const STREAMS = 3_200;

type Measurement = { readonly perSecond: number; readonly processorUsEach: number };

export async function eventStore(plan: Plan): Promise<readonly Figure[]> {
  const named = process.env.HOLDFAST_BENCH_EVENTSTORE;
  const server = named === undefined ? await startServer() : undefined;
  const connectionString = named ?? server?.ready.connectionString ?? '';
  const log: LogLocation = { eventStore: { connectionString, streamPrefix: `bench${Date.now().toString(36)}` } };
  const figures = [await appending(plan, connectionString), ...(await deciding(plan, log, connectionString))];
  await server?.stop();
  const note =
    named === undefined
      ? 'the development event store, in a process of its own on the same cores: HOLDFAST_BENCH_EVENTSTORE names another'
      : describeLocation({ eventStore: { connectionString } });
  return figures.map((figure) => ({ ...figure, notes: [...figure.notes, note] }));
}

async function startServer(): Promise<Child<{ readonly connectionString: string }>> {
  return startChild(new URL('./eventStoreServerRun.ts', import.meta.url), { directory: await scratch('event-store') });
}

function startAppending(given: EventStoreGiven): Promise<Child<unknown>> {
  return startChild(new URL('./eventStoreRun.ts', import.meta.url), given);
}

/** Measures every subject in each round, and keeps the values by label. */
async function inRounds(
  plan: Plan,
  subjects: Readonly<Record<string, () => Promise<Measurement>>>,
): Promise<Readonly<Record<string, readonly Measurement[]>>> {
  const labels = Object.keys(subjects);
  const measured: Record<string, Measurement[]> = Object.fromEntries(labels.map((label) => [label, []]));
  // The first round warms up.
  for (let round = -1; round < plan.rounds; round++) {
    for (const label of inRound(labels, Math.abs(round))) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${label}`);
      const value = await subjects[label]?.();
      if (round >= 0 && value !== undefined) measured[label]?.push(value);
    }
  }
  return measured;
}

const rates = (values: readonly Measurement[] = []): readonly number[] => values.map(({ perSecond }) => perSecond);
const costs = (values: readonly Measurement[] = []): readonly number[] =>
  values.map(({ processorUsEach }) => processorUsEach);
const series = (label: string, values: readonly Measurement[] = []): Series => ({
  label,
  unit: '/s',
  values: rates(values),
});

async function appending(plan: Plan, connectionString: string): Promise<Figure> {
  const bare = await startAppending({ connectionString, subject: 'bare' });
  const adapter = await startAppending({ connectionString, subject: 'adapter' });
  const asking = (child: Child<unknown>, underWay: number) => () =>
    child.ask<EventStoreMeasured>({ underWay, streams: STREAMS, seconds: plan.seconds } satisfies EventStoreQuestion);
  const measured = await inRounds(plan, {
    'bare client, 64 under way': asking(bare, 64),
    'adapter, 64 under way': asking(adapter, 64),
    'bare client, 200 under way': asking(bare, 200),
    'adapter, 200 under way': asking(adapter, 200),
  });
  await bare.stop();
  await adapter.stop();
  const lines = [64, 200].flatMap((underWay) => {
    const [bareLabel, label] = [`bare client, ${underWay} under way`, `adapter, ${underWay} under way`];
    const bound = underWay === 64 ? ({ atMost: 1.3 } as const) : undefined;
    return [
      line(series(bareLabel, measured[bareLabel])),
      line(
        series(label, measured[label]),
        against('of the bare client', rates(measured[label]), rates(measured[bareLabel])),
        against(
          'processor time of each, of the bare client’s',
          costs(measured[label]),
          costs(measured[bareLabel]),
          bound,
        ),
      ),
    ];
  });
  return {
    name: 'event-store-append',
    title: 'Event store: appends of one approval to 3,200 streams',
    lines,
    notes: [],
  };
}

async function deciding(plan: Plan, log: LogLocation, connectionString: string): Promise<readonly Figure[]> {
  const generator = await startGenerator();
  const server = await startAuthorizer({ log });
  const bare = await startAppending({ connectionString, subject: 'bare' });
  const given: HotGiven = {
    directory: await scratch('event-store-hot'),
    accounts: ACCOUNTS,
    log: { eventStore: { connectionString, streamPrefix: `hot${Date.now().toString(36)}` } },
  };
  const engine = await startChild(new URL('./hotRun.ts', import.meta.url), given);
  const deciding = (accounts: number) => () =>
    engine.ask<HotMeasured>({ accounts, seconds: plan.seconds } satisfies HotQuestion);
  const answers: Loaded[] = [];
  const overHttp = async (): Promise<Measurement> => {
    const load: Load = { port: server.ready.port, connections: 256, seconds: plan.seconds, cards: ACCOUNTS };
    const loaded = await generator.ask<Loaded>(load);
    answers.push(loaded);
    return { perSecond: loaded.answers / loaded.seconds, processorUsEach: 0 };
  };
  const [loop, many, one, http] = [
    'bare client, 200 under way',
    `engine, ${ACCOUNTS} accounts`,
    'engine, one account',
    'HTTP, 256 connections',
  ];
  const measured = await inRounds(plan, {
    [loop]: () => bare.ask<EventStoreMeasured>({ underWay: 200, streams: STREAMS, seconds: plan.seconds }),
    [many]: deciding(ACCOUNTS),
    [one]: deciding(1),
    [http]: overHttp,
  });
  for (const child of [server, generator, bare, engine]) await child.stop();
  const last = answers.slice(-plan.rounds);
  return [
    {
      name: 'event-store-decide',
      title: 'Event store: decisions that are durable before they are answered',
      lines: [
        line(series(loop, measured[loop])),
        line(
          series(many, measured[many]),
          against('of the bare client', rates(measured[many]), rates(measured[loop])),
          against('processor time of each, of the bare client’s', costs(measured[many]), costs(measured[loop])),
        ),
        line(
          series(one, measured[one]),
          against('of many accounts', rates(measured[one]), rates(measured[many]), { atLeast: 1 }),
        ),
        line(
          {
            ...series(http, measured[http]),
            p50Ms: last.map(({ p50Ms }) => p50Ms),
            p99Ms: last.map(({ p99Ms }) => p99Ms),
          },
          against('of the bare client', rates(measured[http]), rates(measured[loop]), { atLeast: 0.65 }),
        ),
      ],
      notes: [],
    },
  ];
}
