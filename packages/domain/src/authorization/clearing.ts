// clearing.ts: a clearing is a fact: posted whatever the card's state, limits or balance, and flagged when it breaks one.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { toIso } from '../time.ts';
import { accountAmount, settle, suspend } from './amounts.ts';
import { exceedsLimit } from './checks/spendingLimits.ts';
import type { MessageContext } from './context.ts';
import type { ClearingMessage } from './message.ts';
import { findOriginal, transactionsAt } from './original.ts';
import type { Flag } from './reasons.ts';
import { arnKey } from './references.ts';
import { spendingChanges, type Transaction, type TransactionStatus, take } from './transaction.ts';

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
  if (transactionsAt(account, arnKey(message)).length > 0) flags.push('possible_duplicate');
  if (breaksLimit(account, message, tx, addedMinor, postedMinor, now)) flags.push('over_limit');
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
        spending: spendingChanges(tx, addedMinor, toIso(now)),
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

function matchFlags(tx: Transaction | undefined, message: ClearingMessage, postedMinor: bigint): readonly Flag[] {
  if (tx === undefined) return ['force_post'];
  if (tx.status === 'declined') return ['after_decline'];
  if (tx.status === 'expired' || tx.status === 'voided') return ['late'];
  const sameCurrency = message.currency === tx.currency;
  const { approvedMinor, reversedMinor, clearedMinor } = sameCurrency ? tx.totals : tx.accountTotals;
  const after = clearedMinor + (sameCurrency ? message.amountMinor : postedMinor);
  if (approvedMinor === 0n) return ['force_post'];
  if (after > approvedMinor - reversedMinor) return ['over_capture'];
  return tx.totals.openMinor === 0n ? ['late'] : [];
}

function breaksLimit(
  account: Account,
  { cardId }: ClearingMessage,
  tx: Transaction | undefined,
  addedMinor: bigint,
  postedMinor: bigint,
  now: number,
): boolean {
  if (addedMinor <= 0n) return false;
  const totalMinor = (tx?.accountTotals.clearedMinor ?? 0n) + postedMinor;
  const card = account.cards.get(cardId);
  return (
    exceedsLimit(account.controls, account.spending, addedMinor, totalMinor, now) ||
    (card !== undefined && exceedsLimit(card.controls, card.spending, addedMinor, totalMinor, now))
  );
}

function statusAfterClearing(tx: Transaction | undefined, takenMinor: bigint, final: boolean): TransactionStatus {
  const openAfter = (tx?.totals.openMinor ?? 0n) - takenMinor;
  return final || openAfter === 0n ? 'settled' : 'partially_settled';
}
