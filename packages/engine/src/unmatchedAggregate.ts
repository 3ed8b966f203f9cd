// unmatchedAggregate.ts: one of the 256 streams of messages for cards that nobody knows: which messages it has.

import {
  answerOf,
  type CommandId,
  type CommandRecord,
  commandKey,
  type Instant,
  type Recorded,
  type UnmatchedEvent,
} from '@holdfast/domain';
import type { Aggregate } from './aggregate.ts';

export type Unmatched = { lastOccurredAt: Instant; readonly commands: Map<CommandId, CommandRecord> };

export const unmatchedAggregate: Aggregate<Unmatched, UnmatchedEvent> = {
  initial: () => ({ lastOccurredAt: 0, commands: new Map() }),
  evolve: (state, event) => {
    state.lastOccurredAt = event.metadata.occurredAt;
    rememberUnmatched(state, event);
  },
  lastOccurredAt: ({ lastOccurredAt }) => lastOccurredAt,
  commands: ({ commands }) => commands,
  snapshot: {
    write: ({ lastOccurredAt }) => String(lastOccurredAt),
    read: (text) => ({ lastOccurredAt: Number(text), commands: new Map() }),
  },
  keysOf: ({ metadata }) => [commandKey(metadata.commandId)],
  wholeOf: () => undefined,
  isResident: () => true,
  remember: rememberUnmatched,
  rememberCommand: rememberUnmatched,
  evict: ({ commands }, through) => {
    for (const [key, { revision }] of commands) if (revision <= through) commands.delete(key);
  },
  residents: ({ commands }) => commands.size,
};

function rememberUnmatched({ commands }: Unmatched, event: Recorded<UnmatchedEvent>): void {
  const { commandId, contentHash } = event.metadata;
  const answer = answerOf(event);
  if (contentHash === undefined || answer === undefined) return;
  commands.set(commandId, { contentHash, revision: event.revision, answer });
}
