// unmatchedAggregate.ts: one of the 256 streams of messages for cards that nobody knows: which messages it has, and what they left in suspense.

import {
  answerOf,
  type CommandId,
  type CommandRecord,
  commandKey,
  evolveSuspense,
  forgetSuspense,
  type Instant,
  itemOf,
  noSuspense,
  type Recorded,
  type SuspenseItems,
  suspenseKey,
  type UnmatchedEvent,
} from '@holdfast/domain';
import type { Aggregate } from './aggregate.ts';

export type Unmatched = {
  lastOccurredAt: Instant;
  readonly commands: Map<CommandId, CommandRecord>;
  /** What of its entries in suspense is in memory. */
  suspense: SuspenseItems;
};

export const unmatchedAggregate: Aggregate<Unmatched, UnmatchedEvent> = {
  initial: () => ({ lastOccurredAt: 0, commands: new Map(), suspense: noSuspense() }),
  evolve: (state, event) => {
    state.lastOccurredAt = event.metadata.occurredAt;
    rememberUnmatched(state, event);
  },
  lastOccurredAt: ({ lastOccurredAt }) => lastOccurredAt,
  commands: ({ commands }) => commands,
  snapshot: {
    write: ({ lastOccurredAt }) => String(lastOccurredAt),
    read: (text) => ({ lastOccurredAt: Number(text), commands: new Map(), suspense: noSuspense() }),
  },
  keysOf: (event) => {
    const item = itemOf(event);
    const command = commandKey(event.metadata.commandId);
    return item === undefined ? [command] : [command, suspenseKey(item)];
  },
  wholeOf: () => undefined,
  isResident: () => true,
  remember: rememberUnmatched,
  rememberCommand: rememberUnmatched,
  evict: ({ commands, suspense }, through) => {
    forgetSuspense(suspense, through);
    for (const [key, { revision }] of commands) if (revision <= through) commands.delete(key);
  },
  residents: ({ commands }) => commands.size,
};

function rememberUnmatched(state: Unmatched, event: Recorded<UnmatchedEvent>): void {
  state.suspense = evolveSuspense(state.suspense, event);
  const { commandId, contentHash } = event.metadata;
  if (contentHash === undefined) return;
  state.commands.set(commandId, { contentHash, revision: event.revision, answer: answerOf(event) });
}
