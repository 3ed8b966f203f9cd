// programs.ts: the rows of programs.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant, ProgramCreated } from '@holdfast/domain';
import { changedOne } from './changedOne.ts';

export type ProgramRows = {
  create(data: ProgramCreated['data'], at: Instant): void;
  setStatus(programId: string, status: 'active' | 'paused'): void;
};

export function programRows(db: DatabaseSync): ProgramRows {
  const create = db.prepare(
    `INSERT INTO programs (id, name, status, hold_expiry_days, created_at) VALUES (?, ?, 'active', ?, ?)`,
  );
  const setStatus = db.prepare('UPDATE programs SET status = ? WHERE id = ?');
  return {
    create: ({ programId, name, holdExpiryDays }, at) =>
      create.run(programId, name, BigInt(holdExpiryDays), BigInt(at)),
    setStatus: (programId, status) => changedOne(setStatus.run(status, programId), `program ${programId}`),
  };
}
