// transactionJson.ts: a transaction and its messages, as JSON. A field without a value is null.

import { type Instant, type Leg, signedMinor, toIso } from '@holdfast/domain';
import { toApiInteger } from '@holdfast/money';
import type { TransactionMessageView, TransactionTotals, TransactionView } from '@holdfast/projections';

export function transactionJson(transaction: TransactionView) {
  return {
    id: transaction.id,
    account_id: transaction.accountId,
    card_id: transaction.cardId,
    status: transaction.status,
    network: transaction.network,
    network_transaction_id: transaction.networkTransactionId ?? null,
    currency: transaction.currency,
    account_currency: transaction.accountCurrency,
    amounts: totalsJson(transaction.amounts),
    account_amounts: {
      ...totalsJson(transaction.accountAmounts),
      held: toApiInteger(transaction.accountAmounts.heldMinor),
    },
    merchant: transaction.merchant === undefined ? null : merchantJson(transaction.merchant),
    authorization_code: transaction.authorizationCode ?? null,
    reason: transaction.reason ?? null,
    reasons: transaction.reasons,
    flags: transaction.flags,
    created_at: toIso(transaction.createdAt),
    updated_at: toIso(transaction.updatedAt),
    expires_at: time(transaction.expiresAt),
    credit_expires_at: time(transaction.creditExpiresAt),
  };
}

/**
 * What it comes to for each side, signed as its debt: what the cardholder owes, what is blocked of the account, what the
 * merchant gets, and what the network settles, in each currency.
 */
export function sidesJson(transaction: TransactionView, messages: readonly TransactionMessageView[]) {
  const { currency, accountCurrency, amounts, accountAmounts } = transaction;
  const settled = new Map<string, bigint>();
  for (const leg of messages.flatMap(({ entry }) => entry)) {
    if (!leg.account.startsWith('settlement:')) continue;
    settled.set(leg.currency, (settled.get(leg.currency) ?? 0n) - signedMinor(leg));
  }
  return {
    cardholder: sum(accountAmounts.clearedMinor - accountAmounts.refundedMinor, accountCurrency),
    hold: sum(accountAmounts.heldMinor, accountCurrency),
    merchant: sum(amounts.clearedMinor - amounts.refundedMinor, currency),
    settlement: [...settled].map(([code, minor]) => sum(minor, code)),
  };
}

function sum(minor: bigint, currency: string) {
  return { amount: toApiInteger(minor), currency };
}

function legJson(leg: Leg) {
  const { account, currency } = leg;
  return 'debitMinor' in leg
    ? { account, currency, debit: toApiInteger(leg.debitMinor) }
    : { account, currency, credit: toApiInteger(leg.creditMinor) };
}

export function messageJson(message: TransactionMessageView) {
  return {
    type: message.type,
    decision: message.decision ?? null,
    response_code: message.responseCode ?? null,
    amount: amount(message.amountMinor),
    approved_amount: amount(message.approvedMinor),
    billing_amount: amount(message.billingMinor),
    reason: message.reason ?? null,
    reasons: message.reasons,
    flags: message.flags,
    entry: message.entry.map(legJson),
    occurred_at: toIso(message.occurredAt),
    position: message.position.toString(),
  };
}

function totalsJson(totals: TransactionTotals) {
  return {
    requested: toApiInteger(totals.requestedMinor),
    approved: toApiInteger(totals.approvedMinor),
    open: toApiInteger(totals.openMinor),
    reversed: toApiInteger(totals.reversedMinor),
    cleared: toApiInteger(totals.clearedMinor),
    refunded: toApiInteger(totals.refundedMinor),
    pending_credit: toApiInteger(totals.pendingCreditMinor),
  };
}

function merchantJson({ id, name, city, country, mcc }: NonNullable<TransactionView['merchant']>) {
  return { id, name: name ?? null, city: city ?? null, country: country ?? null, mcc };
}

function amount(minor: bigint | undefined): number | null {
  return minor === undefined ? null : toApiInteger(minor);
}

function time(instant: Instant | undefined): string | null {
  return instant === undefined ? null : toIso(instant);
}
