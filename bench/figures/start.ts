// start.ts: how long a start takes on a long log, beside a short one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { against, type Figure, line, type Series } from '../figure.ts';
import { cachedLog } from '../logs/cachedLog.ts';
import { inRound, type Plan } from '../plan.ts';
import { FINGERPRINT_KEY } from '../support/world.ts';

export const SMALL = 10_000;
export const QUICK = 100_000;
export const LARGE = 1_000_000;
const LARGEST = 10_000_000;

const HOLDFAST = fileURLToPath(import.meta.resolve('../../services/standalone/bin/holdfast.js'));

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
async function startOnce(directory: string): Promise<number> {
  const port = await freePort();
  const env = { ...process.env, HOLDFAST_FINGERPRINT_KEY: Buffer.from(FINGERPRINT_KEY).toString('hex') };
  const args = [
    HOLDFAST,
    'start',
    '--data',
    directory,
    '--port',
    String(port),
    '--mode',
    'production',
    '--log-level',
    'warn',
  ];
  const begun = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`holdfast start ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const ms = performance.now() - begun;
  child.kill('SIGTERM');
  await ended;
  process.off('exit', kill);
  return ms;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { connection: 'close' } });
    return status === 200;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
