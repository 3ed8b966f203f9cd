// unapplied.ts: the rows of messages that moved nothing when they came, although they say that something moves.

import type { DatabaseSync } from 'node:sqlite';
import {
  type AccountId,
  type CommandId,
  type DomainEvent,
  fromIso,
  type Instant,
  isRequest,
  kindOf,
  MAX_PARKED,
  type NetworkMessage,
  type Recorded,
  type TransactionId,
} from '@holdfast/domain';
import type { StoredEvent } from '@holdfast/journal';
import type { UnappliedView } from '../queries.ts';
import { changedOne } from './changedOne.ts';

/** What an event says of a message that it does not apply. */
export type Unapplied = {
  readonly message: NetworkMessage;
  readonly reason: UnappliedView['reason'];
  /** Of a parked reversal: until when it waits. */
  readonly parkedUntil?: string;
  /** Whose it is, though it changes nothing of it. */
  readonly transactionId?: TransactionId;
};

export type UnappliedRows = {
  /** `accountId` is whose stream it is, if it is an account's. */
  add(stored: StoredEvent, accountId: AccountId | undefined, event: Recorded<DomainEvent>, unapplied: Unapplied): void;
  /** Parked reversals of this stream that an event applies, or that it is declined for. */
  apply(stream: string, parked: readonly CommandId[], transactionId: TransactionId | undefined, at: Instant): void;
};

/**
 * A parked reversal; an advice that no rate converts; an advice or a reversal of a card that nobody knows. What stands
 * in suspense is listed there, and what was asked and declined waits for nothing.
 */
export function unappliedBy(event: DomainEvent): Unapplied | undefined {
  switch (event.type) {
    case 'ReversalParked':
      return { ...event.data, reason: 'original_not_found' };
    case 'AdviceRecorded': {
      const { message, flags, transactionId } = event.data;
      if (!flags.includes('no_rate')) return undefined;
      return { message, reason: 'fx_rate_missing', ...(transactionId === undefined ? {} : { transactionId }) };
    }
    case 'UnmatchedMessageRecorded': {
      const { message, entry } = event.data;
      const asked = isRequest(message.type) && kindOf(message.type) !== 'reversal';
      return asked || entry.length > 0 ? undefined : { message, reason: 'card_not_found' };
    }
    default:
      return undefined;
  }
}

export function unappliedRows(db: DatabaseSync): UnappliedRows {
  const add = db.prepare(
    `INSERT INTO unapplied (stream, revision, account_id, program_id, card_id, command_id, message_type, network,
       network_transaction_id, rrn, original, amount_minor, remaining_minor, currency, reason, status, transaction_id,
       parked_until, created_at)
     VALUES (?1, ?2, ?3, (SELECT program_id FROM accounts WHERE id = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
       ?15, ?16, ?17, ?18)`,
  );
  // Of all accounts, so that no list has to pass over those whose time is long over.
  const letGo = db.prepare(
    `UPDATE unapplied INDEXED BY unapplied_waiting SET status = 'let_go', ended_at = parked_until
     WHERE status = 'waiting' AND parked_until <= ?`,
  );
  const letGoBeyond = db.prepare(
    `UPDATE unapplied SET status = 'let_go', ended_at = ?
     WHERE number IN (SELECT number FROM unapplied WHERE account_id = ? AND status = 'waiting'
       ORDER BY number DESC LIMIT -1 OFFSET ${MAX_PARKED})`,
  );
  // Also one whose time is over by another account's clock: its own stream decides.
  const apply = db.prepare(
    `UPDATE unapplied SET status = 'applied', transaction_id = ?, ended_at = ?
     WHERE command_id = ? AND stream = ? AND reason = 'original_not_found' AND status <> 'applied'`,
  );

  return {
    add: ({ stream, revision }, accountId, { metadata }, { message, reason, parkedUntil, transactionId }) => {
      const at = BigInt(metadata.occurredAt);
      if (parkedUntil !== undefined) letGo.run(at);
      const { original } = message;
      add.run(
        ...[stream, revision, accountId ?? null, message.cardId, metadata.commandId, message.type, message.network],
        ...[message.networkTransactionId ?? null, message.rrn ?? null],
        original === undefined ? null : JSON.stringify(original),
        ...[message.amountMinor ?? null, message.remainingAmountMinor ?? null, message.currency, reason],
        ...[parkedUntil === undefined ? 'recorded' : 'waiting', transactionId ?? null],
        ...[parkedUntil === undefined ? null : BigInt(fromIso(parkedUntil)), at],
      );
      if (parkedUntil !== undefined && accountId !== undefined) letGoBeyond.run(at, accountId);
    },
    apply: (stream, parked, transactionId, at) => {
      for (const commandId of parked) {
        const applied = apply.run(transactionId ?? null, BigInt(at), commandId, stream);
        changedOne(applied, `a reversal of ${stream} that waits under ${commandId}`);
      }
    },
  };
}
