// managementJob.ts: a management command on its way through the stream that it writes.

import {
  type CommandRecord,
  commandKey,
  type DomainEvent,
  type Instant,
  InvariantBroken,
  type ProgramId,
  type Recorded,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Decided, Job } from './aggregate.ts';
import type { CommandContext, RefusalCode } from './engine.ts';

export type Managed<Event extends DomainEvent> =
  | { readonly done: true; readonly event: Recorded<Event>; readonly position: Position }
  | { readonly done: false; readonly refusal: RefusalCode };

/** What a kind of stream knows about carrying out a command. */
export type Carrying<State, Event extends DomainEvent> = {
  readonly commands: (state: State) => ReadonlyMap<string, CommandRecord & { readonly first?: Recorded<Event> }>;
  readonly decide: (state: State, now: Instant) => Event | { readonly refusal: RefusalCode };
  readonly programId: (state: State) => ProgramId | undefined;
};

/** The same key with the same content is done once and answered alike; with other content it is refused. */
export function managementJob<State, Event extends DomainEvent>(
  context: CommandContext,
  { commands, decide, programId }: Carrying<State, Event>,
  resolve: (managed: Managed<Event>) => void,
  reject: (error: Error) => void,
): Job<State, Event> {
  const { commandId, contentHash, correlationId, actor } = context;
  const key = commandKey(commandId);
  let refusal: RefusalCode | undefined;
  let before: Recorded<Event> | undefined;
  return {
    needs: () => [key],
    decide: (state, now): Decided<Event> => {
      refusal = undefined;
      before = undefined;
      const known = commands(state).get(key);
      if (known !== undefined) {
        before = known.first ?? (known.event as Recorded<Event> | undefined);
        if (known.contentHash !== contentHash) refusal = 'idempotency_key_reused';
        return { restsOn: known.revision };
      }
      const decided = decide(state, now);
      if ('refusal' in decided) {
        refusal = decided.refusal;
        return { restsOn: 'head' };
      }
      const program = programId(state);
      const whose = program === undefined ? {} : { programId: program };
      return { append: [decided], metadata: { commandId, contentHash, correlationId, actor, ...whose } };
    },
    done: (recorded, position) => {
      const event = before ?? recorded[0];
      if (refusal !== undefined) resolve({ done: false, refusal });
      else if (event !== undefined) resolve({ done: true, event, position });
      else reject(new InvariantBroken(`${commandId} is a management command and a network message`));
    },
    failed: reject,
  };
}
