// fullMemory.ts: what it costs when no more transactions fit into memory, so that each new one drives an older one out.

import { against, type Figure, line, type Series } from '../figure.ts';
import type { Load, Loaded } from '../http/generator.ts';
import { inRound, type Plan } from '../plan.ts';
import { startAuthorizer, startGenerator } from './http.ts';

const USED = 200;
/** A hundred for each account that is used: with the engine's own bound, of 2,500 accounts. */
const FEW = 100 * USED;

export async function fullMemory(plan: Plan): Promise<readonly Figure[]> {
  plan.say('starting the authorizers');
  const generator = await startGenerator();
  const subjects = [
    { label: 'memory for all', child: await startAuthorizer({ maxResidents: 10_000_000 }), rates: [] as number[] },
    { label: 'memory is full', child: await startAuthorizer({ maxResidents: FEW }), rates: [] as number[] },
  ] as const;
  const run = async ({ child }: (typeof subjects)[number], seconds: number): Promise<number> => {
    child.resume();
    const load: Load = { port: child.ready.port, connections: 64, seconds, cards: USED };
    const loaded = await generator.ask<Loaded>(load);
    child.pause();
    return loaded.answers / loaded.seconds;
  };
  // Until the second one's memory is full.
  for (const subject of subjects) await run(subject, Math.max(plan.seconds, 8));
  for (let round = 0; round < plan.rounds; round++) {
    for (const subject of inRound(subjects, round)) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${subject.label}`);
      subject.rates.push(await run(subject, plan.seconds));
    }
  }
  for (const { child } of subjects) await child.stop();
  await generator.stop();
  const [roomy, full] = subjects.map(({ label, rates }): Series => ({ label, unit: '/s', values: rates }));
  if (roomy === undefined || full === undefined) throw new Error('two subjects were measured');
  return [
    {
      name: 'full-memory',
      title: `Durable authorizations over HTTP when memory is full, 64 connections, ${USED} accounts`,
      lines: [line(roomy), line(full, against('of memory for all', full.values, roomy.values))],
      notes: [`full: ${FEW.toLocaleString('en')} transactions in memory, the others in the index on disk`],
    },
  ];
}
