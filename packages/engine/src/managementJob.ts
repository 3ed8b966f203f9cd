// managementJob.ts: a management command on its way through the stream that it writes.

import {
  commandKey,
  type DomainEvent,
  type Instant,
  InvariantBroken,
  type ProgramId,
  type Recorded,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { CommandRecords, Decided, Job } from './aggregate.ts';
import type { CommandContext, RefusalCode } from './engine.ts';

export type Managed<Event extends DomainEvent> =
  | { readonly done: true; readonly event: Recorded<Event>; readonly position: Position }
  | { readonly done: false; readonly refusal: RefusalCode };

/** What a kind of stream knows about carrying out a command. */
export type Carrying<State, Event extends DomainEvent> = {
  readonly commands: (state: State) => CommandRecords;
  /** Keys that `decide` needs in memory, beside the command's own. */
  readonly needs?: readonly string[];
  /** The first event stands for the command. */
  readonly decide: (state: State, now: Instant) => readonly Event[] | { readonly refusal: RefusalCode };
  readonly programId: (state: State) => ProgramId | undefined;
  /** Of this stream, from the log: what a repeat is compared with, and its answer built from. */
  readonly eventAt: (revision: number) => Promise<{ readonly event: Recorded<Event>; readonly position: Position }>;
};

/** The same key with the same content is done once and answered alike; with other content it is refused. */
export function managementJob<State, Event extends DomainEvent>(
  context: CommandContext,
  { commands, needs = [], decide, programId, eventAt }: Carrying<State, Event>,
  resolve: (managed: Managed<Event>) => void,
  reject: (error: Error) => void,
): Job<State, Event> {
  const { commandId, contentHash, correlationId, causationId, actor } = context;
  const cause = causationId === undefined ? {} : { causationId };
  let refusal: RefusalCode | undefined;
  let before: number | undefined;

  function repeated(first: Awaited<ReturnType<typeof eventAt>>): Managed<Event> {
    const same = first.event.metadata.contentHash === contentHash;
    return same ? { done: true, ...first } : { done: false, refusal: 'idempotency_key_reused' };
  }

  return {
    needs: () => [commandKey(commandId), ...needs],
    decide: (state, now): Decided<Event> => {
      refusal = undefined;
      before = undefined;
      const known = commands(state).get(commandId);
      if (known !== undefined) {
        before = known.revision;
        return { restsOn: before };
      }
      const decided = decide(state, now);
      if ('refusal' in decided) {
        refusal = decided.refusal;
        return { restsOn: 'head' };
      }
      const program = programId(state);
      const whose = program === undefined ? {} : { programId: program };
      return { append: decided, metadata: { commandId, contentHash, correlationId, ...cause, actor, ...whose } };
    },
    done: (recorded, position) => {
      const [event] = recorded;
      if (refusal !== undefined) resolve({ done: false, refusal });
      else if (event !== undefined) resolve({ done: true, event, position });
      else if (before !== undefined) eventAt(before).then((first) => resolve(repeated(first)), reject);
      else reject(new InvariantBroken(`${commandId} did nothing and was not refused`));
    },
    failed: reject,
  };
}
