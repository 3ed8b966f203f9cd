// financialAuthorization.ts: a single message: decided like an authorization, and posted at once instead of held.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent, FinancialAuthorizationApproved } from '../events.ts';
import { invariant } from '../invariant.ts';
import { post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import { type AccountAmount, converted, currencyOf, rateFlags, settle } from './amounts.ts';
import { type Approvable, type Asked, amountAsked } from './asked.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import { factFlags } from './factFlags.ts';
import { missing } from './join.ts';
import type { FinancialAuthorizationMessage } from './message.ts';
import type { Flag } from './reasons.ts';
import { decideRequest } from './request.ts';
import type { Transaction } from './transaction.ts';

export function decideFinancialAuthorization(
  account: Account,
  message: FinancialAuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  return decideRequest(account, message, context, join, approve);
}

function approve(
  account: Account,
  message: FinancialAuthorizationMessage,
  { amount, failing, flags, limits }: Asked,
  { approvedMinor, accountMinor, feeMinor }: Approvable,
  context: MessageContext,
): FinancialAuthorizationApproved {
  invariant(amount !== undefined, 'approving what no rate can convert');
  const approved = { ...amount, minor: accountMinor, feeMinor };
  const sums = { approvedMinor, postedMinor: approvedMinor, asked: amount, approved, posted: approved };
  const { type, data } = posting(account, undefined, message, context, sums);
  const responseCode = failing.length === 0 ? '00' : '10';
  return { type, data: { ...data, reasons: failing, flags, limits, responseCode } };
}

/** Its clearing came first: approved whatever the controls say, and only what is missing is posted. */
function join(
  account: Account,
  tx: Transaction,
  message: FinancialAuthorizationMessage,
  context: MessageContext,
): FinancialAuthorizationApproved | undefined {
  const amount = amountAsked(account, message, context, 'fact');
  if (amount === undefined) return undefined;
  const { amountMinor } = message;
  if (tx.advised) return confirm(account, tx, message, context, amount);
  const { openMinor, openAccountMinor } = missing(tx, amountMinor, message.currency, amount.minor);
  const feeMinor = openMinor === 0n ? 0n : proportionHalfUp(amount.feeMinor, openMinor, amountMinor);
  const approval = posting(account, tx, message, context, {
    approvedMinor: amountMinor,
    postedMinor: openMinor,
    asked: amount,
    approved: amount,
    posted: { ...amount, minor: openAccountMinor, feeMinor },
  });
  const { data } = approval;
  const flags: Flag[] = ['late', ...rateFlags(amount)];
  flags.push(...factFlags(account, data.balances, tx, message, openAccountMinor, context.now));
  return { ...approval, data: { ...data, flags } };
}

/** The network's advice says what was requested and what stands: nothing is added. */
function confirm(
  account: Account,
  tx: Transaction,
  message: FinancialAuthorizationMessage,
  context: MessageContext,
  amount: AccountAmount,
): FinancialAuthorizationApproved {
  const nothing = { ...amount, minor: 0n, feeMinor: 0n };
  const sums = {
    approvedMinor: message.amountMinor,
    postedMinor: 0n,
    asked: amount,
    approved: amount,
    posted: nothing,
  };
  const { type, data } = posting(account, tx, message, context, sums);
  const flags: readonly Flag[] = ['late', ...rateFlags(amount)];
  return { type, data: { ...data, change: {}, flags, status: tx.status, entry: [], balances: account.balances } };
}

type Sums = {
  /** Transaction currency. */
  readonly approvedMinor: bigint;
  readonly postedMinor: bigint;
  readonly asked: AccountAmount;
  readonly approved: AccountAmount;
  readonly posted: AccountAmount;
};

function posting(
  account: Account,
  tx: Transaction | undefined,
  message: FinancialAuthorizationMessage,
  { transactionId, authorizationCode, answerBy, program, now }: MessageContext,
  { approvedMinor, postedMinor, asked, approved, posted }: Sums,
): FinancialAuthorizationApproved {
  const { amountMinor } = message;
  const currency = currencyOf(account);
  // Where nothing is missing there is nothing to settle either, whatever the message says of it.
  const entry = tx !== undefined && postedMinor === 0n ? [] : settle(partOf(message, postedMinor), posted, currency);
  return {
    type: 'FinancialAuthorizationApproved',
    data: {
      transactionId: tx?.transactionId ?? transactionId,
      message,
      responseCode: '00',
      authorizationCode: tx?.authorizationCode ?? authorizationCode,
      reasons: [],
      flags: [],
      requestedAccountMinor: asked.minor,
      approvedMinor,
      approvedAccountMinor: approved.minor,
      ...converted(asked),
      postedMinor: posted.minor,
      amountPostedMinor: postedMinor,
      change: {
        totals: { requestedMinor: amountMinor, approvedMinor, clearedMinor: clearedBy(tx, message, postedMinor) },
        accountTotals: { requestedMinor: asked.minor, approvedMinor: approved.minor, clearedMinor: posted.minor },
      },
      status: 'settled',
      answerBy: toIso(answerBy),
      spending: chargesFor(tx, posted.minor, toIso(now)),
      limits: [],
      versions: { program: program.version },
      entry,
      balances: post(account.balances, entry),
    },
  };
}

/**
 * What it adds to what is cleared. A transaction that a clearing in another currency opened takes the currency of its
 * authorization: what is not posted now was cleared before.
 */
function clearedBy(tx: Transaction | undefined, message: FinancialAuthorizationMessage, postedMinor: bigint): bigint {
  if (tx === undefined || tx.currency === message.currency) return postedMinor;
  return message.amountMinor - tx.totals.clearedMinor;
}

/** What the network settles of a message that is posted in part, in the same part. */
function partOf(message: FinancialAuthorizationMessage, postedMinor: bigint): FinancialAuthorizationMessage {
  const { amountMinor, billing, settlement } = message;
  if (postedMinor === amountMinor) return message;
  const part = <T extends { readonly amountMinor: bigint }>(sum: T): T => ({
    ...sum,
    amountMinor: proportionHalfUp(sum.amountMinor, postedMinor, amountMinor),
  });
  return {
    ...message,
    amountMinor: postedMinor,
    ...(billing === undefined ? {} : { billing: part(billing) }),
    ...(settlement === undefined ? {} : { settlement: part(settlement) }),
  };
}
