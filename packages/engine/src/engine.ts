// engine.ts: what the services see of the engine.

import type {
  AccountCommand,
  AccountId,
  AccountRefusal,
  Answer,
  ApiKeyEvent,
  ApiKeyId,
  CardId,
  ClearingFileEvent,
  ClearingFileFacts,
  ClearingFileId,
  ClearingFileReport,
  CommandId,
  ContentHash,
  DecidableMessage,
  DomainEvent,
  Instant,
  ProgramCommand,
  ProgramId,
  ProgramRefusal,
  Recorded,
  SuspenseCommand,
  SuspenseTo,
  TransferCommand,
  TransferId,
  TransferRefusal,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { CurrencyCode } from '@holdfast/money';

/** A parsed network message with what the edge knows about it. */
export type MessageSubmission = {
  readonly message: DecidableMessage;
  /** From the message's identity (`@holdfast/events`). */
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  /** When nobody waits for the answer any more: the message's `answer_by`, or receipt plus 5 s. */
  readonly answerBy: Instant;
  readonly actor: string;
  readonly correlationId: string;
};

export type MessageAnswered = {
  readonly answer: Answer;
  /** Position of the event behind the answer. A reply with it as `min_position` sees the decision. */
  readonly position: Position;
  /** Of the account that decided; absent when nobody has the card, or nobody waited for the decision any more. */
  readonly accountCurrency?: CurrencyCode;
};

export type IssueApiKey = {
  readonly type: 'issueApiKey';
  readonly apiKeyId: ApiKeyId;
  readonly name: string;
  readonly roles: readonly string[];
  /** SHA-256 of the secret, base64url. */
  readonly secretHash: string;
};

/** From one account to another of its program, in one currency. */
export type Transfer = {
  readonly type: 'transfer';
  /** The one that sends. */
  readonly accountId: AccountId;
  readonly transferId: TransferId;
  readonly target: AccountId;
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
  readonly reference?: string;
};

/** What an event left in suspense goes where it belongs. */
export type Resolve = {
  readonly type: 'resolve';
  /** An account's, or one of unmatched messages; an account's items go to that account, or to none. */
  readonly stream: string;
  readonly revision: number;
  readonly to: SuspenseTo | { readonly accountId: AccountId; readonly accountMinor: bigint | undefined };
  readonly reason: string;
};

/** What was recorded for a card's number before it was issued is the engine's to add. */
export type IssueCard = Omit<Extract<AccountCommand, { readonly type: 'issueCard' }>, 'carried'>;

/** A file that is valid as a whole. The same one again is done before; another under its id is recorded as refused. */
export type ReceiveClearingFile = { readonly type: 'receiveClearingFile'; readonly facts: ClearingFileFacts };

/** Every record of a received file has its answer: this is what came of it. The first report stands. */
export type CompleteClearingFile = {
  readonly type: 'completeClearingFile';
  readonly clearingFileId: ClearingFileId;
  readonly report: ClearingFileReport;
};

export type ManagementCommand =
  | ProgramCommand
  | IssueApiKey
  | ReceiveClearingFile
  | CompleteClearingFile
  | Exclude<AccountCommand, { readonly type: 'issueCard' } | TransferCommand | SuspenseCommand>
  | IssueCard
  | Transfer
  | Resolve;

export type CommandContext = {
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly actor: string;
  readonly correlationId: string;
  /** Of a command that follows from another. */
  readonly causationId?: string;
};

/** Why a management command changed nothing. */
export type RefusalCode =
  | ProgramRefusal
  | AccountRefusal
  | 'other_account'
  | 'api_key_exists'
  | 'idempotency_key_reused';

export type CommandOutcome =
  | {
      readonly done: true;
      /** The first event of the command, also when it was done before: the answer is built from it. */
      readonly event: Recorded<DomainEvent>;
      /** Of a card command: the card's facts that never change. */
      readonly card?: CardFacts;
      /** Of a transfer: what became of it. */
      readonly transfer?: TransferOutcome;
      readonly position: Position;
    }
  | { readonly done: false; readonly refusal: RefusalCode };

/** For ever. `reason` says why its target did not take it. */
export type TransferOutcome =
  | { readonly status: 'received' }
  | { readonly status: 'returned'; readonly reason: TransferRefusal };

export type CardFacts = {
  readonly cardId: CardId;
  readonly accountId: AccountId;
  readonly programId: ProgramId;
  readonly bin: string;
  readonly last4: string;
  readonly expiry: string;
  readonly label?: string;
  readonly issuedAt: Instant;
};

/** How far a clearing file has come. */
export type ClearingFileStanding = {
  readonly received: Recorded<Extract<ClearingFileEvent, { readonly type: 'ClearingFileReceived' }>>;
  /** Undefined while records wait for their answers, or nobody sent the file again after that was interrupted. */
  readonly applied: Recorded<Extract<ClearingFileEvent, { readonly type: 'ClearingFileApplied' }>> | undefined;
  readonly position: Position;
};

export interface Engine {
  /** Decides, makes it durable, then answers. Rejects only with `EngineUnavailable`, or with a broken invariant's error. */
  submit(submission: MessageSubmission): Promise<MessageAnswered>;
  /** Rejects also with `NotYetInForce`: done, but for the authorizers named; the same command again waits for them again. */
  execute(command: ManagementCommand, context: CommandContext): Promise<CommandOutcome>;
  /** The key whose secret has this SHA-256 (base64url), in force. Synchronous: it is on the hot path. */
  apiKey(secretHash: string): { readonly apiKeyId: ApiKeyId; readonly roles: readonly string[] } | undefined;
  /** All in force, by the hashes of their secrets, in the order in which they became known here. */
  readonly apiKeys: ReadonlyMap<string, ApiKeyEvent['data']>;
  /** The program that an account belongs to, for ever: what an `Idempotency-Key` is scoped to. Loads the account. */
  programOf(accountId: AccountId): Promise<ProgramId | undefined>;
  /** The account that has a card now, or undefined for a card that nobody knows. */
  accountOf(cardId: CardId): Promise<AccountId | undefined>;
  /** Undefined for one that was never received. Current: also when another engine received it. */
  clearingFile(id: ClearingFileId): Promise<ClearingFileStanding | undefined>;
  /** What other engines had written of programs and keys when this was called is known here once it resolves. */
  current(): Promise<void>;
  /** True from the start, when the programs and keys of the log are in memory, until it stops or `failed` rejects. */
  readonly ready: boolean;
  /** Rejects when this engine must not, or cannot, go on: start again. With `SeatLost`, or why the log cannot be followed. */
  readonly failed: Promise<never>;
  readonly counters: EngineCounters;
  /** Sends expiries of what is due now, and finishes transfers and assignments that were left unfinished. The engine does so by itself every second; a test with a clock of its own calls it. */
  tick(): Promise<void>;
  /** Refuses new work, answers what was accepted, writes snapshots. */
  close(): Promise<void>;
}

/** Monotonic counts, for metrics. */
export type EngineCounters = {
  readonly decisions: number;
  readonly repeats: number;
  readonly appends: number;
  readonly appendedEvents: number;
  readonly failedAppends: number;
  readonly lateDecisions: number;
  readonly expired: number;
  /** Transfers and assignments that the scheduler has finished: whoever began them did not. */
  readonly resumed: number;
  readonly quarantinedAccounts: number;
  readonly accountsInMemory: number;
  /** Transactions and commands in memory, over all streams. */
  readonly residents: number;
  readonly snapshots: number;
};
