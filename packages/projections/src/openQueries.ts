// openQueries.ts: asks the read models on a read-only connection, beside the process or thread that writes them.

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Instant } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import { fileIn } from './database.ts';
import { NotReadModels } from './errors.ts';
import { checkLimit, createLists, type Selection } from './lists.ts';
import { CLEARING_FILE_STATUSES, type Queries, UNAPPLIED_STATUSES, type UnappliedView } from './queries.ts';
import {
  instant,
  integer,
  type Row,
  text,
  toAccount,
  toCard,
  toClearingFile,
  toMessage,
  toPairRates,
  toProgram,
  toSuspense,
  toTransaction,
  toTransfer,
  toUnapplied,
} from './rows.ts';
import { APPLICATION_ID } from './schema.ts';
import { sourcesOfReadModels } from './sourceHash.ts';
import { standings } from './standings.ts';
import { createWaiters, type Waiters } from './waiters.ts';

/** Messages shown of one transaction at most: the first ones. */
export const MAX_MESSAGES = 1_000;

/** Holds that are due, or what is unfinished, in one call at most. */
export const MAX_DUE = 10_000;

/** How often the file is asked for its checkpoint, while somebody waits and no projector tells, in milliseconds. */
const POLL_MS = 2;

const BUSY_TIMEOUT_MS = 1_000;

/** Who knows of commits as they happen: the projector of this process. */
export type PositionSource = Pick<Waiters, 'position' | 'waitFor'>;

/**
 * Opens the read models in `directory`. With `projector`, positions come from it; else the file is asked. Throws
 * `NotReadModels` when there are none, or when another release made them. Lists throw `InvalidCursor`, and `RangeError`
 * for a limit that is out of bounds.
 */
export function openQueries(options: { readonly directory: string; readonly projector?: PositionSource }): Queries {
  const db = open(fileIn(options.directory));
  const lists = createLists(db);
  const checkpoint = db.prepare('SELECT position FROM checkpoint');
  const polling = pollingSource(() => integer(checkpoint.get()?.position));
  const { position, waitFor } = options.projector ?? polling;

  const account = finder(db, 'SELECT * FROM accounts WHERE id = ?', toAccount);
  const card = finder(db, 'SELECT * FROM cards WHERE id = ?', toCard);
  const messages = db.prepare(
    `SELECT * FROM messages WHERE transaction_number = (SELECT number FROM transactions WHERE id = ?)
     ORDER BY position LIMIT ${MAX_MESSAGES}`,
  );
  const rates = db.prepare('SELECT * FROM rates WHERE program_id = ? ORDER BY base, quote');
  const due = db.prepare(
    `SELECT account_id, id, expires_at, number FROM (
       SELECT account_id, id, expires_at, number FROM transactions INDEXED BY transactions_due
       WHERE open_minor > 0 AND expires_at <= ?1
       UNION ALL
       SELECT account_id, id, credit_expires_at, number FROM transactions INDEXED BY credits_due
       WHERE pending_credit_minor > 0 AND credit_expires_at <= ?1)
     ORDER BY expires_at, number LIMIT ?2`,
  );

  const unfinished = db.prepare(
    `SELECT account_id, id FROM transfers INDEXED BY transfers_unfinished
     WHERE finished = 0 AND created_at <= ? ORDER BY created_at, number LIMIT ?`,
  );

  const assignments = db.prepare(
    `SELECT stream, assigned_revision FROM suspense INDEXED BY suspense_unfinished
     WHERE assigned_at IS NOT NULL AND assigned_at <= ? ORDER BY assigned_at, number LIMIT ?`,
  );

  return {
    standing: standings(db),
    program: finder(db, 'SELECT * FROM programs WHERE id = ?', toProgram),
    rates: (programId) => rates.all(programId).map(toPairRates),
    account,
    accounts: ({ programId }, page) => lists.list('accounts', ownedBy('program_id', programId), page, toAccount),
    card,
    cards: ({ accountId, status }, page) =>
      lists.list('cards', { ...ownedBy('account_id', accountId), ...inStatus(status) }, page, toCard),
    transaction: finder(
      db,
      `SELECT t.*, a.currency AS account_currency FROM transactions t JOIN accounts a ON a.id = t.account_id
       WHERE t.id = ?`,
      toTransaction,
    ),
    transactions: ({ accountId, cardId, status }, page) => {
      // A card never changes its account, so of a card's transactions all or none are of that account.
      const strangers = accountId !== undefined && cardId !== undefined && card(cardId)?.accountId !== accountId;
      const owner =
        cardId === undefined ? ownedBy('account_id', accountId) : ownedBy('card_id', strangers ? '' : cardId);
      return lists.list('transactions', { ...owner, ...inStatus(status) }, page, toTransaction);
    },
    messages: (transactionId) => messages.all(transactionId).map(toMessage),
    due: (now, limit) => {
      checkLimit(limit, MAX_DUE);
      return due.all(BigInt(now), BigInt(limit)).map((row) => ({
        accountId: text(row.account_id),
        transactionId: text(row.id),
        expiresAt: instant(row.expires_at),
      }));
    },
    suspense: ({ accountId, status }, page) =>
      lists.list('suspense', { ...ownedBy('account_id', accountId), ...inStatus(status) }, page, toSuspense),
    clearingFiles: ({ sender, status }, page) => {
      const owner: Selection = sender === undefined ? {} : { owner: ['sender', sender] };
      const statuses = status === undefined ? CLEARING_FILE_STATUSES : [status];
      const selections = statuses.map((each) => ({ ...owner, status: each }));
      return lists.listAny('clearing_files', selections, page, toClearingFile);
    },
    unapplied: ({ programId, accountId, status }, now, page) => {
      // An account never changes its program, so of an account's messages all or none are of that program.
      const strangers =
        programId !== undefined && accountId !== undefined && account(accountId)?.programId !== programId;
      const owner =
        accountId === undefined ? ownedBy('program_id', programId) : ownedBy('account_id', strangers ? '' : accountId);
      const selections = unappliedIn(status, now).map((selection) => ({ ...owner, ...selection }));
      return lists.listAny('unapplied', selections, page, (row) => toUnapplied(row, now));
    },
    unfinishedAssignments: (before, limit) => {
      checkLimit(limit, MAX_DUE);
      return assignments.all(BigInt(before), BigInt(limit)).map((row) => ({
        stream: text(row.stream),
        revision: Number(integer(row.assigned_revision)),
      }));
    },
    transfer: finder(db, 'SELECT * FROM transfers WHERE id = ?', toTransfer),
    unfinishedTransfers: (before, limit) => {
      checkLimit(limit, MAX_DUE);
      return unfinished.all(BigInt(before), BigInt(limit)).map((row) => ({
        accountId: text(row.account_id),
        transferId: text(row.id),
      }));
    },
    position,
    waitFor,
    close: () => {
      polling.close();
      db.close();
    },
  };
}

