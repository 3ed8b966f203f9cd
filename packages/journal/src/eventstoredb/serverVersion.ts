// serverVersion.ts: refuses a server that is too old, by name, instead of waiting for ever for what it never says.

import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { NotAJournal } from '../errors.ts';
import type { ResolvedSettings } from './settings.ts';

/** The first release that says when a subscription has caught up. */
const OLDEST = [23, 10] as const;

/** Asks the server. Rejects with `NotAJournal` for one that is too old. */
export async function checkServer({
  connectionString,
  answerWithinMs,
}: Pick<ResolvedSettings, 'connectionString' | 'answerWithinMs'>): Promise<void> {
  // One of its own: a client remembers for ever that it got no answer to this.
  const client = EventStoreDBClient.connectionString(connectionString);
  try {
    const version = await Promise.race([versionOf(client), sleep(answerWithinMs, undefined, { ref: false })]);
    if (version === undefined) throw new Error('the server does not say its version');
    if (isTooOld(version)) {
      throw new NotAJournal(
        `the server is EventStoreDB ${version}, and Holdfast needs ${OLDEST.join('.')} or later: upgrade it first`,
      );
    }
  } finally {
    client.dispose().catch(() => {});
  }
}

async function versionOf(client: EventStoreDBClient): Promise<string> {
  // biome-ignore lint/complexity/useLiteralKeys: the client asks this for itself, and has no public way to see it.
  const { serverVersion } = await client['capabilities'];
  return serverVersion;
}

/** What was built from source may have no number: it says 0, and is trusted. One that cannot say is from before 2022. */
export function isTooOld(version: string): boolean {
  const [major = Number.NaN, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major === 0) return false;
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}
