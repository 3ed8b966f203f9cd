// hotAccount.ts: all traffic on one account beside the same traffic on many.

import { against, type Figure, line, type Series } from '../figure.ts';
import type { Load, Loaded } from '../http/generator.ts';
import { inRound, type Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';
import type { HotGiven, HotMeasured, HotQuestion } from './hotRun.ts';
import { ACCOUNTS, startAuthorizer, startGenerator } from './http.ts';

const BOUND = { atLeast: 0.8 } as const;
const USED = [1, ACCOUNTS] as const;

export async function hotAccount(plan: Plan): Promise<readonly Figure[]> {
  return [await overHttp(plan), await inTheEngine(plan)];
}

async function overHttp(plan: Plan): Promise<Figure> {
  plan.say('starting the authorizer');
  const generator = await startGenerator();
  const server = await startAuthorizer();
  const run = (cards: number, seconds: number): Promise<Loaded> => {
    const load: Load = { port: server.ready.port, connections: 64, seconds, cards };
    return generator.ask<Loaded>(load);
  };
  for (const used of USED) await run(used, plan.seconds);
  const measured = new Map(USED.map((used) => [used, [] as Loaded[]]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const used of inRound(USED, round)) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${used} accounts over HTTP`);
      measured.get(used)?.push(await run(used, plan.seconds));
    }
  }
  await server.stop();
  await generator.stop();
  const series = (used: (typeof USED)[number]): Series => {
    const runs = measured.get(used) ?? [];
    return {
      label: labelOf(used),
      unit: '/s',
      values: runs.map(({ answers, seconds }) => answers / seconds),
      p50Ms: runs.map(({ p50Ms }) => p50Ms),
      p99Ms: runs.map(({ p99Ms }) => p99Ms),
    };
  };
  return figure('hot-account-http', 'One hot account over HTTP, 64 connections', series(ACCOUNTS), series(1));
}

async function inTheEngine(plan: Plan): Promise<Figure> {
  const given: HotGiven = { directory: await scratch('hot'), accounts: ACCOUNTS };
  plan.say('starting an engine');
  const engine = await startChild(new URL('./hotRun.ts', import.meta.url), given);
  const run = async (accounts: number): Promise<number> => {
    const question: HotQuestion = { accounts, seconds: plan.seconds };
    return (await engine.ask<HotMeasured>(question)).perSecond;
  };
  for (const used of USED) await run(used);
  const measured = new Map(USED.map((used) => [used, [] as number[]]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const used of inRound(USED, round)) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${used} accounts in the engine`);
      measured.get(used)?.push(await run(used));
    }
  }
  await engine.stop();
  const series = (used: (typeof USED)[number]): Series => ({
    label: labelOf(used),
    unit: '/s',
    values: measured.get(used) ?? [],
  });
  return figure('hot-account-engine', 'One hot account in the engine, 256 under way', series(ACCOUNTS), series(1));
}

function labelOf(used: number): string {
  return used === 1 ? 'one account' : `${used.toLocaleString('en')} accounts`;
}

function figure(name: string, title: string, many: Series, one: Series): Figure {
  return {
    name,
    title,
    lines: [line(many), line(one, against('of many accounts', one.values, many.values, BOUND))],
    notes: [],
  };
}
