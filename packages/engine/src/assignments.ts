// assignments.ts: takes what stands in suspense where it belongs: in its own stream; or, of an unmatched message, to an account,
// in two steps like a transfer.

import {
  type Account,
  type AccountId,
  type AssignCommand,
  type DomainEvent,
  InvariantBroken,
  type Recorded,
  type SuspenseCommand,
  suspenseStepId,
  type UnmatchedEvent,
} from '@holdfast/domain';
import { contentHashOf, parseStream } from '@holdfast/events';
import type { CommandContext, CommandOutcome, Resolve } from './engine.ts';
import { createUnderWay } from './underWay.ts';

export type AssignmentSurroundings = {
  readonly execute: (command: SuspenseCommand, context: CommandContext) => Promise<CommandOutcome>;
  readonly assign: (stream: string, command: AssignCommand, context: CommandContext) => Promise<CommandOutcome>;
  readonly account: (accountId: AccountId) => Promise<Account>;
  /** From the log. */
  readonly assigned: (stream: string, revision: number) => Promise<Recorded<UnmatchedEvent>>;
};

export type Assignments = {
  /** Resolves once the sum is where it belongs, and that is durable. Again: the same. */
  resolve(command: Resolve, context: CommandContext): Promise<CommandOutcome>;
  /** The second step of the one that stands at `revision` of a stream of unmatched messages. False: it has none. */
  resume(stream: string, revision: number): Promise<boolean>;
  /** Resolves when none is under way here. */
  settled(): Promise<void>;
};

export function createAssignments({ execute, assign, account, assigned }: AssignmentSurroundings): Assignments {
  const { track, settled } = createUnderWay();

  async function resolve(command: Resolve, context: CommandContext): Promise<CommandOutcome> {
    const parsed = parseStream(command.stream);
    if (parsed?.category === 'account') return resolveOwn(parsed.id, command, context);
    if (parsed?.category !== 'unmatched') return { done: false, refusal: 'suspense_not_found' };
    const { stream, revision, reason } = command;
    const to =
      typeof command.to === 'string'
        ? command.to
        : { account: await account(command.to.accountId), accountMinor: command.to.accountMinor };
    const done = await assign(stream, { revision, to, reason }, context);
    if (!done.done) return done;
    const received = await finish(stream, done.event);
    return received === undefined ? done : { ...done, position: received.position };
  }

  /** A sum of an account stays with it, or is nobody's: a transfer takes it to another. */
  async function resolveOwn(
    accountId: AccountId,
    { revision, to, reason }: Resolve,
    context: CommandContext,
  ): Promise<CommandOutcome> {
    if (typeof to === 'string') return execute({ type: 'resolveSuspense', accountId, revision, to, reason }, context);
    if (to.accountId !== accountId) return { done: false, refusal: 'other_account' };
    const { accountMinor } = to;
    const sum = accountMinor === undefined ? {} : { accountMinor };
    return execute({ type: 'resolveSuspense', accountId, revision, to: 'available', reason, ...sum }, context);
  }

  /** Undefined when the sum went to no account. */
  async function finish(stream: string, { type, data, metadata }: Recorded<DomainEvent>) {
    if (type !== 'SuspenseAssigned') throw new InvariantBroken(`a sum in suspense that was assigned by ${type}`);
    const { revision, accountId, accountMinor, side, amountMinor, currency } = data;
    if (accountId === undefined || accountMinor === undefined) return undefined;
    const commandId = suspenseStepId(stream, revision);
    const sum = { side, amountMinor, currency };
    const received = await execute(
      { type: 'receiveSuspense', accountId, stream, revision, sum, accountMinor },
      {
        ...{ commandId, contentHash: contentHashOf(commandId), actor: 'system' },
        ...{ correlationId: metadata.correlationId, causationId: metadata.commandId },
      },
    );
    if (!received.done) throw new InvariantBroken(`a sum assigned to ${accountId} was refused: ${received.refusal}`);
    return received;
  }

  async function resume(stream: string, revision: number): Promise<boolean> {
    return (await finish(stream, await assigned(stream, revision))) !== undefined;
  }

  return {
    resolve: (command, context) => track(resolve(command, context)),
    resume: (stream, revision) => track(resume(stream, revision)),
    settled,
  };
}
