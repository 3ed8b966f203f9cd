// commandAggregate.ts: small streams (program, API key, card claim, clearing file): one value and the commands that were carried out.

import {
  type ApiKeyEvent,
  type CardClaimEvent,
  type ClearingFile,
  type ClearingFileEvent,
  type CommandId,
  type CommandRecord,
  type DomainEvent,
  evolveClearingFile,
  evolveProgram,
  type Instant,
  managementRecord,
  type Program,
  type ProgramEvent,
  type Recorded,
} from '@holdfast/domain';
import type { Aggregate } from './aggregate.ts';

/** `value` is undefined before the first event. */
export type Small<Value> = {
  value: Value | undefined;
  lastOccurredAt: Instant;
  readonly commands: Map<CommandId, CommandRecord>;
};

/** These streams are short: they are read whole, stay whole in memory, and need no snapshot. */
function smallAggregate<Value, Event extends DomainEvent>(
  evolveValue: (value: Value | undefined, event: Recorded<Event>) => Value,
): Aggregate<Small<Value>, Event> {
  return {
    initial: () => ({ value: undefined, lastOccurredAt: 0, commands: new Map() }),
    evolve: (state, event) => {
      state.value = evolveValue(state.value, event);
      state.lastOccurredAt = event.metadata.occurredAt;
      const { commandId, contentHash } = event.metadata;
      if (contentHash !== undefined) state.commands.set(commandId, managementRecord(event.revision));
    },
    lastOccurredAt: ({ lastOccurredAt }) => lastOccurredAt,
    commands: ({ commands }) => commands,
    snapshot: undefined,
    keysOf: () => [],
    wholeOf: () => undefined,
    isResident: () => true,
    remember: () => {},
    rememberCommand: () => {},
    evict: () => {},
    residents: () => 0,
  };
}

export const programAggregate = smallAggregate<Program, ProgramEvent>(evolveProgram);

export const apiKeyAggregate = smallAggregate<ApiKeyEvent['data'], ApiKeyEvent>((_, { data }) => data);

export const cardClaimAggregate = smallAggregate<Recorded<CardClaimEvent>, CardClaimEvent>((_, event) => event);

export const clearingFileAggregate = smallAggregate<ClearingFile, ClearingFileEvent>(evolveClearingFile);
