// timers.ts: what time does to a transaction: its hold or its pending credit expires, or an approval that came too late is released.

import { lesser } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import { withOverdraft } from '../accounts/overdraft.ts';
import type { AccountEvent, LateApprovalReleased } from '../events.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { type Instant, toIso } from '../time.ts';
import { currencyOf, unsettle } from './amounts.ts';
import { chargesFor } from './charges.ts';
import type { Posted } from './posted.ts';
import { dropCredit } from './reversal.ts';
import { statusPostedBack, statusReleased, type Transaction, take } from './transaction.ts';

export type TimerCommand =
  | { readonly type: 'expire'; readonly transactionId: TransactionId; readonly expiresAt: Instant }
  /** `decision` is the command id of the approval that came too late. */
  | { readonly type: 'releaseLate'; readonly transactionId: TransactionId; readonly decision: CommandId };

/** The same for every instance that runs a scheduler, so that one of them finds nothing to do. */
export function expiryId(transactionId: TransactionId, expiresAt: Instant): CommandId {
  return `expire:${transactionId}:${toIso(expiresAt)}` as CommandId;
}

export function lateReleaseId(transactionId: TransactionId, decision: CommandId): CommandId {
  return `release:${transactionId}:${decision}` as CommandId;
}

/** The events of a timer command: none when the transaction has moved on. Its transaction must be in memory. */
export function decideTimer(account: Account, command: TimerCommand, now: Instant): readonly AccountEvent[] {
  const tx = account.transactions.get(command.transactionId);
  invariant(tx !== undefined, `${command.type} of ${command.transactionId}, which is not in memory`);
  const events =
    command.type === 'expire'
      ? expire(account, tx, command.expiresAt, now)
      : releaseLate(account, tx, command.decision, now);
  return withOverdraft(account, events);
}

/** The hold, the pending credit, or both, whichever are due at that moment. */
function expire(account: Account, tx: Transaction, expiresAt: Instant, now: Instant): readonly AccountEvent[] {
  if (now < expiresAt) return [];
  const events: AccountEvent[] = [];
  let { status } = tx;
  if (tx.expiresAt === expiresAt && (status === 'pending' || status === 'partially_settled')) {
    const released = release(account, tx, tx.totals.openMinor, now);
    status = statusReleased(tx, 'expired');
    events.push({ type: 'AuthorizationExpired', data: { ...released, expiresAt: toIso(expiresAt), status } });
  }
  if (tx.creditExpiresAt === expiresAt && tx.totals.pendingCreditMinor > 0n) {
    const { transactionId, totals } = tx;
    const dropped = dropCredit({ ...tx, status }, totals.pendingCreditMinor, 'expired');
    events.push({ type: 'PendingCreditExpired', data: { transactionId, expiresAt: toIso(expiresAt), ...dropped } });
  }
  return events;
}

/** Takes only what that decision held, posted or announced, and nothing once any later message has touched the transaction. */
function releaseLate(account: Account, tx: Transaction, decision: CommandId, now: Instant): readonly AccountEvent[] {
  const { releasable, totals } = tx;
  if (releasable?.commandId !== decision) return [];
  const posted = tx.posted.find(({ revision }) => revision === releasable.revision);
  if (posted !== undefined) return [unpost(account, tx, posted, now)];
  if (releasable.kind === 'credit') {
    const addedMinor = lesser(releasable.addedMinor, totals.pendingCreditMinor);
    const { change, status } = dropCredit(tx, addedMinor, 'voided');
    return [{ type: 'LateApprovalReleased', data: { ...release(account, tx, 0n, now), change, status } }];
  }
  const openMinor = lesser(releasable.addedMinor, totals.openMinor);
  const status = openMinor === totals.openMinor ? statusReleased(tx, 'voided') : tx.status;
  return [{ type: 'LateApprovalReleased', data: { ...release(account, tx, openMinor, now), status } }];
}

function release(account: Account, tx: Transaction, openMinor: bigint, now: Instant) {
  const taken = take(tx, openMinor);
  const entry = move('held', 'available', taken.heldMinor, currencyOf(account));
  return {
    transactionId: tx.transactionId,
    taken,
    spending: chargesFor(tx, -taken.openAccountMinor, toIso(now)),
    entry,
    balances: post(account.balances, entry),
  };
}

/** Of a single message: what it posted goes back. */
function unpost(account: Account, tx: Transaction, posted: Posted, now: Instant): LateApprovalReleased {
  const { amountMinor, accountMinor, network } = posted;
  const entry = unsettle(network, posted, currencyOf(account));
  return {
    type: 'LateApprovalReleased',
    data: {
      transactionId: tx.transactionId,
      taken: { openMinor: 0n, openAccountMinor: 0n, heldMinor: 0n },
      change: {
        totals: { clearedMinor: -amountMinor, reversedMinor: amountMinor },
        accountTotals: { clearedMinor: -accountMinor, reversedMinor: accountMinor },
      },
      spending: chargesFor(tx, -accountMinor, toIso(now)),
      status: statusPostedBack(tx, posted),
      entry,
      balances: post(account.balances, entry),
    },
  };
}
