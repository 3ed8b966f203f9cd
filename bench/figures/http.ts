// http.ts: durable authorizations over HTTP beside the bare route, and beside a stored procedure in PostgreSQL.

import { against, type Figure, type Line, line, type Series } from '../figure.ts';
import type { AuthorizerGiven } from '../http/authorizerServer.ts';
import type { GeneratorGiven, Load, Loaded } from '../http/generator.ts';
import { untilReadsCaughtUp } from '../http/readModels.ts';
import { inRound, type Plan } from '../plan.ts';
import { type Cluster, HOW_TO_INSTALL, startCluster } from '../postgres/cluster.ts';
import { median } from '../statistics.ts';
import { type Child, startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';

export const ACCOUNTS = 2_000;
const CONNECTIONS = [1, 64, 256] as const;
const POOLS = [4, 8, 16, 32] as const;

type Ready = { readonly port: number };
type Subject = {
  readonly label: string;
  readonly child: Child<Ready>;
  /** Measured only with so many connections; all when left out. */
  readonly connections?: readonly number[];
  /** Counted in: what it still has to do when the last answer is there. */
  readonly after?: (port: number) => Promise<number>;
};
type Measured = { readonly rates: number[]; readonly p50Ms: number[]; readonly p99Ms: number[] };

const BARE = 'bare Fastify route';
const ALONE = 'authorizer alone';
const WHOLE = 'everything in one process';
const POSTGRES = 'route calling PostgreSQL';

export function startGenerator(): Promise<Child<object>> {
  const generator: GeneratorGiven = { accounts: ACCOUNTS };
  return startChild<object>(new URL('../http/generator.ts', import.meta.url), generator);
}

export async function startAuthorizer(
  options: Pick<AuthorizerGiven, 'maxResidents' | 'log'> = {},
): Promise<Child<Ready>> {
  const given: AuthorizerGiven = { directory: await scratch('authorizer'), accounts: ACCOUNTS, ...options };
  return startChild<Ready>(new URL('../http/authorizerServer.ts', import.meta.url), given);
}

export async function http(plan: Plan): Promise<readonly Figure[]> {
  const generator = await startGenerator();
  const load = (child: Child<Ready>, connections: number, seconds: number): Promise<Loaded> => {
    const given: Load = { port: child.ready.port, connections, seconds, cards: ACCOUNTS };
    return generator.ask<Loaded>(given);
  };
  plan.say('starting the servers');
  const cluster = await startCluster();
  const subjects: Subject[] = [
    { label: BARE, child: await startChild<Ready>(new URL('../http/bareRoute.ts', import.meta.url), {}) },
    { label: ALONE, child: await startAuthorizer() },
    { label: WHOLE, child: await startStandalone(), after: untilReadsCaughtUp },
  ];
  if (cluster !== undefined) subjects.push({ label: POSTGRES, child: await startRoute(cluster), connections: [64] });
  const pool = cluster === undefined ? 0 : await tunePool(plan, subjects.at(-1), load);
  for (const { child, label } of subjects) {
    plan.say(`warming up: ${label}`);
    for (const connections of CONNECTIONS) await load(child, connections, plan.seconds / 2);
    child.pause();
  }

  const results = new Map<string, Measured>();
  for (let round = 0; round < plan.rounds; round++) {
    for (const connections of CONNECTIONS) {
      for (const { label, child, connections: only, after } of inRound(subjects, round)) {
        if (only?.includes(connections) === false) continue;
        plan.say(`round ${round + 1} of ${plan.rounds}: ${label}, ${connections} connections`);
        child.resume();
        const { answers, seconds, p50Ms, p99Ms } = await load(child, connections, plan.seconds);
        const afterMs = (await after?.(child.ready.port)) ?? 0;
        child.pause();
        const key = `${label} ${connections}`;
        const measured = results.get(key) ?? { rates: [], p50Ms: [], p99Ms: [] };
        measured.rates.push(answers / (seconds + afterMs / 1_000));
        measured.p50Ms.push(p50Ms);
        measured.p99Ms.push(p99Ms);
        results.set(key, measured);
      }
    }
  }
  for (const { child } of subjects) await child.stop();
  await generator.stop();
  await cluster?.stop();
  return CONNECTIONS.map((connections) => figureAt(connections, results, cluster, pool));
}

async function startStandalone(): Promise<Child<Ready>> {
  const given = { directory: await scratch('standalone'), accounts: ACCOUNTS };
  return startChild<Ready>(new URL('../http/standaloneServer.ts', import.meta.url), given);
}

function startRoute({ socket }: Cluster): Promise<Child<Ready>> {
  return startChild<Ready>(new URL('../postgres/routeServer.ts', import.meta.url), { socket, accounts: ACCOUNTS });
}

/** How many connections to PostgreSQL serve it best differs from machine to machine. */
async function tunePool(
  plan: Plan,
  subject: Subject | undefined,
  load: (child: Child<Ready>, connections: number, seconds: number) => Promise<Loaded>,
): Promise<number> {
  if (subject === undefined) return 0;
  const { child } = subject;
  let best = { pool: 0, rate: 0 };
  for (const pool of POOLS) {
    plan.say(`looking for PostgreSQL's best pool: ${pool} connections`);
    await child.ask({ connections: pool });
    await load(child, 64, plan.seconds / 4);
    const rates: number[] = [];
    for (let n = 0; n < 3; n++) rates.push((await load(child, 64, plan.seconds / 2)).answers / (plan.seconds / 2));
    if (median(rates) > best.rate) best = { pool, rate: median(rates) };
  }
  await child.ask({ connections: best.pool });
  return best.pool;
}

function figureAt(
  connections: number,
  results: ReadonlyMap<string, Measured>,
  cluster: Cluster | undefined,
  pool: number,
): Figure {
  const at = (label: string): Measured => results.get(`${label} ${connections}`) ?? { rates: [], p50Ms: [], p99Ms: [] };
  const series = (label: string): Series => {
    const { rates, p50Ms, p99Ms } = at(label);
    return { label, unit: '/s', values: rates, p50Ms, p99Ms };
  };
  const [bare, alone, whole, postgres] = [at(BARE), at(ALONE), at(WHOLE), at(POSTGRES)];
  const held = connections === 64;
  const aloneChecks = [against('of the bare route', alone.rates, bare.rates, ...(held ? [{ atLeast: 0.55 }] : []))];
  if (postgres.rates.length > 0) {
    aloneChecks.push(
      against('× PostgreSQL', alone.rates, postgres.rates, { atLeast: 4 }),
      against("of PostgreSQL's p99", alone.p99Ms, postgres.p99Ms, { atMost: 0.2 }),
    );
  }
  const lines: Line[] = [
    line(series(BARE)),
    line(series(ALONE), ...aloneChecks),
    line(series(WHOLE), against('of the bare route', whole.rates, bare.rates, ...(held ? [{ atLeast: 0.4 }] : []))),
  ];
  if (postgres.rates.length > 0) lines.push(line(series(POSTGRES)));
  const notes = held
    ? [
        'everything in one process: the time until the read models have come to the head is counted',
        cluster === undefined
          ? `skipped: ${HOW_TO_INSTALL}`
          : `PostgreSQL ${cluster.version}, best of ${POOLS.join(', ')} pooled connections: ${pool}`,
      ]
    : [];
  return {
    name: `http-${connections}`,
    title: `Durable authorizations over HTTP, ${connections} ${connections === 1 ? 'connection' : 'connections'}, ${ACCOUNTS.toLocaleString('en')} accounts`,
    lines,
    notes,
  };
}
