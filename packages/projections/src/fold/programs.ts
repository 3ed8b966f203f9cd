// programs.ts: the rows of programs and of their exchange rates.

import type { DatabaseSync } from 'node:sqlite';
import {
  type HoldExpiryDays,
  type Instant,
  type ProgramCreated,
  pairOf,
  published,
  type RatesPublished,
  usualHoldExpiry,
} from '@holdfast/domain';
import { decodeRates, encodeRates } from '../ratesJson.ts';
import { text } from '../rows.ts';
import { changedOne } from './changedOne.ts';

export type ProgramRows = {
  create(data: ProgramCreated['data'], at: Instant): void;
  setStatus(programId: string, status: 'active' | 'paused'): void;
  setMarkup(programId: string, basisPoints: number): void;
  setHoldExpiry(programId: string, days: HoldExpiryDays): void;
  publishRates(data: RatesPublished['data'], at: Instant): void;
};

export function programRows(db: DatabaseSync): ProgramRows {
  const create = db.prepare(
    `INSERT INTO programs (id, name, status, hold_expiry, markup_basis_points, created_at)
     VALUES (?, ?, 'active', ?, 0, ?)`,
  );
  const setStatus = db.prepare('UPDATE programs SET status = ? WHERE id = ?');
  const setMarkup = db.prepare('UPDATE programs SET markup_basis_points = ? WHERE id = ?');
  const setHoldExpiry = db.prepare('UPDATE programs SET hold_expiry = ? WHERE id = ?');
  const ratesOf = db.prepare('SELECT published FROM rates WHERE program_id = ? AND base = ? AND quote = ?');
  const setRates = db.prepare('INSERT OR REPLACE INTO rates (program_id, base, quote, published) VALUES (?, ?, ?, ?)');

  /** The rows of a pair are what the program itself keeps of it. */
  function publishRate(data: RatesPublished['data'], rate: RatesPublished['data']['rates'][number], at: Instant): void {
    const { base, quote } = rate;
    const pair = pairOf(base, quote);
    const row = ratesOf.get(data.programId, base, quote);
    const before = row === undefined ? {} : { [pair]: decodeRates(text(row.published)) };
    const { [pair]: kept = [] } = published(before, { ...data, rates: [rate] }, at);
    setRates.run(data.programId, base, quote, encodeRates(kept));
  }

  return {
    create: ({ programId, name, holdExpiryDays }, at) =>
      create.run(programId, name, JSON.stringify(usualHoldExpiry(holdExpiryDays)), BigInt(at)),
    setStatus: (programId, status) => changedOne(setStatus.run(status, programId), `program ${programId}`),
    setMarkup: (programId, basisPoints) =>
      changedOne(setMarkup.run(BigInt(basisPoints), programId), `program ${programId}`),
    setHoldExpiry: (programId, days) =>
      changedOne(setHoldExpiry.run(JSON.stringify(days), programId), `program ${programId}`),
    publishRates: (data, at) => {
      for (const rate of data.rates) publishRate(data, rate, at);
    },
  };
}
