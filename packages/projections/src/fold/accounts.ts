// accounts.ts: the rows of accounts, with their balances.

import type { DatabaseSync } from 'node:sqlite';
import { type AccountOpened, type Balances, type Controls, type Instant, NO_CONTROLS } from '@holdfast/domain';
import { encodeControls } from '../controlsJson.ts';
import { changedOne } from './changedOne.ts';

export type AccountRows = {
  open(data: AccountOpened['data'], at: Instant): void;
  close(accountId: string): void;
  setControls(accountId: string, controls: Controls): void;
  setCreditLine(accountId: string, creditLineMinor: bigint): void;
  /** What refund authorizations of the account's transactions have announced: so much more, or less. */
  addPendingCredit(accountId: string, amountMinor: bigint): void;
  /** Every event says what the balances are after it, so of many in one transaction only the last is written. */
  setBalances(accountId: string, balances: Balances): void;
  /** Writes the balances that were set. Must be called before the transaction is committed. */
  flush(): void;
  /** Forgets the balances that were set, when the transaction is rolled back. */
  discard(): void;
};

export function accountRows(db: DatabaseSync): AccountRows {
  const open = db.prepare(
    `INSERT INTO accounts (id, program_id, currency, name, status, available_minor, held_minor, credit_line_minor,
       controls, created_at)
     VALUES (?, ?, ?, ?, 'open', 0, 0, ?, ?, ?)`,
  );
  const close = db.prepare(`UPDATE accounts SET status = 'closed' WHERE id = ?`);
  const setControls = db.prepare('UPDATE accounts SET controls = ? WHERE id = ?');
  const setCreditLine = db.prepare('UPDATE accounts SET credit_line_minor = ? WHERE id = ?');
  const addPendingCredit = db.prepare(
    'UPDATE accounts SET pending_credit_minor = pending_credit_minor + ? WHERE id = ?',
  );
  const setBalances = db.prepare('UPDATE accounts SET available_minor = ?, held_minor = ? WHERE id = ?');
  const unwritten = new Map<string, Balances>();

  return {
    open: ({ accountId, programId, currency, name, creditLineMinor }, at) =>
      open.run(accountId, programId, currency, name ?? null, creditLineMinor, encodeControls(NO_CONTROLS), BigInt(at)),
    close: (accountId) => changedOne(close.run(accountId), `account ${accountId}`),
    setControls: (accountId, controls) =>
      changedOne(setControls.run(encodeControls(controls), accountId), `account ${accountId}`),
    setCreditLine: (accountId, creditLineMinor) =>
      changedOne(setCreditLine.run(creditLineMinor, accountId), `account ${accountId}`),
    addPendingCredit: (accountId, amountMinor) =>
      changedOne(addPendingCredit.run(amountMinor, accountId), `account ${accountId}`),
    setBalances: (accountId, balances) => unwritten.set(accountId, balances),
    flush: () => {
      for (const [accountId, { availableMinor, heldMinor }] of unwritten) {
        changedOne(setBalances.run(availableMinor, heldMinor, accountId), `account ${accountId}`);
      }
      unwritten.clear();
    },
    discard: () => unwritten.clear(),
  };
}