function open(file: string): DatabaseSync {
  if (!existsSync(file)) throw new NotReadModels(`there are no read models yet: ${file} does not exist`);
  const db = new DatabaseSync(file, { readOnly: true, readBigInts: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const id = db.prepare('PRAGMA application_id').get()?.application_id;
    if (id !== BigInt(APPLICATION_ID)) throw new NotReadModels(`${file} does not hold the read models of Holdfast`);
    const sources = db.prepare('SELECT sources FROM checkpoint').get()?.sources;
    if (sources === sourcesOfReadModels()) return db;
    throw new NotReadModels(`${file} was made by another release: start its projector, which makes it anew`);
  } catch (error) {
    db.close();
    throw error;
  }
}

function finder<View>(db: DatabaseSync, sql: string, toView: (row: Row) => View): (id: string) => View | undefined {
  const statement = db.prepare(sql);
  return (id) => {
    const row = statement.get(id);
    return row === undefined ? undefined : toView(row);
  };
}

function ownedBy(column: 'program_id' | 'account_id' | 'card_id', id: string | undefined): Selection {
  return id === undefined ? {} : { owner: [column, id] };
}

function inStatus(status: string | undefined): Selection {
  return status === undefined ? {} : { status };
}

/** The rows say of one that waits until when it does, not that this has passed. Each selection is in an index's order. */
function unappliedIn(status: UnappliedView['status'] | undefined, now: Instant): readonly Selection[] {
  switch (status) {
    case undefined:
      return UNAPPLIED_STATUSES.map((each) => ({ status: each }));
    case 'waiting':
      return [{ status, parked: ['after', now] }];
    case 'let_go':
      return [{ status }, { status: 'waiting', parked: ['up to', now] }];
    default:
      return [{ status }];
  }
}

/** Asks for the checkpoint every `POLL_MS`, but only while somebody waits. */
function pollingSource(committed: () => Position): PositionSource & { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const waiters = createWaiters(committed(), (waiting) => {
    if (waiting) timer ??= setInterval(() => waiters.advance(committed()), POLL_MS);
    else stop();
  });
  return {
    position: committed,
    waitFor: (position, timeoutMs) => {
      waiters.advance(committed());
      return waiters.waitFor(position, timeoutMs);
    },
    close: waiters.close,
  };
}
