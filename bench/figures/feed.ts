// feed.ts: events that the feed publishes a second, beside a bare loop over the same client.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';
import { freePort } from '../../tools/freePort.ts';
import { natsServer } from '../../tools/natsServer.ts';
import { against, type Figure, line, type Series } from '../figure.ts';
import { inRound, type Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';
import type { FeedGiven, FeedQuestion } from './feedRun.ts';

const SUBJECTS = ['bare', 'feed'] as const;
const LABELS = { bare: 'bare client, 500 under way', feed: 'feed' } as const;

export async function feed(plan: Plan): Promise<readonly Figure[]> {
  const program = natsServer();
  const title = 'Feed: approvals published to JetStream, each once and in order';
  if (program === undefined) {
    return [
      {
        name: 'feed',
        title,
        lines: [],
        notes: ['skipped: there is no nats-server; on Debian apt-get install nats-server'],
      },
    ];
  }
  const port = await freePort();
  const servers = `nats://127.0.0.1:${port}`;
  const server = spawn(program, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', await scratch('nats')], {
    stdio: 'ignore',
  });
  const kill = (): unknown => server.kill('SIGKILL');
  process.once('exit', kill);
  while (!(await answers(servers))) await sleep(20);
  const given: FeedGiven = { servers, events: plan.quick ? 10_000 : 50_000 };
  const child = await startChild(new URL('./feedRun.ts', import.meta.url), given);
  const measured = new Map(SUBJECTS.map((subject) => [subject, [] as number[]]));
  // The first round warms up.
  for (let round = -1; round < plan.rounds; round++) {
    for (const subject of inRound(SUBJECTS, Math.abs(round))) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${LABELS[subject]}`);
      const rate = await child.ask<number>({ subject } satisfies FeedQuestion);
      if (round >= 0) measured.get(subject)?.push(rate);
    }
  }
  await child.stop();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  process.off('exit', kill);
  const values = (subject: (typeof SUBJECTS)[number]): readonly number[] => measured.get(subject) ?? [];
  const series = (subject: (typeof SUBJECTS)[number]): Series => ({
    label: LABELS[subject],
    unit: '/s',
    values: values(subject),
  });
  return [
    {
      name: 'feed',
      title,
      lines: [
        line(series('bare')),
        line(series('feed'), against('of the bare client', values('feed'), values('bare'))),
      ],
      notes: ['from a journal in memory; a nats-server with files, on the same cores'],
    },
  ];
}

async function answers(servers: string): Promise<boolean> {
  try {
    await (await connect({ servers })).close();
    return true;
  } catch {
    return false;
  }
}
