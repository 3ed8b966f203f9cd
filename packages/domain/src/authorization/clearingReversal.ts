// clearingReversal.ts: a clearing is posted back, at most what it posted and was not posted back; no hold comes of it.

import { atLeastZero, lesser, proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent, Share } from '../events.ts';
import { type Entry, move, post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import { currencyOf, suspend, unsettle } from './amounts.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import type { ClearingReversalMessage } from './message.ts';
import { findClearing } from './original.ts';
import { type Posted, shareOf } from './posted.ts';
import type { Flag } from './reasons.ts';
import type { Transaction } from './transaction.ts';

export function decideClearingReversal(
  account: Account,
  message: ClearingReversalMessage,
  { now }: MessageContext,
): readonly AccountEvent[] {
  const found = findClearing(account, message, now);
  if (found === undefined) {
    return [{ type: 'ClearingSuspended', data: { message, flags: ['no_original'], entry: suspend(message) } }];
  }
  const { transaction: tx, posted, ambiguous } = found;
  const currency = currencyOf(account);
  const billedMinor = billed(message, currency);
  const share = backShare(tx, posted, message, billedMinor);
  const excessMinor = atLeastZero((billedMinor ?? 0n) - share.accountMinor);
  // Without an account amount, more of the transaction's currency than is left.
  const comparable = billedMinor === undefined && message.currency === tx.currency && posted.amountMinor > 0n;
  const unbilledMinor = comparable ? message.amountMinor - share.amountMinor : 0n;
  const flags: Flag[] = ambiguous ? ['ambiguous_original'] : [];
  if (excessMinor > 0n || unbilledMinor > 0n) flags.push('over_reversal');
  const entry =
    unbilledMinor === 0n
      ? postedBack(message, share, billedMinor, excessMinor, account)
      : inTwo(message, share, unbilledMinor, account);
  const { accountMinor } = share;
  // A change of currency may have left it a rounding above what is cleared.
  const amountMinor = lesser(share.amountMinor, tx.totals.clearedMinor);
  return [
    {
      type: 'ClearingReversed',
      data: {
        transactionId: tx.transactionId,
        message,
        flags,
        clearingRevision: posted.revision,
        share,
        change: { totals: { clearedMinor: -amountMinor }, accountTotals: { clearedMinor: -accountMinor } },
        spending: chargesFor(tx, -accountMinor, toIso(now)),
        status: tx.status,
        entry,
        balances: post(account.balances, entry),
      },
    },
  ];
}

/** In account currency, where the network says so. */
function billed(
  { billing, amountMinor, currency: sent }: ClearingReversalMessage,
  currency: string,
): bigint | undefined {
  if (billing !== undefined && billing.currency === currency) return billing.amountMinor;
  return sent === currency ? amountMinor : undefined;
}

/** By what the network bills for it; else at the clearing's own rate. */
function backShare(
  tx: Transaction,
  posted: Posted,
  { amountMinor, currency }: ClearingReversalMessage,
  billedMinor: bigint | undefined,
): Share {
  const left = posted.amountMinor;
  const sameCurrency = currency === tx.currency;
  if (billedMinor === undefined) return shareOf(posted, sameCurrency && amountMinor < left ? amountMinor : left);
  // The network pays all that it bills: a mark-up goes back only at the clearing's own rate.
  if (billedMinor >= posted.accountMinor) return { ...shareOf(posted, left), feeMinor: 0n };
  const ofAccount = (minor: bigint) => proportionHalfUp(minor, billedMinor, posted.accountMinor);
  return {
    amountMinor: sameCurrency ? (amountMinor < left ? amountMinor : left) : ofAccount(left),
    accountMinor: billedMinor,
    feeMinor: 0n,
    settledMinor: ofAccount(posted.settledMinor),
    settledCurrency: posted.settledCurrency,
  };
}

/** The network pays what it says, or what it billed, or its share of what the clearing settled; what is over is suspense's. */
function postedBack(
  message: ClearingReversalMessage,
  share: Share,
  billedMinor: bigint | undefined,
  excessMinor: bigint,
  account: Account,
): Entry {
  const { network, settlement } = message;
  const currency = currencyOf(account);
  const paid = settlement ?? (billedMinor === undefined ? undefined : { amountMinor: billedMinor, currency });
  const settled =
    paid === undefined
      ? share
      : { ...share, settledMinor: atLeastZero(paid.amountMinor), settledCurrency: paid.currency };
  if (excessMinor === 0n) return unsettle(network, settled, currency);
  const whole = { ...settled, accountMinor: share.accountMinor + excessMinor };
  return [...unsettle(network, whole, currency), ...move('available', 'suspense', excessMinor, currency)];
}

/** What is left of the clearing goes back; the rest of what the network pays goes to suspense. */
function inTwo(message: ClearingReversalMessage, share: Share, unbilledMinor: bigint, account: Account): Entry {
  const { network, settlement, amountMinor, currency } = message;
  if (settlement === undefined) {
    return [
      ...unsettle(network, share, currencyOf(account)),
      ...move(`settlement:${network}`, 'suspense', unbilledMinor, currency),
    ];
  }
  const settledMinor = proportionHalfUp(settlement.amountMinor, share.amountMinor, amountMinor);
  return [
    ...unsettle(network, { ...share, settledMinor, settledCurrency: settlement.currency }, currencyOf(account)),
    ...move(`settlement:${network}`, 'suspense', settlement.amountMinor - settledMinor, settlement.currency),
  ];
}
