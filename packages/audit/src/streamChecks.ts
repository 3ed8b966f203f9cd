// streamChecks.ts: what must hold in any stream, whatever its events mean: revisions, time, ids, one effect a command.

import type { CommandId, DomainEvent, Recorded } from '@holdfast/domain';
import { eventId } from '@holdfast/events';
import type { JournalReader, StoredEvent } from '@holdfast/journal';
import type { Problems } from './problems.ts';
import { createSeen, type Seen } from './seen.ts';

/** What is kept of a stream. `index` is the place of its last event in what that event's command appended. */
export type StreamTail = { revision: number; occurredAt: number; commandId: string; index: number };

/** Commands that may have come twice are looked at again when there are so many, and at the end. */
const SUSPECTS_AT_ONCE = 10_000;

export type StreamChecks = {
  /** The tail of the event's stream, and whether events are missing between it and this one. */
  reach(stored: StoredEvent): { readonly tail: StreamTail; readonly gap: boolean };
  /** Checks a decoded event against the tail. Returns the moment with which replaying goes on. */
  check(stored: StoredEvent, event: Recorded<DomainEvent>, tail: StreamTail): number;
  /** Call it after each page: it looks at what `finish` would have too much of. */
  relieve(reader: JournalReader): Promise<void>;
  /** Reads the streams again in which a command seems to have come twice, since a hash may deceive. */
  finish(reader: JournalReader): Promise<void>;
  /** Of the last event of a stream, -1 when it has none. */
  lastRevision(stream: string): number;
  readonly streams: number;
};

type Suspect = Pick<StoredEvent, 'stream' | 'revision' | 'position'> & { readonly commandId: string };

export function streamChecks(problems: Problems, commands: Pick<Seen, 'add'> = createSeen()): StreamChecks {
  const tails = new Map<string, StreamTail>();
  let suspects: Suspect[] = [];

  /** Each stream once, up to its last suspect. */
  async function lookAgain(reader: JournalReader): Promise<void> {
    const byStream = Map.groupBy(suspects, ({ stream }) => stream);
    suspects = [];
    for (const [stream, those] of byStream) {
      const firstAt = await firstRevisions(reader, stream, new Set(those.map(({ commandId }) => commandId)));
      for (const suspect of those) {
        const { commandId, revision } = suspect;
        if ((firstAt.get(commandId) ?? revision) < revision) {
          problems.add(suspect, 'command_twice', `command ${commandId} has a second effect`);
        }
      }
    }
  }

  return {
    reach(stored) {
      let tail = tails.get(stored.stream);
      if (tail === undefined) {
        tail = { revision: -1, occurredAt: 0, commandId: '', index: 0 };
        tails.set(stored.stream, tail);
      }
      const expected = tail.revision + 1;
      const gap = stored.revision !== expected;
      if (gap) {
        problems.add(stored, 'revision_gap', `revision ${stored.revision} stands where ${expected} must`);
      }
      tail.revision = stored.revision;
      return { tail, gap };
    },

    check(stored, { metadata }, tail) {
      const { commandId, occurredAt } = metadata;
      const again = tail.commandId === commandId;
      const index = placeOf(stored, commandId, again ? tail.index + 1 : 0);
      if (index === undefined)
        problems.add(stored, 'wrong_event_id', `its id is not the one that ${stored.type} has here`);
      if (again && index === 0) {
        problems.add(stored, 'command_twice', `command ${commandId} has a second effect`);
      } else if (!again && commands.add(`${stored.stream} ${commandId}`)) {
        const { stream, revision, position } = stored;
        suspects.push({ stream, revision, position, commandId });
      }
      tail.commandId = commandId;
      tail.index = index ?? (again ? tail.index + 1 : 0);
      if (occurredAt < tail.occurredAt) {
        const back = tail.occurredAt - occurredAt;
        problems.add(stored, 'time_ran_back', `it happened ${back} ms before the event that precedes it`);
        return tail.occurredAt;
      }
      tail.occurredAt = occurredAt;
      return occurredAt;
    },

    async relieve(reader) {
      if (suspects.length >= SUSPECTS_AT_ONCE) await lookAgain(reader);
    },

    finish: lookAgain,

    lastRevision: (stream) => tails.get(stream)?.revision ?? -1,

    get streams() {
      return tails.size;
    },
  };
}

/** The place in its append for which the event's id is right: `expected`, or the first of another append. */
function placeOf(stored: StoredEvent, commandId: CommandId, expected: number): number | undefined {
  for (const index of expected === 0 ? [0] : [expected, 0]) {
    const { stream, type, data, metadata } = stored;
    if (eventId(stream, commandId, index, type, data, metadata) === stored.id) return index;
  }
  return undefined;
}

/** Where each of `commandIds` comes first in its stream. */
async function firstRevisions(
  reader: JournalReader,
  stream: string,
  commandIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const firstAt = new Map<string, number>();
  for await (const page of reader.readStream(stream)) {
    for (const { metadata, revision } of page) {
      const commandId = commandIdIn(metadata);
      if (commandId !== undefined && commandIds.has(commandId) && !firstAt.has(commandId)) {
        firstAt.set(commandId, revision);
      }
    }
    if (firstAt.size === commandIds.size) break;
  }
  return firstAt;
}

function commandIdIn(metadata: string): string | undefined {
  try {
    const { commandId }: { readonly commandId?: unknown } = JSON.parse(metadata);
    return typeof commandId === 'string' ? commandId : undefined;
  } catch {
    return undefined; // It was reported as what cannot be read.
  }
}
