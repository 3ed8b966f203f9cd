// runtime.ts: the engine: sends each message to the stream of its card, keeps the time, and opens and closes the rest.

import { getRandomValues } from 'node:crypto';
import {
  type Account,
  type AccountEvent,
  type AccountId,
  type ApiKeyEvent,
  type CardClaimEvent,
  type CommandId,
  type Instant,
  InvariantBroken,
  type Program,
  type ProgramEvent,
  type ProgramId,
  type Recorded,
  type TransactionId,
  type TransferId,
  type UnmatchedEvent,
} from '@holdfast/domain';
import { accountIdOfStream, accountStream, apiKeyStream, programStream, unmatchedStream } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { accountAggregate } from './accountAggregate.ts';
import type { AccountIndex } from './accountIndex.ts';
import { authorizationCodes } from './authorizationCode.ts';
import { openAuthorizers, type Shared } from './authorizers.ts';
import { createCardGate } from './cardGate.ts';
import { createClearingFiles } from './clearingFiles.ts';
import { type Clock, systemClock } from './clock.ts';
import { apiKeyAggregate, cardClaimAggregate, programAggregate, type Small } from './commandAggregate.ts';
import type { Engine, EngineCounters, MessageSubmission } from './engine.ts';
import { asUnavailable, EngineUnavailable, StreamQuarantined } from './errors.ts';
import { createCardLookup } from './lookup.ts';
import { createManagement } from './management.ts';
import { MessageJob, type MessageSurroundings } from './messageJob.ts';
import { createStreams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { type TimerCause, timerJob } from './timerJob.ts';
import { type Unmatched, unmatchedAggregate } from './unmatchedAggregate.ts';
import { unmatchedJob } from './unmatchedJob.ts';

export type Due = { readonly accountId: AccountId; readonly transactionId: TransactionId; readonly expiresAt: Instant };

/** A transfer of its source; or where in a stream of unmatched messages a sum was assigned to an account. */
export type Unfinished =
  | { readonly accountId: AccountId; readonly transferId: TransferId }
  | { readonly stream: string; readonly revision: number };

export type EngineOptions = {
  readonly journal: Journal;
  readonly index: AccountIndex;
  readonly clock?: Clock;
  /** Fills an array with random bytes: authorization codes. */
  readonly random?: (bytes: Uint8Array) => void;
  /** Holds to expire: open ones whose time is past `now`, soonest first, over all accounts. Left out: nothing expires. */
  readonly due?: (now: Instant, limit: number) => readonly Due[];
  /** Transfers and assignments begun before `before` and not finished, oldest first. Left out: none is resumed here. */
  readonly unfinished?: (before: Instant, limit: number) => readonly Unfinished[];
  /** Others write this log too. Left out: this engine is the only one, and nothing of it goes by any other. */
  readonly shared?: Shared;
  /** Told about what an operator must look at. */
  readonly alarm?: (message: string, details: Record<string, unknown>) => void;
  /** Accounts that may be in memory; those unused leave first. */
  readonly maxAccounts?: number;
  /** Transactions and commands that may be in memory over all accounts; the oldest leave first, for the index. */
  readonly maxResidents?: number;
  /** Events between two snapshots of an account: what has to be read again at most, but for those of the last moments. */
  readonly snapshotEvery?: number;
};

export const ENGINE_LIMITS = {
  /** Messages that may be on their way at once; one more is told that we are unavailable. */
  pending: 20_000,
  /** Expiries sent in one turn of the scheduler. */
  expiries: 500,
  /** Transfers and assignments resumed in one turn of the scheduler. */
  resumed: 500,
  accounts: 100_000,
  residents: 250_000,
  /** What was just decided is often needed next: so much of an account stays, however little memory is left. */
  residentsLeast: 256,
  snapshotEvery: 2_000,
  smallStreams: 10_000,
  /** How long a call waits for a change to be in force on every authorizer. */
  inForceMs: 5_000,
} as const;

const SCHEDULER_MS = 1_000;
/** Whoever began it has most likely finished it by then, or never will. */
const UNFINISHED_AFTER_MS = 2_000;
const DEADLINE_SWEEP_MS = 50;
const REGISTRY_MS = 300_000;

/** Reads what every decision may need from the log; the engine is ready when this resolves. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const {
    journal,
    index,
    clock = systemClock,
    due = () => [],
    unfinished = () => [],
    shared,
    alarm = () => {},
  } = options;
  const { random = (bytes) => void getRandomValues(bytes), maxAccounts = ENGINE_LIMITS.accounts } = options;
  const { maxResidents = ENGINE_LIMITS.residents, snapshotEvery = ENGINE_LIMITS.snapshotEvery } = options;
  const counters = {
    ...{ decisions: 0, repeats: 0, appends: 0, appendedEvents: 0, failedAppends: 0 },
    ...{ lateDecisions: 0, expired: 0, resumed: 0, quarantinedAccounts: 0, snapshots: 0 },
  };
  const lookup = createCardLookup(journal);
  const cards = createCardGate();
  const least = Math.min(ENGINE_LIMITS.residentsLeast, Math.ceil(maxResidents / 4));
  const residents = { count: 0, most: maxResidents, least };
  const saving = { count: 0, weight: 0 };
  const around: Surroundings = { journal, index, clock, counters, snapshotEvery, residents, saving, alarm };
  const accounts = createStreams<Account, AccountEvent>(accountAggregate, around, maxAccounts);
  const instance = uuidOf(random);
  const { definite } = accounts;
  const withinMs = ENGINE_LIMITS.inForceMs;
  const authorizers = await openAuthorizers({ journal, index, clock, shared, instance, definite, withinMs });
  const { registry, current, inForce } = authorizers;
  const small = ENGINE_LIMITS.smallStreams;
  const programs = createStreams<Small<Program>, ProgramEvent>(programAggregate, around, small, (events, position) => {
    for (const event of events) registry.apply(programStream(event.data.programId), event, position);
  });
  const apiKeys = createStreams<Small<ApiKeyEvent['data']>, ApiKeyEvent>(
    apiKeyAggregate,
    around,
    small,
    (events, position) => {
      for (const event of events) registry.apply(apiKeyStream(event.data.apiKeyId), event, position);
    },
  );
  const claims = createStreams<Small<Recorded<CardClaimEvent>>, CardClaimEvent>(cardClaimAggregate, around, small);
  const unmatched = createStreams<Unmatched, UnmatchedEvent>(unmatchedAggregate, around, 256);
  const files = createClearingFiles(around, journal);
  const pending = new Set<MessageJob>();
  const expiring = new Set<TransactionId>();
  const resuming = new Set<string>();
  let allAnswered: (() => void) | undefined;
  let stopped: string | undefined;
  authorizers.failed.catch((error: Error) => {
    stopped ??= error.message;
  });

  // --- messages

  const messages: MessageSurroundings = {
    now: clock.now,
    counters,
    authorizationCode: authorizationCodes(random),
    programOf: (account) => {
      const { opened } = account;
      if (opened === undefined) throw new InvariantBroken('an account with cards that was never opened');
      return registry.program(opened.programId);
    },
    toCurrent: (job) => {
      current().then(
        () => accounts.of(job.stream).submit(job),
        (error: Error) => job.failed(asUnavailable(error)),
      );
    },
    toUnmatched,
    recordedElsewhere: recordUnmatched,
    resubmit: (job) => accounts.of(job.stream).submit(job),
    releaseLate: (stream, transactionId, { correlationId, commandId }) => {
      // After those who wait with it: a repeat in time keeps the hold.
      const cause = { correlationId, causationId: commandId, actor: 'system' };
      queueMicrotask(() => release(stream, transactionId, commandId, cause));
    },
    settled: (job) => {
      pending.delete(job);
      if (pending.size === 0) allAnswered?.();
    },
    ownApprovals: new Map(),
  };

  function submit(submission: MessageSubmission) {
    return new Promise<Awaited<ReturnType<Engine['submit']>>>((resolve, reject) => {
      const refused = stopped ?? (pending.size < ENGINE_LIMITS.pending ? undefined : 'too many messages are under way');
      if (refused !== undefined) {
        reject(new EngineUnavailable(refused));
        return;
      }
      if (shared !== undefined && shared.authorizer === undefined) {
        reject(new InvariantBroken('this engine has no name among the authorizers: it must decide no network message'));
        return;
      }
      const job = new MessageJob(submission, messages, resolve, reject);
      pending.add(job);
      route(job);
    });
  }

  /** To the account of its card. */
  function route(job: MessageJob): void {
    const { cardId } = job.submission.message;
    const known = lookup.known(cardId);
    if (known !== undefined) {
      toAccount(job, known);
      return;
    }
    lookup.read(cardId).then(
      (found) => (found === undefined ? toUnmatched(job) : toAccount(job, found)),
      (error: Error) => job.failed(asUnavailable(error)),
    );
  }

  function toAccount(job: MessageJob, stream: string): void {
    job.stream = stream;
    accounts.of(stream).submit(job);
  }

  /** Nobody knows its card, unless that is being issued. */
  function toUnmatched(job: MessageJob): void {
    const issued = cards.issued(job.submission.message.cardId);
    if (issued === undefined) recordUnmatched(job);
    else void issued.then(() => route(job));
  }

  function recordUnmatched(job: MessageJob): void {
    const { submission } = job;
    const recorded = cards.recording(submission.message.cardId);
    const answered = (...[answer, position]: Parameters<MessageJob['settle']>) => {
      recorded();
      job.settle(answer, position);
    };
    const failed = (error: Error) => {
      recorded();
      job.failed(error);
    };
    unmatched.of(unmatchedStream(submission.commandId)).submit(unmatchedJob(submission, answered, failed));
  }

  const management = createManagement({
    ...{ journal, accounts, programs, apiKeys, claims, unmatched, files, registry, lookup, cards, current, inForce },
    isShared: shared !== undefined,
    stopped: () => stopped,
  });

  // --- time

  /** Nobody else knows that nobody was told: tried until it is done, or the process ends. */
  function release(stream: string, transactionId: TransactionId, decision: CommandId, cause: TimerCause): void {
    const again = (error: Error) => {
      if (error instanceof StreamQuarantined || stopped !== undefined) return;
      clock.after(SCHEDULER_MS, () => release(stream, transactionId, decision, cause));
    };
    accounts.of(stream).submit(timerJob({ type: 'releaseLate', transactionId, decision }, cause, () => {}, again));
  }

  async function tick(): Promise<void> {
    for (const streams of [accounts, claims, programs, apiKeys, unmatched, files.streams]) streams.trim();
    // Nearly in the order of their ends.
    for (const [id, { until }] of messages.ownApprovals) {
      if (clock.now() <= until) break;
      messages.ownApprovals.delete(id);
    }
    // Those of last time that are still under way do not take the place of others.
    const found = due(clock.now(), ENGINE_LIMITS.expiries + expiring.size);
    const expiries = found.filter(({ transactionId }) => !expiring.has(transactionId)).map(expire);
    await Promise.all([...expiries, ...resumeUnfinished()]);
  }

  function resumeUnfinished(): readonly Promise<void>[] {
    const before = clock.now() - UNFINISHED_AFTER_MS;
    return unfinished(before, ENGINE_LIMITS.resumed + resuming.size)
      .map((each) => ({ each, key: 'transferId' in each ? each.transferId : `${each.stream}@${each.revision}` }))
      .filter(({ key }) => !resuming.has(key))
      .map(({ each, key }) => resume(each, key));
  }

  async function resume(each: Unfinished, key: string): Promise<void> {
    resuming.add(key);
    try {
      const resumed =
        'transferId' in each
          ? await management.transfers.resume(each.accountId, each.transferId)
          : await management.assignments.resume(each.stream, each.revision);
      if (resumed) counters.resumed++;
    } catch (error) {
      // A quarantined account's stay: they would come first each time.
      if (error instanceof StreamQuarantined) return;
    }
    resuming.delete(key);
  }

  function expire({ accountId, transactionId, expiresAt }: Due): Promise<void> {
    expiring.add(transactionId);
    return new Promise((resolve) => {
      const settled = (released: boolean) => {
        if (released) counters.expired++;
        expiring.delete(transactionId);
        resolve();
      };
      const failed = (error: Error) => {
        // A quarantined account's stay: they would come first each time.
        if (!(error instanceof StreamQuarantined)) expiring.delete(transactionId);
        resolve();
      };
      const cause = { correlationId: transactionId, actor: 'scheduler' };
      const job = timerJob({ type: 'expire', transactionId, expiresAt }, cause, settled, failed);
      accounts.of(accountStream(accountId)).submit(job);
    });
  }

  /** Whoever waits past the deadline is told 91 now: an answer that comes later is of no use to the network. */
  function sweep(): void {
    const now = clock.now();
    for (const job of pending) {
      if (now > job.waitsUntil) job.expire(job.stream === '' ? 0n : accounts.of(job.stream).position);
    }
  }

  /** Resolves when no message waits for its answer. */
  function answeredAll(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    allAnswered = resolve;
    if (pending.size === 0) resolve();
    return promise;
  }

  /** Does not wait for it: one account that cannot be written must not hold up the others. */
  function schedule(): void {
    tick().catch((error: Error) => alarm('the expiry scheduler failed', { error: error.message }));
  }

  /** What it saves, the log has. */
  function saveRegistry(): Promise<void> {
    return authorizers.save().catch((error: Error) => alarm('the registry was not saved', { error: error.message }));
  }

  const timers = [every(clock, SCHEDULER_MS, schedule), every(clock, REGISTRY_MS, saveRegistry)];
  const stopSweeping = every(clock, DEADLINE_SWEEP_MS, sweep);
  void saveRegistry();

  return {
    submit,
    execute: (command, context) => management.execute(command, context).catch(throwUnavailable),
    tick,
    apiKey: registry.apiKey,
    apiKeys: registry.apiKeys,
    current: () => current().catch(throwUnavailable),
    accountOf: async (cardId) => {
      const stream = lookup.known(cardId) ?? (await lookup.read(cardId).catch(throwUnavailable));
      return stream === undefined ? undefined : accountIdOfStream(stream);
    },
    clearingFile: (id) => files.standing(id).catch(throwUnavailable),
    failed: authorizers.failed,
    programOf: async (accountId): Promise<ProgramId | undefined> =>
      (await management.account(accountId)).opened?.programId,
    get ready() {
      return stopped === undefined;
    },
    get counters(): EngineCounters {
      return { ...counters, accountsInMemory: accounts.size, residents: residents.count };
    },
    async close() {
      stopped = 'the engine is stopping';
      for (const stop of timers) stop();
      // One that is still looked for in the log is in no stream, and would be decided after the last word.
      await answeredAll();
      stopSweeping();
      await Promise.all([management.transfers.settled(), management.assignments.settled()]);
      for (const streams of [accounts, programs, apiKeys, claims, unmatched, files.streams]) await streams.settle();
      await saveRegistry();
      await authorizers.close();
    },
  };
}

function throwUnavailable(error: Error): never {
  throw asUnavailable(error);
}

/** Version 4 (RFC 9562) of 16 random bytes. */
function uuidOf(random: (bytes: Uint8Array) => void): string {
  const bytes = new Uint8Array(16);
  random(bytes);
  const hex = Buffer.from(bytes).toString('hex');
  const variant = '89ab'.charAt((bytes[8] ?? 0) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Calls back again and again, until the returned function is called. */
function every(clock: Clock, ms: number, callback: () => void): () => void {
  let cancel = clock.after(ms, turn);
  function turn(): void {
    cancel = clock.after(ms, turn);
    callback();
  }
  return () => cancel();
}
