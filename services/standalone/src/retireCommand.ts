// retireCommand.ts: `holdfast authorizer list` and `retire NAME`: who decides network messages on this log, and the
// operator's word that one of them no longer runs.

import { announcedAuthorizers, retire, systemClock } from '@holdfast/engine';
import { readLocation } from './configuration.ts';
import { withLog } from './openLog.ts';
import { colours as c, print } from './output.ts';
import { EXIT, type ExitStatus, Refusal } from './refusal.ts';
import { type Environment, set } from './settings.ts';
import { openWritableLog } from './writableLog.ts';

const NOT_RETIRED = {
  authorizer_not_found: 'no authorizer ever had this name; see holdfast authorizer list',
  authorizer_not_running: 'it was stopped or retired before',
} as const;

/** Rejects with `Refusal` when there is nothing to retire. */
export async function retireAuthorizer(name: string, environment: Environment): Promise<ExitStatus> {
  if (set(environment.HOLDFAST_EVENTSTORE) === undefined) {
    throw new Refusal('HOLDFAST_EVENTSTORE is needed: only a log on an event store has authorizers with names');
  }
  const nowhere = { warn: () => {}, info: () => {}, error: () => {} };
  const journal = await openWritableLog(readLocation(undefined, environment), nowhere);
  try {
    const retired = await retire(journal, systemClock, name);
    if ('refusal' in retired) throw new Refusal(`${name} is not retired: ${NOT_RETIRED[retired.refusal]}`, EXIT.broken);
    await print(`${name} is retired: no change waits for it any more.`);
    return EXIT.ok;
  } finally {
    await journal.close();
  }
}

export async function listAuthorizers(environment: Environment): Promise<ExitStatus> {
  const authorizers = await withLog(readLocation(undefined, environment), announcedAuthorizers);
  const width = Math.max(0, ...authorizers.map(({ name }) => name.length));
  const tint = { running: c.green, stopped: c.dim, retired: c.dim };
  for (const { name, status, instance } of authorizers) {
    await print(`${name.padEnd(width)}  ${tint[status](status.padEnd(7))}  ${c.dim(instance)}`);
  }
  if (authorizers.length === 0) await print('no authorizer has announced itself in this log');
  return EXIT.ok;
}
