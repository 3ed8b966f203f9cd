// clearing.ts: a clearing is a fact: posted whatever the card's state, limits or balance, and flagged when it breaks one.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent, Share } from '../events.ts';
import { type Entry, move, post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import {
  type AccountAmount,
  accountAmount,
  converted,
  currencyOf,
  netted,
  rateFlags,
  settle,
  suspend,
  unsettle,
} from './amounts.ts';
import { chargesFor } from './charges.ts';
import { breaksLimit } from './checks/spendingLimits.ts';
import type { MessageContext } from './context.ts';
import type { ClearingMessage } from './message.ts';
import { findOriginal, isPresentedAgain } from './original.ts';
import { type Posted, shareOf } from './posted.ts';
import type { Flag } from './reasons.ts';
import { type Transaction, type TransactionStatus, take, wasApproved, wasDecided } from './transaction.ts';

export function decideClearing(
  account: Account,
  message: ClearingMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const { now, program } = context;
  const currency = currencyOf(account);
  const amount = accountAmount(message, currency, program, now, 'fact');
  if (amount === undefined) {
    return [{ type: 'ClearingSuspended', data: { message, flags: ['no_rate'], entry: suspend(message) } }];
  }
  const original = findOriginal(account, message, now);
  const tx = original?.transaction;
  const final = message.final !== false;
  const taken =
    tx === undefined ? NOTHING : take(tx, shareTaken(tx, message, amount.minor, tx.totals.openMinor, tx.heldMinor));
  const confirmed = tx === undefined ? undefined : confirms(tx, message, amount.minor);
  const postedMinor = amount.minor - (confirmed?.accountMinor ?? 0n);
  const entry = [
    ...move('held', 'available', taken.heldMinor, currency),
    ...posting(message, amount, confirmed, account),
  ];
  const balances = post(account.balances, entry);
  const addedMinor = postedMinor - taken.openAccountMinor;
  const flags: Flag[] = [];
  if (original?.ambiguous === true) flags.push('ambiguous_original');
  flags.push(...rateFlags(amount), ...matchFlags(tx, message, amount.minor, confirmed));
  if (isPresentedAgain(account, message)) flags.push('possible_duplicate');
  if (breaksLimit(account, message.cardId, tx, addedMinor, now)) flags.push('over_limit');
  if (balances.availableMinor + account.creditLineMinor < 0n) flags.push('overdrawn');
  return [
    {
      type: 'ClearingPosted',
      data: {
        transactionId: tx?.transactionId ?? context.transactionId,
        message,
        final,
        flags,
        taken,
        postedMinor,
        ...(confirmed === undefined ? {} : { confirmed }),
        ...converted(amount),
        spending: chargesFor(tx, addedMinor, toIso(now)),
        status: statusAfterClearing(tx, taken.openMinor, final),
        entry,
        balances,
      },
    },
  ];
}

const NOTHING = { openMinor: 0n, openAccountMinor: 0n, heldMinor: 0n };

/**
 * How much of `leftMinor` (open, or posted before) it takes: all when final; else its amount, or in another currency the
 * share that it posts of what `leftMinor` is in account currency.
 */
function shareTaken(
  tx: Transaction,
  { amountMinor, currency, final }: ClearingMessage,
  postedMinor: bigint,
  leftMinor: bigint,
  leftAccountMinor: bigint,
): bigint {
  if (final !== false || leftMinor === 0n) return leftMinor;
  if (currency === tx.currency) return amountMinor < leftMinor ? amountMinor : leftMinor;
  if (postedMinor >= leftAccountMinor) return leftMinor;
  return proportionHalfUp(leftMinor, postedMinor, leftAccountMinor);
}

/** The share of a financial authorization, posted before, that this clearing is of. */
function confirms(tx: Transaction, message: ClearingMessage, minor: bigint): Share | undefined {
  const posted = financialOf(tx);
  if (posted === undefined) return undefined;
  return shareOf(posted, shareTaken(tx, message, minor, posted.amountMinor, posted.accountMinor));
}

export function financialOf({ posted }: Transaction): Posted | undefined {
  return posted.find(({ by }) => by === 'financial_authorization');
}

/** Only the difference to what it confirms. */
function posting(
  message: ClearingMessage,
  amount: AccountAmount,
  confirmed: Share | undefined,
  account: Account,
): Entry {
  const currency = currencyOf(account);
  const whole = settle(message, amount, currency);
  return confirmed === undefined ? whole : netted(whole, unsettle(message.network, confirmed, currency));
}

/** What is out of the ordinary about a clearing of `tx`, as it was before. */
function matchFlags(
  tx: Transaction | undefined,
  { amountMinor, currency }: ClearingMessage,
  minor: bigint,
  confirmed: Share | undefined,
): readonly Flag[] {
  if (tx === undefined || !tx.purchase) return ['force_post'];
  if (!wasApproved(tx)) {
    if (tx.status === 'voided') return ['late'];
    return wasDecided(tx) || tx.declinedByNetwork ? ['after_decline'] : ['force_post'];
  }
  const flags: Flag[] = [];
  const sameCurrency = currency === tx.currency;
  const { approvedMinor, reversedMinor, clearedMinor } = sameCurrency ? tx.totals : tx.accountTotals;
  const stoodMinor = approvedMinor - reversedMinor;
  // Approved for nothing (to verify the card) is not late; all reversed is not captured over.
  if (approvedMinor > 0n && tx.totals.openMinor === 0n && confirmed === undefined) flags.push('late');
  const allReversed = approvedMinor > 0n && stoodMinor === 0n;
  const before = clearedMinor - (sameCurrency ? (confirmed?.amountMinor ?? 0n) : (confirmed?.accountMinor ?? 0n));
  if (!allReversed && before + (sameCurrency ? amountMinor : minor) > stoodMinor) flags.push('over_capture');
  return flags;
}

function statusAfterClearing(tx: Transaction | undefined, takenMinor: bigint, final: boolean): TransactionStatus {
  const openAfter = (tx?.totals.openMinor ?? 0n) - takenMinor;
  return final || openAfter === 0n ? 'settled' : 'partially_settled';
}
