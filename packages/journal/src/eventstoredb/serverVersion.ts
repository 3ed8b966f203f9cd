// serverVersion.ts: refuses a server that is too old, by name, instead of waiting for ever for what it never says.

import type { EventStoreDBClient } from '@eventstore/db-client';
import { NotAJournal } from '../errors.ts';

/** The first release that says when a subscription has caught up. */
const OLDEST = [23, 10] as const;

/** Asks the server. Throws `NotAJournal` for one that is too old. */
export async function checkServer(client: EventStoreDBClient): Promise<void> {
  // biome-ignore lint/complexity/useLiteralKeys: the client asks this for itself, and has no public way to see it.
  const { serverVersion } = await client['capabilities'];
  if (isTooOld(serverVersion)) {
    throw new NotAJournal(
      `the server is EventStoreDB ${serverVersion}, and Holdfast needs ${OLDEST.join('.')} or later: upgrade it first`,
    );
  }
}

/** What was built from source may have no number: it says 0, and is trusted. One that cannot say is from before 2022. */
export function isTooOld(version: string): boolean {
  const [major = Number.NaN, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major === 0) return false;
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}
