// clearing.ts: a clearing is a fact: posted whatever the card's state, limits or balance, and flagged when it breaks one.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import { accountAmount, settle, suspend } from './amounts.ts';
import { spendingChanges } from './charges.ts';
import { breaksLimit } from './checks/spendingLimits.ts';
import type { MessageContext } from './context.ts';
import type { ClearingMessage } from './message.ts';
import { findOriginal, ofPresentment } from './original.ts';
import type { Flag } from './reasons.ts';
import { type Transaction, type TransactionStatus, take, wasApproved, wasDecided } from './transaction.ts';

export function decideClearing(
  account: Account,
  message: ClearingMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const { now } = context;
  invariant(account.opened !== undefined, 'a clearing in an account that was not opened');
  const { currency } = account.opened;
  const postedMinor = accountAmount(message, currency);
  if (postedMinor === undefined) {
    return [{ type: 'ClearingSuspended', data: { message, flags: ['no_rate'], entry: suspend(message) } }];
  }
  const original = findOriginal(account, message, now);
  const tx = original?.transaction;
  const final = message.final !== false;
  const taken = tx === undefined ? NOTHING : take(tx, takenOf(tx, message, postedMinor, final));
  const entry = [...move('held', 'available', taken.heldMinor, currency), ...settle(message, postedMinor, currency)];
  const balances = post(account.balances, entry);
  const addedMinor = postedMinor - taken.openAccountMinor;
  const flags: Flag[] = [];
  if (original?.ambiguous === true) flags.push('ambiguous_original');
  flags.push(...matchFlags(tx, message, postedMinor));
  if (ofPresentment(account, message).length > 0) flags.push('possible_duplicate');
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
        spending: spendingChanges(tx?.charges ?? [], addedMinor, toIso(now)),
        status: statusAfterClearing(tx, taken.openMinor, final),
        entry,
        balances,
      },
    },
  ];
}

const NOTHING = { openMinor: 0n, openAccountMinor: 0n, heldMinor: 0n };

/** How much of open it takes: all when final; else its amount, or in another currency the share of the hold it posts. */
function takenOf(
  tx: Transaction,
  { amountMinor, currency }: ClearingMessage,
  postedMinor: bigint,
  final: boolean,
): bigint {
  const { openMinor } = tx.totals;
  if (final || openMinor === 0n) return openMinor;
  if (currency === tx.currency) return amountMinor < openMinor ? amountMinor : openMinor;
  if (postedMinor >= tx.heldMinor) return openMinor;
  return proportionHalfUp(openMinor, postedMinor, tx.heldMinor);
}

/** What is out of the ordinary about a clearing of `tx`, as it was before. */
function matchFlags(
  tx: Transaction | undefined,
  { amountMinor, currency }: ClearingMessage,
  postedMinor: bigint,
): readonly Flag[] {
  if (tx === undefined || !wasDecided(tx)) return ['force_post'];
  if (!wasApproved(tx)) return ['after_decline'];
  const flags: Flag[] = [];
  const sameCurrency = currency === tx.currency;
  const { approvedMinor, reversedMinor, clearedMinor } = sameCurrency ? tx.totals : tx.accountTotals;
  const stoodMinor = approvedMinor - reversedMinor;
  // Approved for nothing (to verify the card) is not late; all reversed is not captured over.
  if (approvedMinor > 0n && tx.totals.openMinor === 0n) flags.push('late');
  const allReversed = approvedMinor > 0n && stoodMinor === 0n;
  if (!allReversed && clearedMinor + (sameCurrency ? amountMinor : postedMinor) > stoodMinor)
    flags.push('over_capture');
  return flags;
}

function statusAfterClearing(tx: Transaction | undefined, takenMinor: bigint, final: boolean): TransactionStatus {
  const openAfter = (tx?.totals.openMinor ?? 0n) - takenMinor;
  return final || openAfter === 0n ? 'settled' : 'partially_settled';
}
