// engine.ts: what the services see of the engine.

import type {
  AccountEvent,
  AccountId,
  Answer,
  ApiKeyId,
  CardId,
  CommandId,
  ContentHash,
  Controls,
  DepositId,
  DomainEvent,
  Instant,
  ProgramId,
  Recorded,
  SupportedMessage,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { CurrencyCode } from '@holdfast/money';

/** A parsed network message with what the edge knows about it. */
export type MessageSubmission = {
  readonly message: SupportedMessage;
  /** From the message's identity (`@holdfast/events`). */
  readonly commandId: CommandId;
  /** Stands in for `commandId` when this message, or the one it repeats, is marked `repeat`. */
  readonly repeatKey?: string;
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
};

export type ManagementCommand =
  | {
      readonly type: 'createProgram';
      readonly programId: ProgramId;
      readonly name: string;
      readonly holdExpiryDays: number;
    }
  | { readonly type: 'pauseProgram' | 'resumeProgram'; readonly programId: ProgramId; readonly reason?: string }
  | {
      readonly type: 'issueApiKey';
      readonly apiKeyId: ApiKeyId;
      readonly name: string;
      readonly roles: readonly string[];
      readonly secretHash: string;
    }
  | {
      readonly type: 'openAccount';
      readonly accountId: AccountId;
      readonly programId: ProgramId;
      readonly currency: CurrencyCode;
      readonly name?: string;
    }
  | {
      readonly type: 'deposit';
      readonly accountId: AccountId;
      readonly depositId: DepositId;
      readonly amountMinor: bigint;
      readonly currency: CurrencyCode;
      readonly reference?: string;
    }
  | { readonly type: 'setAccountControls'; readonly accountId: AccountId; readonly controls: Controls }
  | {
      readonly type: 'issueCard';
      readonly accountId: AccountId;
      /** Derived from the number's fingerprint, so it is unique as long as the number is. */
      readonly cardId: CardId;
      readonly bin: string;
      readonly last4: string;
      readonly expiry: string;
      readonly fingerprintKeyId: string;
      readonly label?: string;
    }
  | { readonly type: 'pauseCard' | 'resumeCard' | 'closeCard'; readonly cardId: CardId; readonly reason?: string }
  | { readonly type: 'setCardControls'; readonly cardId: CardId; readonly controls: Controls };

export type CommandContext = {
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly actor: string;
  readonly correlationId: string;
};

/** Why a management command changed nothing. */
export type RefusalCode =
  | 'program_not_found'
  | 'program_exists'
  | 'program_paused'
  | 'account_not_found'
  | 'account_exists'
  | 'account_closed'
  | 'card_not_found'
  | 'card_closed'
  | 'card_number_taken'
  | 'currency_mismatch'
  | 'balance_too_large'
  | 'too_many_cards'
  | 'idempotency_key_reused';

export type CommandOutcome =
  | {
      readonly done: true;
      /** The first event of the command, also when it was done before: the answer is built from it. */
      readonly event: Recorded<DomainEvent>;
      /** Of a card command: the card's facts that never change. */
      readonly card?: CardFacts;
      readonly position: Position;
    }
  | { readonly done: false; readonly refusal: RefusalCode };

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

/** The log cannot be written, is not caught up, or too much is queued: nothing is remembered, try again later. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
  readonly code = 'unavailable';
}

export interface Engine {
  /** Decides, makes it durable, then answers. Rejects only with `EngineUnavailable`, or with a broken invariant's error. */
  submit(submission: MessageSubmission): Promise<MessageAnswered>;
  execute(command: ManagementCommand, context: CommandContext): Promise<CommandOutcome>;
  /** The key whose secret has this SHA-256 (base64url), in force. Synchronous: it is on the hot path. */
  apiKey(secretHash: string): { readonly apiKeyId: ApiKeyId; readonly roles: readonly string[] } | undefined;
  /** The program that an account belongs to, for ever: what an `Idempotency-Key` is scoped to. Loads the account. */
  programOf(accountId: AccountId): Promise<ProgramId | undefined>;
  /** True once the programs and keys of the log are in memory. */
  readonly ready: boolean;
  readonly counters: EngineCounters;
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
  readonly quarantinedAccounts: number;
  readonly accountsInMemory: number;
  readonly snapshots: number;
};

export type { AccountEvent };
