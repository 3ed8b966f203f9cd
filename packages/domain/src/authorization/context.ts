// context.ts: everything that a decision needs from outside the account.

import type { CommandId, ContentHash, TransactionId } from '../ids.ts';
import type { Program } from '../programs/program.ts';
import type { Instant } from '../time.ts';

export type MessageContext = {
  /** The later of the clock and the account's last event. */
  readonly now: Instant;
  readonly answerBy: Instant;
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly program: Program;
  /** Of the transaction that this message opens, if it opens one. */
  readonly transactionId: TransactionId;
  /** Six characters, random, for an approval. */
  readonly authorizationCode: string;
};
