// start.ts: how long a start takes on a long log, beside a short one.

import { against, type Figure, line, type Series } from '../figure.ts';
import { cachedLog } from '../logs/cachedLog.ts';
import { inRound, type Plan } from '../plan.ts';
import { untilReady } from '../support/untilReady.ts';

export const SMALL = 10_000;
export const QUICK = 100_000;
export const LARGE = 1_000_000;
const LARGEST = 10_000_000;

export async function start(plan: Plan): Promise<readonly Figure[]> {
  const sizes = plan.quick ? [SMALL, QUICK] : plan.large ? [SMALL, LARGE, LARGEST] : [SMALL, LARGE];
  const logs: { events: number; directory: string; readonly times: number[] }[] = [];
  for (const events of sizes) logs.push({ events, directory: await cachedLog(events, plan), times: [] });
  // The first round warms up: files that were just made, or not read for long.
  for (let round = -1; round < plan.rounds; round++) {
    for (const { events, directory, times } of inRound(logs, Math.abs(round))) {
      plan.say(`round ${round + 1} of ${plan.rounds}: starting on ${events.toLocaleString('en')} events`);
      const ms = await startOnce(directory);
      if (round >= 0) times.push(ms);
    }
  }
  const [small, ...others] = logs.map(
    ({ events, times }): Series => ({ label: `${events.toLocaleString('en')} events`, unit: 'ms', values: times }),
  );
  if (small === undefined) throw new RangeError('nothing to start on');
  return [
    {
      name: 'start',
      title: 'Start: from spawning the process to the first 200 of /ready, snapshots and read models present',
      lines: [
        line(small),
        ...others.map((large) =>
          line(large, against('of the start on the small log', large.values, small.values, { atMost: 2 })),
        ),
      ],
      notes: ['after a clean stop; the files are in the page cache'],
    },
  ];
}

/** Milliseconds until it is ready. */
function startOnce(directory: string): Promise<number> {
  return untilReady(['start', '--data', directory, '--mode', 'production', '--log-level', 'warn']);
}
