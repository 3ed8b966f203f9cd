// timers.ts: what time does to a transaction: its hold expires, or an approval that came too late is released.

import type { Account } from '../accounts/account.ts';
import { withOverdraft } from '../accounts/overdraft.ts';
import type { AccountEvent } from '../events.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { type Instant, toIso } from '../time.ts';
import { spendingChanges } from './charges.ts';
import { statusReleased, type Transaction, take } from './transaction.ts';

export type TimerCommand =
  | { readonly type: 'expire'; readonly transactionId: TransactionId; readonly expiresAt: Instant }
  | { readonly type: 'releaseLate'; readonly transactionId: TransactionId };

/** The same for every instance that runs a scheduler, so that one of them finds nothing to do. */
export function expiryId(transactionId: TransactionId, expiresAt: Instant): CommandId {
  return `expire:${transactionId}:${toIso(expiresAt)}` as CommandId;
}

export function lateReleaseId(transactionId: TransactionId): CommandId {
  return `release:${transactionId}` as CommandId;
}

/** The events of a timer command: none when the transaction has moved on. Its transaction must be in memory. */
export function decideTimer(account: Account, command: TimerCommand, now: Instant): readonly AccountEvent[] {
  const tx = account.transactions.get(command.transactionId);
  invariant(tx !== undefined, `${command.type} of ${command.transactionId}, which is not in memory`);
  const events =
    command.type === 'expire' ? expire(account, tx, command.expiresAt, now) : releaseLate(account, tx, now);
  return withOverdraft(account, events);
}

function expire(account: Account, tx: Transaction, expiresAt: Instant, now: Instant): readonly AccountEvent[] {
  if (tx.expiresAt !== expiresAt || now < expiresAt) return [];
  if (tx.status !== 'pending' && tx.status !== 'partially_settled') return [];
  const released = releaseAll(account, tx, now);
  const status = statusReleased(tx, 'expired');
  return [{ type: 'AuthorizationExpired', data: { ...released, expiresAt: toIso(expiresAt), status } }];
}

/** Takes only what that decision held, and nothing once any later message has touched the transaction. */
function releaseLate(account: Account, tx: Transaction, now: Instant): readonly AccountEvent[] {
  if (!tx.undisturbed) return [];
  const status = statusReleased(tx, 'voided');
  return [{ type: 'LateApprovalReleased', data: { ...releaseAll(account, tx, now), status } }];
}

function releaseAll(account: Account, tx: Transaction, now: Instant) {
  const currency = account.opened?.currency;
  invariant(currency !== undefined, 'an account without a currency');
  const taken = take(tx, tx.totals.openMinor);
  const entry = move('held', 'available', taken.heldMinor, currency);
  return {
    transactionId: tx.transactionId,
    taken,
    spending: spendingChanges(tx.charges, -taken.openAccountMinor, toIso(now)),
    entry,
    balances: post(account.balances, entry),
  };
}
