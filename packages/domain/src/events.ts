// events.ts: every event that the domain writes, in its newest shape. Past tense; amounts in minor units (`…Minor`).

import type { FundsEvent } from './events/account.ts';
import type { ApiKeyEvent } from './events/apiKey.ts';
import type { AuthorizerEvent } from './events/authorizer.ts';
import type { CardEvent } from './events/card.ts';
import type { CardClaimEvent } from './events/cardClaim.ts';
import type { ClearingFileEvent } from './events/clearingFile.ts';
import type { DecisionEvent } from './events/decision.ts';
import type { FactEvent } from './events/fact.ts';
import type { PostingEvent } from './events/posting.ts';
import type { ProgramEvent } from './events/program.ts';
import type { UnmatchedEvent } from './events/unmatched.ts';
import type { CommandId, ContentHash, ProgramId } from './ids.ts';
import type { Instant } from './time.ts';

export * from './events/account.ts';
export type * from './events/apiKey.ts';
export type * from './events/authorizer.ts';
export type * from './events/card.ts';
export type * from './events/cardClaim.ts';
export type * from './events/clearingFile.ts';
export type * from './events/decision.ts';
export type * from './events/fact.ts';
export type * from './events/parts.ts';
export type * from './events/posting.ts';
export type * from './events/program.ts';
export type * from './events/unmatched.ts';

/** Of the streams `account-<id>`. */
export type AccountEvent = FundsEvent | CardEvent | DecisionEvent | FactEvent | PostingEvent;

export type DomainEvent =
  | ProgramEvent
  | ApiKeyEvent
  | AuthorizerEvent
  | CardClaimEvent
  | AccountEvent
  | UnmatchedEvent
  | ClearingFileEvent;

/** What stands beside every event: when, by which command, on whose behalf. */
export type EventMetadata = {
  readonly occurredAt: Instant;
  readonly commandId: CommandId;
  /** Absent when no sender stands behind the command: expiry, release. */
  readonly contentHash?: ContentHash;
  /** The request that started it all; the same for everything that follows from it. */
  readonly correlationId: string;
  /** Id of the event or command that this one follows from, when it is not the request itself. */
  readonly causationId?: string;
  /** An API key's id, `scheduler`, or `system`. */
  readonly actor: string;
  readonly programId?: ProgramId;
};

/** An event where it stands in its stream. */
export type Recorded<E extends DomainEvent = DomainEvent> = E & {
  readonly metadata: EventMetadata;
  readonly revision: number;
};
