// increment.ts: a merchant asks to raise an authorization: a decision of its own; the rest stays as it was when declined.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, Change, IncrementApproved } from '../events.ts';
import { invariant } from '../invariant.ts';
import { post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { converted, currencyOf, hold } from './amounts.ts';
import { type Approvable, type Asked, approvable, ask, decline } from './asked.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import type { IncrementMessage } from './message.ts';
import { findOriginal } from './original.ts';
import { applyParked } from './parked.ts';
import type { Flag, ReasonCode } from './reasons.ts';
import { isCleared, type Transaction, type TransactionStatus, wasApproved } from './transaction.ts';

export function decideIncrement(
  account: Account,
  message: IncrementMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const original = findOriginal(account, message, context.now);
  const tx = original?.transaction;
  const flags: readonly Flag[] = original?.ambiguous === true ? ['ambiguous_original'] : [];
  const asked = ask(account, message, context, flags, tx);
  const refused = tx === undefined || !canBeRaised(tx) ? 'original_not_found' : currencyRefused(tx, message);
  const amounts = refused === undefined ? approvable(account, asked) : undefined;
  if (amounts === undefined || tx === undefined) {
    const failing = refused === undefined ? asked.failing : [refused, ...asked.failing];
    const declined = decline(account, { ...asked, failing }, context);
    const whose = tx === undefined ? {} : { transactionId: tx.transactionId };
    return [{ type: 'IncrementDeclined', data: { ...whose, ...declined } }];
  }
  return applyParked(account, tx, raise(account, tx, message, asked, amounts, context), message, context);
}

/** It has, or had, a hold. */
export function canBeRaised(tx: Transaction): boolean {
  return wasApproved(tx) && !tx.financial && tx.status !== 'declined';
}

function currencyRefused(tx: Transaction, { currency }: IncrementMessage): ReasonCode | undefined {
  return currency === tx.currency ? undefined : 'currency_differs';
}

function raise(
  account: Account,
  tx: Transaction,
  message: IncrementMessage,
  { amount, flags, limits, failing }: Asked,
  { approvedMinor, accountMinor, feeMinor }: Approvable,
  { authorizationCode, answerBy, program, now }: MessageContext,
): IncrementApproved {
  invariant(amount !== undefined, 'approving what no rate can convert');
  const entry = hold(accountMinor, feeMinor, currencyOf(account));
  return {
    type: 'IncrementApproved',
    data: {
      transactionId: tx.transactionId,
      message,
      responseCode: failing.length === 0 ? '00' : '10',
      authorizationCode,
      reasons: failing,
      flags,
      requestedAccountMinor: amount.minor,
      approvedMinor,
      approvedAccountMinor: accountMinor,
      ...converted(amount),
      heldMinor: accountMinor,
      change: raised(message.amountMinor, amount.minor, approvedMinor, accountMinor),
      status: statusRaised(tx, approvedMinor),
      answerBy: toIso(answerBy),
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      spending: chargesFor(tx, accountMinor, toIso(now)),
      limits,
      versions: { program: program.version },
      entry,
      balances: post(account.balances, entry),
    },
  };
}

/** What an increment adds: asked for, approved, open and held. */
export function raised(
  requestedMinor: bigint,
  requestedAccountMinor: bigint,
  approvedMinor: bigint,
  accountMinor: bigint,
): Change {
  return {
    totals: { requestedMinor, approvedMinor, openMinor: approvedMinor },
    accountTotals: { requestedMinor: requestedAccountMinor, approvedMinor: accountMinor, openMinor: accountMinor },
    heldMinor: accountMinor,
  };
}

/** It is open again, unless nothing was added. */
export function statusRaised(tx: Transaction, addedMinor: bigint): TransactionStatus {
  if (addedMinor === 0n) return tx.status;
  return isCleared(tx) ? 'partially_settled' : 'pending';
}
