// transactions.ts: the rows of transactions: their totals, each event adding its own amounts. `schema.ts` defines them.

import type { DatabaseSync } from 'node:sqlite';
import {
  type AccountId,
  type AuthorizationApproved,
  type AuthorizationDeclined,
  type Change,
  type ClearingPosted,
  type Flag,
  fromIso,
  type Instant,
  type NetworkMessage,
  type Taken,
  type Totals,
  type TransactionId,
  type TransactionStatus,
} from '@holdfast/domain';
import { Unfoldable } from '../errors.ts';
import { integer } from '../rows.ts';
import { changedOne } from './changedOne.ts';
import { jsonList } from './jsonList.ts';

/** Each function returns the number of the transaction's row. */
export type TransactionRows = {
  approve(accountId: AccountId, data: AuthorizationApproved['data'], at: Instant): bigint;
  decline(accountId: AccountId, data: AuthorizationDeclined['data'], at: Instant): bigint;
  /** A clearing without an authorization makes a transaction of its own. */
  clear(accountId: AccountId, data: ClearingPosted['data'], at: Instant): bigint;
  /** Takes of open. */
  release(accountId: AccountId, data: Released, at: Instant, counts: 'as reversed' | 'as expired'): bigint;
  /** What an event says it changes; the transaction is opened when it is not there. */
  change(accountId: AccountId, data: Changed, at: Instant): bigint;
  /** A message that changes no total. */
  touch(accountId: AccountId, transactionId: TransactionId, flags: readonly Flag[], at: Instant): bigint;
};

type Released = {
  readonly transactionId: TransactionId;
  readonly taken: Taken;
  readonly status: TransactionStatus;
  readonly flags?: readonly Flag[];
};

type Changed = {
  readonly transactionId: TransactionId;
  /** Absent: it can open none. */
  readonly message?: NetworkMessage;
  readonly change: Change;
  readonly status: TransactionStatus | undefined;
  readonly flags?: readonly Flag[];
  readonly reason?: string;
  readonly authorizationCode?: string;
  /** An advice brings its currency with it. */
  readonly currency?: string;
  readonly expiresAt?: string;
  readonly creditExpiresAt?: string;
};

/** What the event that opens a transaction says of it. */
type Opening = {
  readonly accountId: AccountId;
  readonly transactionId: TransactionId;
  readonly message: NetworkMessage;
  readonly status: TransactionStatus;
  readonly at: Instant;
  readonly flags: readonly Flag[];
  readonly requestedMinor?: bigint;
  readonly requestedAccountMinor?: bigint;
  readonly approvedMinor?: bigint;
  readonly approvedAccountMinor?: bigint;
  readonly openMinor?: bigint;
  readonly openAccountMinor?: bigint;
  readonly heldMinor?: bigint;
  readonly clearedMinor?: bigint;
  readonly clearedAccountMinor?: bigint;
  readonly authorizationCode?: string | undefined;
  readonly reason?: string;
  readonly reasons?: readonly string[];
  readonly expiresAt?: Instant;
};

/** In the order of the statement's parameters. */
const TOTALS: readonly (keyof Totals)[] = [
  'requestedMinor',
  'approvedMinor',
  'openMinor',
  'reversedMinor',
  'clearedMinor',
  'refundedMinor',
  'pendingCreditMinor',
];

