// streamChecks.ts: what must hold in any stream, whatever its events mean: revisions, time, ids, one effect a command.

import type { CommandId, DomainEvent, Recorded } from '@holdfast/domain';
import { eventId } from '@holdfast/events';
import type { JournalReader, StoredEvent } from '@holdfast/journal';
import type { Problems } from './problems.ts';
import { createSeen } from './seen.ts';

/** What is kept of a stream. `index` is the place of its last event in what that event's command appended. */
export type StreamTail = { revision: number; occurredAt: number; commandId: string; index: number };

/** Commands that may have come twice and are looked at again; beyond them only their number is right. */
const SUSPECTS_AT_MOST = 10_000;

export type StreamChecks = {
  /** The tail of the event's stream, and whether events are missing between it and this one. */
  reach(stored: StoredEvent): { readonly tail: StreamTail; readonly gap: boolean };
  /** Checks a decoded event against the tail. Returns the moment with which replaying goes on. */
  check(stored: StoredEvent, event: Recorded<DomainEvent>, tail: StreamTail): number;
  /** Reads the streams again in which a command seems to have come twice, since a hash may deceive. */
  finish(reader: JournalReader): Promise<void>;
  /** Of the last event of a stream, -1 when it has none. */
  lastRevision(stream: string): number;
  readonly streams: number;
};

export function streamChecks(problems: Problems): StreamChecks {
  const tails = new Map<string, StreamTail>();
  const commands = createSeen();
  const suspects: { readonly stored: StoredEvent; readonly commandId: string }[] = [];

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
      } else if (!again && commands.add(`${stored.stream} ${commandId}`) && suspects.length < SUSPECTS_AT_MOST) {
        suspects.push({ stored, commandId });
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

    async finish(reader) {
      for (const { stored, commandId } of suspects) {
        if (await hasBefore(reader, stored, commandId)) {
          problems.add(stored, 'command_twice', `command ${commandId} has a second effect`);
        }
      }
    },

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

async function hasBefore(reader: JournalReader, stored: StoredEvent, commandId: string): Promise<boolean> {
  const text = JSON.stringify(commandId);
  for await (const page of reader.readStream(stored.stream, { limit: stored.revision })) {
    if (page.some(({ metadata }) => metadata.includes(`"commandId":${text}`))) return true;
  }
  return false;
}
