// registrySnapshot.ts: the registry as it was at some moment, beside the snapshots of accounts: so that a start reads the
// log only from there. A cache, like those.

import type { ApiKeyEvent, CardId, Program } from '@holdfast/domain';
import type { JournalReader, Position } from '@holdfast/journal';
import type { AccountIndex } from './accountIndex.ts';
import type { Announced } from './announced.ts';
import { IndexKeys } from './indexKeys.ts';
import type { EarlyFact } from './registry.ts';
import { fromSnapshotText, toSnapshotText } from './snapshotText.ts';

/** An event by which the log is recognised. */
export type Landmark = { readonly position: Position; readonly id: string };

export type RegistrySnapshot = {
  /** Everything up to here is in it. */
  readonly position: Position;
  /** Must stand in the log where they stood: else it is another log, or this one restored from before. */
  readonly landmarks: readonly Landmark[];
  readonly programs: readonly Program[];
  readonly keys: readonly ApiKeyEvent['data'][];
  readonly authorizers: readonly Announced[];
  /** By stream, of the newest event that is known. */
  readonly revisions: readonly (readonly [stream: string, revision: number])[];
  readonly facts: readonly (readonly [CardId, readonly EarlyFact[]])[];
};

/** No stream of the log has this name: it has no `-`. */
const NAME = 'registry';

export async function writeRegistry(index: AccountIndex, { authorizers, ...rest }: RegistrySnapshot): Promise<void> {
  const listed = authorizers.map((each) => ({ ...each, confirmed: [...each.confirmed] }));
  const snapshot = toSnapshotText({ ...rest, authorizers: listed });
  await index.write({ stream: NAME, revision: Number(rest.position), snapshot, keys: new IndexKeys() });
}

/** Undefined when there is none, or none of this log. Rejects with the journal's error. */
export async function readRegistry(
  index: Pick<AccountIndex, 'snapshot'>,
  journal: JournalReader,
): Promise<RegistrySnapshot | undefined> {
  const found = index.snapshot(NAME);
  if (found === undefined) return undefined;
  const { authorizers, ...rest } = fromSnapshotText(found.snapshot) as Omit<RegistrySnapshot, 'authorizers'> & {
    readonly authorizers: readonly (Omit<Announced, 'confirmed'> & {
      readonly confirmed: readonly (readonly [string, number])[];
    })[];
  };
  const head = await journal.head();
  for (const { position, id } of rest.landmarks) {
    if (position > head || (await journal.eventAt(position))?.id !== id) return undefined;
  }
  return { ...rest, authorizers: authorizers.map((each) => ({ ...each, confirmed: new Map(each.confirmed) })) };
}
