// refundAuthorization.ts: a merchant asks whether it may give money back. Nothing is posted: the credit is pending.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { invariant } from '../invariant.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { changeOf, converted } from './amounts.ts';
import { amountAsked, cardOf, decline } from './asked.ts';
import type { MessageContext } from './context.ts';
import type { RefundAuthorizationMessage } from './message.ts';
import { findOriginal } from './original.ts';
import { applyParked, parkedFor, undoes } from './parked.ts';
import type { Flag, ReasonCode } from './reasons.ts';
import type { Transaction } from './transaction.ts';

export function decideRefundAuthorization(
  account: Account,
  message: RefundAuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const { now, program, answerBy, authorizationCode } = context;
  const amount = amountAsked(account, message, context, 'credit decision');
  const parked = parkedFor(account, message, now);
  const original = findOriginal(account, message, now);
  // Of another currency it stands on its own: a transaction has one.
  const tx = original?.transaction.currency === message.currency ? original.transaction : undefined;
  const flags: readonly Flag[] = original?.ambiguous === true ? ['ambiguous_original'] : [];
  const failing: ReasonCode[] = [];
  if (parked.some(({ message: reversal }) => undoes(reversal, message))) failing.push('reversed_before_arrival');
  if (account.status === 'closed') failing.push('account_closed');
  if (cardOf(account, message).status === 'closed') failing.push('card_closed');
  if (amount === undefined) failing.push('fx_rate_missing');
  if (failing.length > 0) {
    const { transactionId } = context;
    const declined = decline(account, { message, amount, flags, limits: [], failing, parked }, context);
    return [{ type: 'AuthorizationDeclined', data: { transactionId, ...declined } }];
  }
  invariant(amount !== undefined, 'a credit that no rate can convert');
  const { pendingMinor, pendingAccountMinor } = stillPending(tx, message, amount.minor);
  const authorized: AccountEvent = {
    type: 'RefundAuthorized',
    data: {
      transactionId: tx?.transactionId ?? context.transactionId,
      message,
      authorizationCode,
      flags,
      requestedAccountMinor: amount.minor,
      change: changeOf('pendingCreditMinor', pendingMinor, pendingAccountMinor),
      status: tx?.status ?? 'pending',
      ...converted(amount),
      answerBy: toIso(answerBy),
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      versions: { program: program.version },
    },
  };
  return applyParked(account, tx, authorized, message, context);
}

/** All of it, but what its own refund, sent later and come first, has given back. */
function stillPending(tx: Transaction | undefined, message: RefundAuthorizationMessage, accountMinor: bigint) {
  const { amountMinor, transmittedAt } = message;
  const all = { pendingMinor: amountMinor, pendingAccountMinor: accountMinor };
  if (tx === undefined || tx.purchase || tx.creditExpiresAt !== undefined) return all;
  const cameFirst = transmittedAt !== undefined && tx.transmittedAt !== undefined && transmittedAt < tx.transmittedAt;
  if (!cameFirst) return all;
  const pendingMinor = amountMinor > tx.totals.refundedMinor ? amountMinor - tx.totals.refundedMinor : 0n;
  const pendingAccountMinor =
    accountMinor > tx.accountTotals.refundedMinor ? accountMinor - tx.accountTotals.refundedMinor : 0n;
  return { pendingMinor, pendingAccountMinor: pendingMinor === 0n ? 0n : pendingAccountMinor };
}
