// management.ts: calls that change programs, keys, accounts and cards: to which stream each goes, and what it waits for.

import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  type AccountId,
  type ApiKeyEvent,
  type CardClaimEvent,
  type CardId,
  commandKey,
  decideAccount,
  decideAssignment,
  decideProgram,
  type Program,
  type ProgramCommand,
  type ProgramEvent,
  type ProgramId,
  type Recorded,
  type SuspenseCommand,
  suspenseKey,
  type Transfer,
  type TransferCommand,
  type TransferId,
  type UnmatchedEvent,
} from '@holdfast/domain';
import { accountStream, apiKeyStream, cardStream, programStream } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { type Assignments, createAssignments } from './assignments.ts';
import type { Authorizers } from './authorizers.ts';
import type { CardGate } from './cardGate.ts';
import type { ClearingFileCommand, ClearingFiles } from './clearingFiles.ts';
import type { Small } from './commandAggregate.ts';
import type {
  CardFacts,
  CommandContext,
  CommandOutcome,
  IssueApiKey,
  IssueCard,
  ManagementCommand,
  RefusalCode,
} from './engine.ts';
import { EngineUnavailable } from './errors.ts';
import type { CardLookup } from './lookup.ts';
import { type Carrying, type Managed, managementJob } from './managementJob.ts';
import { readEvent } from './readEvent.ts';
import type { Registry } from './registry.ts';
import type { StreamRuntime } from './streamRuntime.ts';
import type { Streams } from './streams.ts';
import { createTransfers, type Transfers } from './transfers.ts';
import type { Unmatched } from './unmatchedAggregate.ts';

export type ManagementOptions = {
  readonly journal: Journal;
  readonly accounts: Streams<Account, AccountEvent>;
  readonly programs: Streams<Small<Program>, ProgramEvent>;
  readonly apiKeys: Streams<Small<ApiKeyEvent['data']>, ApiKeyEvent>;
  readonly claims: Streams<Small<Recorded<CardClaimEvent>>, CardClaimEvent>;
  readonly unmatched: Streams<Unmatched, UnmatchedEvent>;
  readonly files: ClearingFiles;
  readonly registry: Registry;
  readonly lookup: CardLookup;
  readonly cards: CardGate;
  /** Resolves when what other engines have written until now is known. */
  readonly current: Authorizers['current'];
  readonly inForce: Authorizers['inForce'];
  /** Others write the log too. */
  readonly isShared: boolean;
  /** Why no more is taken, once that is so. */
  readonly stopped: () => string | undefined;
};

export type Management = {
  execute(command: ManagementCommand, context: CommandContext): Promise<CommandOutcome>;
  /** The account once everything it was decided on is durable; one that is not here is looked for in the log. */
  account(accountId: AccountId): Promise<Account>;
  readonly transfers: Transfers;
  readonly assignments: Assignments;
};

