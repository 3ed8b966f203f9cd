// refund.ts: a merchant gives money back, or takes that back: facts, posted with or without an original.

import { lesser, proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent, Change } from '../events.ts';
import { post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import { accountAmount, converted, currencyOf, rateFlags, settle, settleBack, suspend } from './amounts.ts';
import { chargedMinor } from './charges.ts';
import { breaksLimit } from './checks/spendingLimits.ts';
import type { MessageContext } from './context.ts';
import type { RefundMessage, RefundReversalMessage } from './message.ts';
import { findOriginal, isPresentedAgain } from './original.ts';
import type { Flag } from './reasons.ts';
import type { Transaction } from './transaction.ts';

export function decideRefund(
  account: Account,
  message: RefundMessage,
  { now, program, transactionId }: MessageContext,
): readonly AccountEvent[] {
  const currency = currencyOf(account);
  const amount = accountAmount(message, currency, program, now, 'credit');
  if (amount === undefined) {
    return [{ type: 'RefundSuspended', data: { message, flags: ['no_rate'], entry: suspend(message) } }];
  }
  const original = findOriginal(account, message, now);
  const tx = original?.transaction;
  const flags: Flag[] = tx === undefined ? ['no_original'] : original?.ambiguous === true ? ['ambiguous_original'] : [];
  flags.push(...rateFlags(amount));
  if (tx !== undefined && isOverRefund(tx, message, amount.minor)) flags.push('over_refund');
  if (isPresentedAgain(account, message)) flags.push('possible_duplicate');
  const entry = settleBack(message, amount, currency);
  const backMinor = tx === undefined ? 0n : lesser(amount.minor, chargedMinor(tx));
  const credit = pendingTaken(tx, message, amount.minor);
  const change: Change = {
    totals: { refundedMinor: refundedIn(tx, message, amount.minor, credit), ...credit.totals },
    accountTotals: { refundedMinor: amount.minor, ...credit.accountTotals },
    ...(backMinor === 0n ? {} : { givenBackMinor: backMinor }),
  };
  return [
    {
      type: 'RefundPosted',
      data: {
        transactionId: tx?.transactionId ?? transactionId,
        message,
        flags,
        postedMinor: amount.minor,
        ...converted(amount),
        change,
        // To the window of now, whichever was charged.
        spending: backMinor === 0n ? [] : [{ at: toIso(now), amountMinor: -backMinor }],
        status: statusAfterRefund(tx),
        entry,
        balances: post(account.balances, entry),
      },
    },
  ];
}

/** One that only announced a refund has it now. */
function statusAfterRefund(tx: Transaction | undefined) {
  return tx?.purchase ? tx.status : 'settled';
}

/** More than was ever posted of the purchase. */
function isOverRefund(tx: Transaction, { amountMinor, currency }: RefundMessage, accountMinor: bigint): boolean {
  const same = currency === tx.currency;
  const { clearedMinor, refundedMinor } = same ? tx.totals : tx.accountTotals;
  return clearedMinor > 0n && refundedMinor + (same ? amountMinor : accountMinor) > clearedMinor;
}

/**
 * In the transaction's currency. Of another: the share that it is of what was cleared; with nothing cleared, what it takes
 * of the pending credit; else nothing.
 */
function refundedIn(
  tx: Transaction | undefined,
  { amountMinor, currency }: RefundMessage,
  accountMinor: bigint,
  credit: Change,
): bigint {
  if (tx === undefined || tx.currency === currency) return amountMinor;
  const { clearedMinor } = tx.accountTotals;
  if (clearedMinor > 0n) return proportionHalfUp(tx.totals.clearedMinor, accountMinor, clearedMinor);
  return -(credit.totals?.pendingCreditMinor ?? 0n);
}

/** In the transaction's currency: of another, the share that it is of what was refunded. */
function takenBackIn(
  { currency, totals, accountTotals }: Transaction,
  message: RefundReversalMessage,
  accountMinor: bigint,
): bigint {
  if (currency === message.currency) return message.amountMinor;
  const { refundedMinor } = accountTotals;
  return refundedMinor === 0n ? 0n : proportionHalfUp(totals.refundedMinor, accountMinor, refundedMinor);
}

/** What is pending no more, since it is here. */
function pendingTaken(
  tx: Transaction | undefined,
  { amountMinor, currency }: RefundMessage,
  accountMinor: bigint,
): Change {
  const pending = tx?.totals.pendingCreditMinor ?? 0n;
  if (tx === undefined || pending === 0n) return {};
  const pendingAccount = tx.accountTotals.pendingCreditMinor;
  const asked =
    currency === tx.currency
      ? amountMinor
      : pendingAccount === 0n
        ? pending
        : proportionHalfUp(pending, lesser(accountMinor, pendingAccount), pendingAccount);
  const taken = lesser(asked, pending);
  const takenAccount = taken === pending ? pendingAccount : proportionHalfUp(pendingAccount, taken, pending);
  return { totals: { pendingCreditMinor: -taken }, accountTotals: { pendingCreditMinor: -takenAccount } };
}

export function decideRefundReversal(
  account: Account,
  message: RefundReversalMessage,
  { now, program, transactionId }: MessageContext,
): readonly AccountEvent[] {
  const currency = currencyOf(account);
  const amount = accountAmount(message, currency, program, now, 'credit');
  if (amount === undefined) {
    return [{ type: 'RefundSuspended', data: { message, flags: ['no_rate'], entry: suspend(message) } }];
  }
  const original = findOriginal(account, message, now);
  const tx = original?.transaction;
  const flags: Flag[] = tx === undefined ? ['no_original'] : original?.ambiguous === true ? ['ambiguous_original'] : [];
  flags.push(...rateFlags(amount));
  const refundedMinor = tx === undefined ? 0n : lesser(takenBackIn(tx, message, amount.minor), tx.totals.refundedMinor);
  const refundedAccountMinor = tx === undefined ? 0n : lesser(amount.minor, tx.accountTotals.refundedMinor);
  if (tx !== undefined && isOverReversal(tx, message, amount.minor)) flags.push('over_reversal');
  const entry = settle(message, amount, currency);
  const balances = post(account.balances, entry);
  const againMinor = tx === undefined ? 0n : lesser(amount.minor, tx.givenBackMinor);
  if (breaksLimit(account, message.cardId, tx, againMinor, now)) flags.push('over_limit');
  if (balances.availableMinor + account.creditLineMinor < 0n) flags.push('overdrawn');
  return [
    {
      type: 'RefundReversed',
      data: {
        transactionId: tx?.transactionId ?? transactionId,
        message,
        flags,
        postedMinor: amount.minor,
        ...converted(amount),
        change: {
          totals: { refundedMinor: -refundedMinor },
          accountTotals: { refundedMinor: -refundedAccountMinor },
          ...(againMinor === 0n ? {} : { givenBackMinor: -againMinor }),
        },
        spending: againMinor === 0n ? [] : [{ at: toIso(now), amountMinor: againMinor }],
        status: tx?.status ?? 'settled',
        entry,
        balances,
      },
    },
  ];
}

/** More than was refunded, in the transaction's currency where the message has it. */
function isOverReversal(
  { currency, totals, accountTotals }: Transaction,
  message: RefundReversalMessage,
  accountMinor: bigint,
): boolean {
  return message.currency === currency
    ? message.amountMinor > totals.refundedMinor
    : accountMinor > accountTotals.refundedMinor;
}
