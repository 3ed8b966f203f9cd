// aggregate.ts: what the runtime must know of a kind of stream: its state, and what of it can leave memory.

import type { CommandId, CommandRecord, DomainEvent, EventMetadata, Instant, Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';

/** Of a stream, as far as they are in memory. */
export type CommandRecords = Pick<ReadonlyMap<CommandId, CommandRecord>, 'get'>;

export type Aggregate<State, Event extends DomainEvent> = {
  readonly initial: () => State;
  /** Changes `state` in place. Throws `InvariantBroken` when the event cannot follow. */
  readonly evolve: (state: State, event: Recorded<Event>) => void;
  readonly lastOccurredAt: (state: State) => Instant;
  readonly commands: (state: State) => CommandRecords;
  /** The part of the state that never leaves memory, as text and back. Undefined: the stream is short, read it whole. */
  readonly snapshot: { readonly write: (state: State) => string; readonly read: (text: string) => State } | undefined;
  /** Keys under which an event can be needed again once it has left memory. */
  readonly keysOf: (event: Recorded<Event>) => readonly string[];
  /** The key of the thing that an event belongs to as a whole (a transaction), if it belongs to one. */
  readonly wholeOf: (event: Recorded<Event>) => string | undefined;
  readonly isResident: (state: State, whole: string) => boolean;
  /** Puts an event that comes back from the index into memory: of a whole, all its events in order. */
  readonly remember: (state: State, event: Recorded<Event>) => void;
  /** The same for a whole that is in memory: only the command that the event stands for may be missing. */
  readonly rememberCommand: (state: State, event: Recorded<Event>) => void;
  /** Forgets events up to `through`, which the index can bring back. */
  readonly evict: (state: State, through: number) => void;
  /** How many things are in memory that could leave it. */
  readonly residents: (state: State) => number;
};

export type Decided<Event extends DomainEvent> =
  /** Appended in one piece, under one command. */
  | { readonly append: readonly Event[]; readonly metadata: Omit<EventMetadata, 'occurredAt'> }
  /**
   * Nothing to append; the answer rests on events up to this revision, on everything seen (`all`), or also on there being
   * nothing newer in the log (`head`), where another engine may have written: that is looked up first.
   */
  | { readonly restsOn: number | 'all' | 'head' };

/**
 * One command on its way through a stream. It may be decided more than once (when what it rested on was dropped), and
 * is done, or has failed, once.
 */
export interface Job<State, Event extends DomainEvent> {
  /** Keys that must be in memory, or known to be nowhere, before `decide`. */
  needs(state: State): readonly string[];
  decide(state: State, now: Instant): Decided<Event>;
  /** What `decide` answered is durable. `recorded` are its own events. */
  done(recorded: readonly Recorded<Event>[], position: Position): void;
  failed(error: Error): void;
}
