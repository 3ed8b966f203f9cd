// accounts.ts: the rows of accounts, with their balances, now and after each event that changed them.

import type { DatabaseSync } from 'node:sqlite';
import { type AccountOpened, type Balances, type Controls, type Instant, NO_CONTROLS } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import { encodeControls } from '../controlsJson.ts';
import { Unfoldable } from '../errors.ts';
import { integer } from '../rows.ts';
import { changedOne } from './changedOne.ts';

export type AccountRows = {
  open(data: AccountOpened['data'], at: Instant, position: Position): void;
  close(accountId: string): void;
  setControls(accountId: string, controls: Controls): void;
  /** What an account has after an event. Of many in one transaction only the last gets into its row. */
  change(accountId: string, change: StandingChange, at: Instant, position: Position): void;
  /** Writes the rows that changed. Must be called before the transaction is committed. */
  flush(): void;
  /** Forgets what changed, when the transaction is rolled back. */
  discard(): void;
};

export type StandingChange = {
  readonly balances?: Balances | undefined;
  readonly creditLineMinor?: bigint | undefined;
  /** How much more is pending. */
  readonly pendingCreditMinor?: bigint | undefined;
};

/** What an account has. */
type Standing = Balances & {
  readonly number: bigint;
  readonly creditLineMinor: bigint;
  readonly pendingCreditMinor: bigint;
};

export function accountRows(db: DatabaseSync): AccountRows {
  const open = db.prepare(
    `INSERT INTO accounts (id, program_id, currency, name, status, available_minor, held_minor, credit_line_minor,
       controls, created_at)
     VALUES (?, ?, ?, ?, 'open', 0, 0, ?, ?, ?)`,
  );
  const close = db.prepare(`UPDATE accounts SET status = 'closed' WHERE id = ?`);
  const setControls = db.prepare('UPDATE accounts SET controls = ? WHERE id = ?');
  const find = db.prepare(
    'SELECT number, available_minor, held_minor, credit_line_minor, pending_credit_minor FROM accounts WHERE id = ?',
  );
  const write = db.prepare(
    `UPDATE accounts SET available_minor = ?, held_minor = ?, credit_line_minor = ?, pending_credit_minor = ?
     WHERE number = ?`,
  );
  const remember = db.prepare(
    `INSERT INTO balances (position, account_number, available_minor, held_minor, credit_line_minor, pending_credit_minor,
       occurred_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const unwritten = new Map<string, Standing>();

  function standingOf(accountId: string): Standing {
    const known = unwritten.get(accountId);
    if (known !== undefined) return known;
    const row = find.get(accountId);
    if (row === undefined) throw new Unfoldable(`account ${accountId} is not there`);
    return {
      number: integer(row.number),
      availableMinor: integer(row.available_minor),
      heldMinor: integer(row.held_minor),
      creditLineMinor: integer(row.credit_line_minor),
      pendingCreditMinor: integer(row.pending_credit_minor),
    };
  }

  function keep(accountId: string, standing: Standing, at: Instant, position: Position): void {
    unwritten.set(accountId, standing);
    const { number, availableMinor, heldMinor, creditLineMinor, pendingCreditMinor } = standing;
    remember.run(position, number, availableMinor, heldMinor, creditLineMinor, pendingCreditMinor, BigInt(at));
  }

  return {
    open: ({ accountId, programId, currency, name, creditLineMinor }, at, position) => {
      const values = [accountId, programId, currency, name ?? null, creditLineMinor] as const;
      open.run(...values, encodeControls(NO_CONTROLS), BigInt(at));
      keep(accountId, standingOf(accountId), at, position);
    },
    close: (accountId) => changedOne(close.run(accountId), `account ${accountId}`),
    setControls: (accountId, controls) =>
      changedOne(setControls.run(encodeControls(controls), accountId), `account ${accountId}`),
    change: (accountId, { balances, creditLineMinor, pendingCreditMinor = 0n }, at, position) => {
      const before = standingOf(accountId);
      const { availableMinor, heldMinor } = balances ?? before;
      const after = {
        number: before.number,
        ...{ availableMinor, heldMinor, creditLineMinor: creditLineMinor ?? before.creditLineMinor },
        pendingCreditMinor: before.pendingCreditMinor + pendingCreditMinor,
      };
      if (!isSame(before, after)) keep(accountId, after, at, position);
    },
    flush: () => {
      for (const [accountId, standing] of unwritten) {
        const { number, availableMinor, heldMinor, creditLineMinor, pendingCreditMinor } = standing;
        const written = write.run(availableMinor, heldMinor, creditLineMinor, pendingCreditMinor, number);
        changedOne(written, `account ${accountId}`);
      }
      unwritten.clear();
    },
    discard: () => unwritten.clear(),
  };
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.availableMinor === b.availableMinor &&
    a.heldMinor === b.heldMinor &&
    a.creditLineMinor === b.creditLineMinor &&
    a.pendingCreditMinor === b.pendingCreditMinor
  );
}
