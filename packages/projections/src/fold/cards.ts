// cards.ts: the rows of cards.

import type { DatabaseSync } from 'node:sqlite';
import { type CardIssued, type Controls, type Instant, NO_CONTROLS } from '@holdfast/domain';
import { encodeControls } from '../controlsJson.ts';
import { changedOne } from './changedOne.ts';

export type CardRows = {
  issue(accountId: string, data: CardIssued['data'], at: Instant): void;
  setStatus(cardId: string, status: 'active' | 'paused' | 'closed'): void;
  setControls(cardId: string, controls: Controls): void;
};

export function cardRows(db: DatabaseSync): CardRows {
  const issue = db.prepare(
    `INSERT INTO cards (id, account_id, program_id, kind, status, bin, last4, expiry, label, controls, created_at)
     SELECT ?, id, program_id, ?, 'active', ?, ?, ?, ?, ?, ? FROM accounts WHERE id = ?`,
  );
  const setStatus = db.prepare('UPDATE cards SET status = ? WHERE id = ?');
  const setControls = db.prepare('UPDATE cards SET controls = ? WHERE id = ?');
  return {
    issue: (accountId, { cardId, kind, bin, last4, expiry, label }, at) => {
      const controls = encodeControls(NO_CONTROLS);
      const issued = issue.run(cardId, kind, bin, last4, expiry, label ?? null, controls, BigInt(at), accountId);
      changedOne(issued, `account ${accountId}`);
    },
    setStatus: (cardId, status) => changedOne(setStatus.run(status, cardId), `card ${cardId}`),
    setControls: (cardId, controls) => changedOne(setControls.run(encodeControls(controls), cardId), `card ${cardId}`),
  };
}
