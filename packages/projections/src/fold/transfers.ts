// transfers.ts: the rows of transfers.

import type { DatabaseSync } from 'node:sqlite';
import type { AccountId, Instant, TransferReturned, TransferSent } from '@holdfast/domain';
import { changedOne } from './changedOne.ts';

export type TransferRows = {
  send(source: AccountId, data: TransferSent['data'], at: Instant): void;
  receive(transferId: string): void;
  complete(transferId: string): void;
  return(data: TransferReturned['data']): void;
};

export function transferRows(db: DatabaseSync): TransferRows {
  const send = db.prepare(
    `INSERT INTO transfers (id, account_id, target_id, currency, amount_minor, reference, status, finished, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 'in_transit', 0, ?)`,
  );
  const receive = db.prepare(`UPDATE transfers SET status = 'received' WHERE id = ? AND status = 'in_transit'`);
  const complete = db.prepare(`UPDATE transfers SET finished = 1 WHERE id = ? AND status = 'received'`);
  const back = db.prepare(
    `UPDATE transfers SET finished = 1, status = 'returned', reason = ? WHERE id = ? AND status = 'in_transit'`,
  );
  return {
    send: (source, { transferId, target, currency, amountMinor, reference }, at) =>
      void send.run(transferId, source, target, currency, amountMinor, reference ?? null, BigInt(at)),
    receive: (transferId) => changedOne(receive.run(transferId), `transfer ${transferId}, in transit,`),
    complete: (transferId) => changedOne(complete.run(transferId), `transfer ${transferId}, received,`),
    return: ({ transferId, reason }) => changedOne(back.run(reason, transferId), `transfer ${transferId}, in transit,`),
  };
}
