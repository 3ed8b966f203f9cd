// spendingLimits.ts: every limit of the card and of the account must leave room for the whole amount.

import type { Account } from '../../accounts/account.ts';
import type { Card } from '../../cards/card.ts';
import type { Controls, LimitSeen, SpendingLimit } from '../../controls/limit.ts';
import { dayAt, type Spending } from '../../controls/spending.ts';
import type { CardId } from '../../ids.ts';
import type { Instant } from '../../time.ts';
import { chargedMinor } from '../charges.ts';
import type { Transaction } from '../transaction.ts';
import type { Check, CheckInput } from './check.ts';

/** Of the card that is charged: an increment may name another card than the transaction that it raises. */
export const cardLimits: Check = (input) =>
  withinAll('card', chargedCard(input), input) ? undefined : 'card_limit_exceeded';

function chargedCard({ account, card, transaction }: CheckInput): Card {
  return transaction === undefined ? card : (account.cards.get(transaction.cardId) ?? card);
}

export const accountLimits: Check = (input) =>
  withinAll('account', input.account, input) ? undefined : 'account_limit_exceeded';

function withinAll(
  scope: LimitSeen['scope'],
  { controls: { limits }, spending }: Pick<Account, 'controls' | 'spending'>,
  input: CheckInput,
): boolean {
  const { amountMinor, now, transaction } = input;
  if (limits.length === 0 || amountMinor === undefined) return true;
  let within = true;
  for (const limit of limits) {
    const looked = look(limit, scope, spending, now, transaction);
    // As long as it is: a list that is pushed or spread into has room for sixteen more, and nearly all keep one.
    input.limits = input.limits.concat([looked]);
    // Nothing asked for takes nothing, also when facts have left a limit exceeded.
    if (amountMinor > 0n && looked.spentMinor + amountMinor > limit.amountMinor) within = false;
  }
  return within;
}

function look(
  { id, amountMinor, window }: SpendingLimit,
  scope: LimitSeen['scope'],
  spending: Spending,
  now: Instant,
  transaction: Transaction | undefined,
): LimitSeen {
  if (window.kind === 'transaction') return { limitId: id, scope, amountMinor, spentMinor: stands(transaction) };
  const { startsIso, endsIso, spentMinor } = dayAt(spending, window.timeZone, now);
  return { limitId: id, scope, amountMinor, spentMinor, startsAt: startsIso, endsAt: endsIso };
}

/** What was approved of a transaction, net of reversals: a limit per transaction counts that. Account currency. */
function stands(transaction: Transaction | undefined): bigint {
  if (transaction === undefined) return 0n;
  const { approvedMinor, reversedMinor } = transaction.accountTotals;
  return approvedMinor - reversedMinor;
}

/**
 * Whether `addedMinor` more (account currency) for a transaction, or for one that it opens, leaves a limit of the account
 * or of its card exceeded. For facts, which no limit can decline.
 */
export function breaksLimit(
  account: Account,
  cardId: CardId,
  tx: Transaction | undefined,
  addedMinor: bigint,
  now: Instant,
): boolean {
  if (addedMinor <= 0n) return false;
  const before = tx === undefined ? 0n : chargedMinor(tx);
  const exceeds = ({ limits }: Controls, spending: Spending) =>
    limits.some(({ amountMinor, window }) =>
      window.kind === 'transaction'
        ? before + addedMinor > amountMinor
        : dayAt(spending, window.timeZone, now).spentMinor + addedMinor > amountMinor,
    );
  const card = account.cards.get(tx?.cardId ?? cardId);
  return exceeds(account.controls, account.spending) || (card !== undefined && exceeds(card.controls, card.spending));
}
