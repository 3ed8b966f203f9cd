// replay.ts: reading the embedded log back into accounts.

import { type Figure, itself, line, type Series } from '../figure.ts';
import { cachedLog } from '../logs/cachedLog.ts';
import type { Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import type { Replayed, ReplayGiven } from './replayRun.ts';
import { LARGE, QUICK } from './start.ts';

export async function replay(plan: Plan): Promise<readonly Figure[]> {
  const given: ReplayGiven = {
    directory: await cachedLog(plan.quick ? QUICK : LARGE, plan),
    events: plan.quick ? 50_000 : 200_000,
  };
  plan.say('replaying');
  const child = await startChild(new URL('./replayRun.ts', import.meta.url), given, ['--expose-gc']);
  const runs: Replayed[] = [];
  for (let round = 0; round < plan.rounds; round++) runs.push(await child.ask<Replayed>({}));
  await child.stop();
  const { events = 0, bytesOfAnEvent = 0 } = runs[0] ?? {};
  const series: Series = { label: 'read, decode, evolve', unit: '/s', values: runs.map(({ perSecond }) => perSecond) };
  return [
    {
      name: 'replay',
      title: 'Replay of the embedded log, one core',
      lines: [line(series, itself(series, { atLeast: 100_000 }))],
      notes: [
        'a second is one of processor time, the collector included',
        `the first ${events.toLocaleString('en')} events of the log, ${Math.round(bytesOfAnEvent)} bytes each on average`,
      ],
    },
  ];
}
