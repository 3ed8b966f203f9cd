// clearingFiles.ts: the rows of clearing files: received, and applied with what became of their records.

import type { DatabaseSync } from 'node:sqlite';
import type { ClearingFileApplied, ClearingFileReceived, ClearingFileRefused, Instant } from '@holdfast/domain';
import { encodeOutcome, encodeSums } from '../clearingJson.ts';
import { changedOne } from './changedOne.ts';

export type ClearingFileRows = {
  receive(data: ClearingFileReceived['data'], at: Instant): void;
  apply(data: ClearingFileApplied['data'], at: Instant): void;
  /** Another file under its sender and sequence. */
  refuse(data: ClearingFileRefused['data']): void;
};

export function clearingFileRows(db: DatabaseSync): ClearingFileRows {
  const receive = db.prepare(
    `INSERT INTO clearing_files (id, sender, sequence, business_date, sha256, records, sums, status, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'received', ?)`,
  );
  const apply = db.prepare(
    `UPDATE clearing_files SET status = 'applied', outcome = ?, applied_at = ? WHERE id = ? AND status = 'received'`,
  );
  const refuse = db.prepare('UPDATE clearing_files SET refusals = refusals + 1 WHERE id = ?');
  return {
    receive: ({ clearingFileId, sender, sequence, businessDate, sha256, records, sums }, at) => {
      const facts = [clearingFileId, sender, sequence, businessDate, sha256, records] as const;
      receive.run(...facts, encodeSums(sums), BigInt(at));
    },
    apply: ({ clearingFileId, report }, at) =>
      changedOne(apply.run(encodeOutcome(report), BigInt(at), clearingFileId), `a received ${clearingFileId}`),
    refuse: ({ clearingFileId }) => changedOne(refuse.run(clearingFileId), clearingFileId),
  };
}
