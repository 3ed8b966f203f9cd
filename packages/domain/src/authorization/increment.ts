// increment.ts: a merchant asks to raise an authorization: a decision of its own; the rest stays as it was when declined.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, Change, IncrementApproved } from '../events.ts';
import { toIso } from '../time.ts';
import { type Approvable, type Asked, approvable, ask, decline } from './asked.ts';
import { approval } from './authorization.ts';
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
  asked: Asked,
  amounts: Approvable,
  context: MessageContext,
): IncrementApproved {
  const { approvedMinor, accountMinor } = amounts;
  const spending = chargesFor(tx, accountMinor, toIso(context.now));
  const data = approval(account, tx.transactionId, message, asked, amounts, context, spending);
  const change = raised(message.amountMinor, data.requestedAccountMinor, approvedMinor, accountMinor);
  return { type: 'IncrementApproved', data: { ...data, change, status: statusRaised(tx, approvedMinor) } };
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