export function createManagement({
  journal,
  accounts,
  programs,
  apiKeys,
  claims,
  unmatched,
  files,
  registry,
  lookup,
  cards,
  current,
  inForce,
  isShared,
  stopped,
}: ManagementOptions): Management {
  function carry<State, Event extends AccountEvent | ProgramEvent | ApiKeyEvent | CardClaimEvent | UnmatchedEvent>(
    runtime: StreamRuntime<State, Event>,
    context: CommandContext,
    carrying: Omit<Carrying<State, Event>, 'eventAt'>,
  ): Promise<Managed<Event>> {
    const eventAt = (revision: number) => readEvent<Event>(journal, runtime.stream, revision);
    return new Promise((resolve, reject) => {
      runtime.submit(managementJob(context, { ...carrying, eventAt }, resolve, reject));
    });
  }

  /** `event` as the first one of a small stream, or the refusal when it has one. */
  function carryFirst<Value, Event extends ApiKeyEvent | CardClaimEvent>(
    runtime: StreamRuntime<Small<Value>, Event>,
    context: CommandContext,
    event: Event,
    refusal: RefusalCode,
    programId?: ProgramId,
  ): Promise<Managed<Event>> {
    return carry(runtime, context, {
      commands: ({ commands }) => commands,
      decide: ({ value }) => (value === undefined ? [event] : { refusal }),
      programId: () => programId,
    });
  }

  async function executeProgram(command: ProgramCommand, context: CommandContext): Promise<CommandOutcome> {
    const stream = programStream(command.programId);
    const outcome = await carry<Small<Program>, ProgramEvent>(programs.of(stream), context, {
      commands: ({ commands }) => commands,
      decide: ({ value }, now) => {
        const decided = decideProgram(value, command, now);
        return 'refusal' in decided ? decided : [decided];
      },
      programId: () => command.programId,
    });
    // A process that has died may have sent it: it came into the log after this engine had read it.
    if (outcome.done) registry.apply(stream, outcome.event, outcome.position);
    // Also when it was done before: the first call may have been told that it is not yet in force.
    if (outcome.done && outcome.event.revision > 0) {
      await inForce({ stream, revision: outcome.event.revision, position: outcome.position });
    }
    return outcome;
  }

  function issueApiKey(
    { apiKeyId, name, roles, secretHash }: IssueApiKey,
    context: CommandContext,
  ): Promise<CommandOutcome> {
    const event: ApiKeyEvent = { type: 'ApiKeyIssued', data: { apiKeyId, name, roles, secretHash } };
    return carryFirst(apiKeys.of(apiKeyStream(apiKeyId)), context, event, 'api_key_exists');
  }

  /** Only a new account names its program; every other command's program is its account's. */
  function executeAccount(stream: string, command: AccountCommand, context: CommandContext): Promise<CommandOutcome> {
    const runtime = accounts.of(stream);
    const programIdOf = ({ opened }: Account) =>
      opened?.programId ?? ('programId' in command ? command.programId : undefined);
    // Seen when a repeat is decided: its answer is read from the log, and a moment later the account may have left memory.
    let seen: CardFacts | undefined;
    const carrying: Carrying<Account, AccountEvent> = {
      eventAt: (revision) => readEvent(journal, runtime.stream, revision),
      needs: command.type === 'resolveSuspense' ? [suspenseKey(command.revision)] : [],
      commands: (account) => {
        if ('cardId' in command) seen = cardFacts(account, command.cardId);
        return account.commands;
      },
      decide: (account) => {
        const programId = programIdOf(account);
        if (programId === undefined) return { refusal: 'account_not_found' };
        const program = registry.program(programId);
        return program === undefined ? { refusal: 'program_not_found' } : decideAccount(account, command, program);
      },
      programId: programIdOf,
    };
    return new Promise((resolve, reject) => {
      const done = (managed: Managed<AccountEvent>) => {
        const card = 'cardId' in command ? (seen ?? cardFacts(runtime.state, command.cardId)) : undefined;
        resolve(managed.done && card !== undefined ? { ...managed, card } : managed);
      };
      runtime.submit(managementJob(context, carrying, done, reject));
    });
  }

  /** The number is claimed first, so that no two accounts have it; then the account gets the card. */
  async function issueCard(command: IssueCard, context: CommandContext): Promise<CommandOutcome> {
    const { accountId, cardId, fingerprintKeyId } = command;
    // That of the account in memory, for the card to lead to the same text.
    const { stream } = accounts.of(accountStream(accountId));
    const account = await readAccount(accountId, [commandKey(context.commandId)]);
    if (account.opened === undefined) return { done: false, refusal: 'account_not_found' };
    const { programId } = account.opened;
    // Done before, or refused for ever: nothing is claimed for it.
    if (account.commands.has(context.commandId)) return executeAccount(stream, { ...command, carried: [] }, context);
    if (account.status !== 'open') return { done: false, refusal: 'account_closed' };
    const claim: CardClaimEvent = {
      type: 'CardNumberClaimed',
      data: { cardId, accountId, programId, fingerprintKeyId },
    };
    const claimed = await carryFirst(claims.of(cardStream(cardId)), context, claim, 'card_number_taken', programId);
    if (!claimed.done) return claimed;
    lookup.remember(cardId, stream);
    // What came before the claim is in the log; what comes now waits for the account to have the card.
    await cards.recorded(cardId);
    return executeAccount(stream, { ...command, carried: await registry.earlyFacts(cardId) }, context);
  }

  async function executeCard(
    command: Extract<AccountCommand, { readonly type: 'pauseCard' | 'resumeCard' | 'closeCard' | 'setCardControls' }>,
    context: CommandContext,
  ): Promise<CommandOutcome> {
    const stream = lookup.known(command.cardId) ?? (await lookup.read(command.cardId));
    return stream === undefined ? { done: false, refusal: 'card_not_found' } : executeAccount(stream, command, context);
  }

  /** The account once everything it was decided on is durable; one that is not here is looked for in the log. */
  function readAccount(accountId: AccountId, needs: readonly string[] = []): Promise<Account> {
    const runtime = accounts.of(accountStream(accountId));
    return new Promise((resolve, reject) => {
      runtime.submit({
        needs: () => needs,
        decide: ({ opened }) => ({ restsOn: opened === undefined ? 'head' : 'all' }),
        done: () => resolve(runtime.state),
        failed: reject,
      });
    });
  }

  const executeStep = async (command: TransferCommand | SuspenseCommand, context: CommandContext) => {
    const go = () => executeAccount(accountStream(command.accountId), command, context);
    return again(await go(), go);
  };

  const assignments = createAssignments({
    execute: executeStep,
    account: readAccount,
    assign: (stream, command, context) =>
      carry(unmatched.of(stream), context, {
        commands: ({ commands }) => commands,
        needs: [suspenseKey(command.revision)],
        decide: ({ suspense }) => {
          const decided = decideAssignment(suspense, command);
          return 'refusal' in decided ? decided : [decided];
        },
        programId: () => (typeof command.to === 'string' ? undefined : command.to.account.opened?.programId),
      }),
    assigned: async (stream, revision) => (await readEvent<UnmatchedEvent>(journal, stream, revision)).event,
  });

  const transfers = createTransfers({
    execute: executeStep,
    account: readAccount,
    unfinished: readUnfinished,
  });

  /** Looked for in the log before it is said to be finished, since another engine may have sent it. */
  function readUnfinished(accountId: AccountId, transferId: TransferId): Promise<Transfer | undefined> {
    const runtime = accounts.of(accountStream(accountId));
    let found: Transfer | undefined;
    return new Promise((resolve, reject) => {
      runtime.submit({
        needs: () => [],
        decide: ({ transfers }) => {
          found = transfers.get(transferId);
          return { restsOn: found === undefined ? 'head' : 'all' };
        },
        done: () => resolve(found),
        failed: reject,
      });
    });
  }

  type CommandOfAccount = Exclude<ManagementCommand, ProgramCommand | IssueApiKey | ClearingFileCommand>;

  async function execute(command: ManagementCommand, context: CommandContext): Promise<CommandOutcome> {
    const reason = stopped();
    if (reason !== undefined) throw new EngineUnavailable(reason);
    switch (command.type) {
      case 'createProgram':
      case 'pauseProgram':
      case 'resumeProgram':
      case 'publishRates':
      case 'setMarkup':
      case 'setHoldExpiry':
        return executeProgram(command, context);
      case 'issueApiKey':
        return issueApiKey(command, context);
      case 'receiveClearingFile':
      case 'completeClearingFile':
        return files.execute(command, context);
      case 'openAccount':
      case 'issueCard':
        // Not in a program that another engine has paused.
        if (isShared) await current();
        return executeOfAccount(command, context);
      default:
        return again(await executeOfAccount(command, context), () => executeOfAccount(command, context));
    }
  }

  /** The account's program may have been made by another engine, a moment ago. */
  async function again(outcome: CommandOutcome, execute: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
    if (outcome.done || outcome.refusal !== 'program_not_found') return outcome;
    await current();
    return execute();
  }

  async function executeOfAccount(command: CommandOfAccount, context: CommandContext): Promise<CommandOutcome> {
    switch (command.type) {
      case 'issueCard':
        return cards.issuing(command.cardId, () => issueCard(command, context));
      case 'openAccount':
      case 'closeAccount':
      case 'deposit':
      case 'withdraw':
      case 'correct':
      case 'setCreditLine':
      case 'setAccountControls':
        return executeAccount(accountStream(command.accountId), command, context);
      case 'pauseCard':
      case 'resumeCard':
      case 'closeCard':
      case 'setCardControls':
        return executeCard(command, context);
      case 'transfer':
        return transfers.send(command, context);
      case 'resolve':
        return assignments.resolve(command, context);
      default:
        return command satisfies never;
    }
  }

  return { execute, account: readAccount, transfers, assignments };
}

function cardFacts({ cards, opened }: Account, cardId: CardId): CardFacts | undefined {
  const card = cards.get(cardId);
  if (card === undefined || opened === undefined) return undefined;
  const { bin, last4, expiry, label, issuedAt } = card;
  const { accountId, programId } = opened;
  return { cardId, accountId, programId, bin, last4, expiry, ...(label === undefined ? {} : { label }), issuedAt };
}