export function transactionRows(db: DatabaseSync): TransactionRows {
  const insert = db.prepare(`
    INSERT INTO transactions (id, account_id, card_id, status, network, network_transaction_id, currency,
      requested_minor, requested_account_minor, approved_minor, approved_account_minor, open_minor, open_account_minor,
      held_minor, cleared_minor, cleared_account_minor, merchant_id, merchant_name, merchant_city, merchant_country,
      merchant_mcc, authorization_code, reason, reasons, flags, created_at, updated_at, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
      ?24, ?25, ?26, ?26, ?27)
    ON CONFLICT (id) DO NOTHING`);
  // An approval of a transaction that is there comes after its clearing: it leaves the status when it holds nothing more,
  // and brings its currency with it. What another currency cleared is then what it left of the approval.
  const raise = db.prepare(`
    UPDATE transactions SET
      requested_minor = requested_minor + ?2, requested_account_minor = requested_account_minor + ?3,
      approved_minor = approved_minor + ?4, approved_account_minor = approved_account_minor + ?5,
      open_minor = open_minor + ?6, open_account_minor = open_account_minor + ?7, held_minor = held_minor + ?8,
      cleared_minor = CASE WHEN currency = ?12 THEN cleared_minor ELSE ?4 - ?6 END, currency = ?12,
      status = CASE WHEN ?6 = 0 THEN status
        WHEN status IN ('settled', 'partially_settled') THEN 'partially_settled' ELSE 'pending' END,
      authorization_code = ?9, expires_at = ?10, updated_at = ?11
    WHERE number = ?1`);
  const ask = db.prepare(`
    UPDATE transactions SET requested_minor = requested_minor + ?2,
      requested_account_minor = requested_account_minor + ?3, updated_at = ?4
    WHERE number = ?1`);
  const settle = db.prepare(`
    UPDATE transactions SET
      open_minor = open_minor - ?2, open_account_minor = open_account_minor - ?3, held_minor = held_minor - ?4,
      cleared_minor = cleared_minor + CASE WHEN currency = ?5 THEN ?6 ELSE ?2 END,
      cleared_account_minor = cleared_account_minor + ?7, status = ?8, updated_at = ?9
    WHERE number = ?1`);
  const release = db.prepare(`
    UPDATE transactions SET
      open_minor = open_minor - ?2, open_account_minor = open_account_minor - ?3, held_minor = held_minor - ?4,
      reversed_minor = reversed_minor + ?5, reversed_account_minor = reversed_account_minor + ?6,
      status = ?7, updated_at = ?8
    WHERE number = ?1`);
  const change = db.prepare(`
    UPDATE transactions SET
      requested_minor = requested_minor + ?2, requested_account_minor = requested_account_minor + ?3,
      approved_minor = approved_minor + ?4, approved_account_minor = approved_account_minor + ?5,
      open_minor = open_minor + ?6, open_account_minor = open_account_minor + ?7,
      reversed_minor = reversed_minor + ?8, reversed_account_minor = reversed_account_minor + ?9,
      cleared_minor = cleared_minor + ?10, cleared_account_minor = cleared_account_minor + ?11,
      refunded_minor = refunded_minor + ?12, refunded_account_minor = refunded_account_minor + ?13,
      pending_credit_minor = pending_credit_minor + ?14,
      pending_credit_account_minor = pending_credit_account_minor + ?15,
      held_minor = held_minor + ?16, status = coalesce(?17, status), currency = coalesce(?18, currency),
      authorization_code = coalesce(?19, authorization_code), expires_at = coalesce(?20, expires_at),
      credit_expires_at = coalesce(?21, credit_expires_at), updated_at = ?22
    WHERE number = ?1`);
  const touch = db.prepare('UPDATE transactions SET updated_at = ?2 WHERE number = ?1');
  const addFlags = db.prepare(`
    UPDATE transactions SET flags = (SELECT json_group_array(value ORDER BY value) FROM
      (SELECT value FROM json_each(flags) UNION SELECT value FROM json_each(?2)))
    WHERE number = ?1`);
  const find = db.prepare('SELECT number, account_id FROM transactions WHERE id = ?');

  /** The number of the new row, or undefined when the transaction is there already. */
  function open(opening: Opening): bigint | undefined {
    const { message, at } = opening;
    const { merchant } = message;
    const { changes, lastInsertRowid } = insert.run(
      opening.transactionId,
      opening.accountId,
      message.cardId,
      opening.status,
      message.network,
      message.networkTransactionId ?? null,
      message.currency,
      opening.requestedMinor ?? 0n,
      opening.requestedAccountMinor ?? 0n,
      opening.approvedMinor ?? 0n,
      opening.approvedAccountMinor ?? 0n,
      opening.openMinor ?? 0n,
      opening.openAccountMinor ?? 0n,
      opening.heldMinor ?? 0n,
      opening.clearedMinor ?? 0n,
      opening.clearedAccountMinor ?? 0n,
      merchant?.id ?? null,
      merchant?.name ?? null,
      merchant?.city ?? null,
      merchant?.country ?? null,
      merchant?.mcc ?? null,
      opening.authorizationCode ?? null,
      opening.reason ?? null,
      jsonList(opening.reasons ?? []),
      jsonList(opening.flags.toSorted()),
      BigInt(at),
      opening.expiresAt === undefined ? null : BigInt(opening.expiresAt),
    );
    return changes === 1n ? BigInt(lastInsertRowid) : undefined;
  }

  /** Undefined when it is not there. A transaction stays in its account. */
  function findNumber(accountId: AccountId, transactionId: TransactionId): bigint | undefined {
    const row = find.get(transactionId);
    if (row === undefined) return undefined;
    if (row.account_id !== accountId) throw new Unfoldable(`${transactionId} belongs to another account`);
    return integer(row.number);
  }

  function numberOf(accountId: AccountId, transactionId: TransactionId): bigint {
    const number = findNumber(accountId, transactionId);
    if (number === undefined) throw new Unfoldable(`transaction ${transactionId} is not there`);
    return number;
  }

  function flagged(number: bigint, flags: readonly Flag[]): bigint {
    if (flags.length > 0) addFlags.run(number, jsonList(flags));
    return number;
  }

  const rows: TransactionRows = {
    approve: (accountId, data, at) => {
      const { transactionId, message, reasons, flags, authorizationCode } = data;
      const { requestedAccountMinor, approvedMinor, approvedAccountMinor, heldMinor } = data;
      const requestedMinor = message.amountMinor ?? 0n;
      const openMinor = data.openMinor ?? approvedMinor;
      const openAccountMinor = data.openAccountMinor ?? approvedAccountMinor;
      const expiresAt = fromIso(data.expiresAt);
      const number = open({
        ...{ accountId, transactionId, message, status: 'pending', at, reasons, flags, authorizationCode, expiresAt },
        ...{ requestedMinor, requestedAccountMinor, approvedMinor, approvedAccountMinor },
        ...{ openMinor, openAccountMinor, heldMinor },
      });
      if (number !== undefined) return number;
      const known = numberOf(accountId, transactionId);
      if (data.advised) {
        const { currency } = message;
        const raised = { transactionId, change: {}, status: undefined, authorizationCode, currency };
        return rows.change(accountId, { ...raised, expiresAt: data.expiresAt, flags }, at);
      }
      const amounts = [requestedMinor, requestedAccountMinor, approvedMinor, approvedAccountMinor] as const;
      raise.run(
        ...[known, ...amounts, openMinor, openAccountMinor, heldMinor],
        ...[authorizationCode, BigInt(expiresAt), BigInt(at), message.currency],
      );
      return flagged(known, flags);
    },
    decline: (accountId, data, at) => {
      const { transactionId, message, reason, reasons, flags } = data;
      // What was to be given back is no request for money.
      const isCredit = message.type === 'refund_authorization';
      const requestedMinor = isCredit ? 0n : (message.amountMinor ?? 0n);
      const requestedAccountMinor = isCredit ? 0n : (data.requestedAccountMinor ?? 0n);
      const number = open({
        ...{ accountId, transactionId, message, status: 'declined', at, reason, reasons, flags },
        ...{ requestedMinor, requestedAccountMinor },
      });
      if (number !== undefined) return number;
      const known = numberOf(accountId, transactionId);
      ask.run(known, requestedMinor, requestedAccountMinor, BigInt(at));
      return flagged(known, flags);
    },
    clear: (accountId, data, at) => {
      const { transactionId, message, flags, status, taken, postedMinor, confirmed } = data;
      // What a single message had posted before is cleared already.
      const amountMinor = (message.amountMinor ?? 0n) - (confirmed?.amountMinor ?? 0n);
      const number = findNumber(accountId, transactionId);
      if (number === undefined) {
        const { authorizationCode } = message;
        const cleared = { clearedMinor: amountMinor, clearedAccountMinor: postedMinor };
        const opened = open({ accountId, transactionId, message, status, at, flags, authorizationCode, ...cleared });
        if (opened === undefined || taken.openMinor !== 0n) throw new Unfoldable(`it takes of ${transactionId}`);
        return opened;
      }
      settle.run(
        ...[number, taken.openMinor, taken.openAccountMinor, taken.heldMinor],
        ...[message.currency, amountMinor, postedMinor, status, BigInt(at)],
      );
      return flagged(number, flags);
    },
    release: (accountId, { transactionId, taken, status, flags = [] }, at, counts) => {
      const number = numberOf(accountId, transactionId);
      const { openMinor, openAccountMinor, heldMinor } = taken;
      const reversed = counts === 'as reversed' ? [openMinor, openAccountMinor] : [0n, 0n];
      release.run(number, openMinor, openAccountMinor, heldMinor, ...reversed, status, BigInt(at));
      return flagged(number, flags);
    },
    change: (accountId, data, at) => {
      const { transactionId, message, status, flags = [], reason } = data;
      const opening =
        message === undefined
          ? undefined
          : open({
              ...{ accountId, transactionId, message, status: status ?? 'pending', at, flags: [] },
              ...(reason === undefined ? {} : { reason, reasons: [reason] }),
              authorizationCode: message.authorizationCode,
            });
      const number = opening ?? numberOf(accountId, transactionId);
      const { totals = {}, accountTotals = {}, heldMinor = 0n } = data.change;
      const amounts = TOTALS.flatMap((each) => [totals[each] ?? 0n, accountTotals[each] ?? 0n]);
      const moment = (text: string | undefined) => (text === undefined ? null : BigInt(fromIso(text)));
      change.run(
        ...[number, ...amounts, heldMinor, status ?? null, data.currency ?? null, data.authorizationCode ?? null],
        ...[moment(data.expiresAt), moment(data.creditExpiresAt), BigInt(at)],
      );
      return flagged(number, flags);
    },
    touch: (accountId, transactionId, flags, at) => {
      const number = numberOf(accountId, transactionId);
      changedOne(touch.run(number, BigInt(at)), `transaction ${transactionId}`);
      return flagged(number, flags);
    },
  };
  return rows;
}
