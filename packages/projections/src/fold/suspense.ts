// suspense.ts: the rows of what stands, or has stood, in suspense.

import type { DatabaseSync } from 'node:sqlite';
import type {
  AccountId,
  DomainEvent,
  Recorded,
  SuspenseAssigned,
  SuspenseReceived,
  SuspenseResolved,
  SuspenseSum,
} from '@holdfast/domain';
import type { StoredEvent } from '@holdfast/journal';
import { changedOne } from './changedOne.ts';

export type SuspenseRows = {
  /** `accountId` is whose stream it is, if it is an account's. */
  add(stored: StoredEvent, accountId: AccountId | undefined, event: Recorded<DomainEvent>, sum: SuspenseSum): void;
  resolve(stream: string, accountId: AccountId, data: SuspenseResolved['data']): void;
  assign(stored: StoredEvent, event: Recorded<SuspenseAssigned>): void;
  receive(data: SuspenseReceived['data']): void;
};

export function suspenseRows(db: DatabaseSync): SuspenseRows {
  const add = db.prepare(
    `INSERT INTO suspense (stream, revision, account_id, side, currency, amount_minor, message_type, network, card_id,
       status, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
  );
  const resolve = db.prepare(
    `UPDATE suspense SET status = 'resolved', resolved_to = ?, to_account_id = ?, reason = ?, assigned_revision = ?,
       assigned_at = ?
     WHERE stream = ? AND revision = ? AND status = 'open'`,
  );
  const receive = db.prepare('UPDATE suspense SET assigned_at = NULL WHERE stream = ? AND revision = ?');
  return {
    add: ({ stream, revision }, accountId, { data, metadata }, { side, currency, amountMinor }) => {
      const message = 'message' in data ? data.message : undefined;
      add.run(
        ...[stream, revision, accountId ?? null, side, currency, amountMinor],
        ...[message?.type ?? null, message?.network ?? null, message?.cardId ?? null, BigInt(metadata.occurredAt)],
      );
    },
    resolve: (stream, accountId, { revision, to, reason }) => {
      const own = to === 'available';
      const values = [own ? 'account' : to, own ? accountId : null, reason, null, null, stream, revision];
      changedOne(resolve.run(...values), `an open sum in suspense at ${stream}@${revision}`);
    },
    assign: ({ stream, revision: assignedAt }, { data: { revision, to, accountId, reason }, metadata }) => {
      const onItsWay = accountId !== undefined;
      changedOne(
        resolve.run(
          ...[onItsWay ? 'account' : to, accountId ?? null, reason, onItsWay ? assignedAt : null],
          ...[onItsWay ? BigInt(metadata.occurredAt) : null, stream, revision],
        ),
        `an open sum in suspense at ${stream}@${revision}`,
      );
    },
    receive: ({ stream, revision }) => changedOne(receive.run(stream, revision), `${stream}@${revision}`),
  };
}
