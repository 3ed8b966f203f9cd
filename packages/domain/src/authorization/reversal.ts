// reversal.ts: a reversal releases what is open, all or part of it, by the rules of the network message.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, AuthorizationReversed, ReversalRefused } from '../events.ts';
import type { CommandId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { DAY_MS, toIso } from '../time.ts';
import { spendingChanges } from './charges.ts';
import type { MessageContext } from './context.ts';
import type { ReversalMessage } from './message.ts';
import { findOriginal } from './original.ts';
import type { Flag } from './reasons.ts';
import { statusReleased, type Transaction, take, wasDecided } from './transaction.ts';

/** How long a reversal waits for its original. */
export const PARKED_MS = 7 * DAY_MS;

export function decideReversal(
  account: Account,
  message: ReversalMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const original = findOriginal(account, message, context.now);
  if (original === undefined || awaitsAuthorization(original.transaction)) {
    return [{ type: 'ReversalParked', data: { message, parkedUntil: toIso(context.now + PARKED_MS) } }];
  }
  const flags: readonly Flag[] = original.ambiguous ? ['ambiguous_original'] : [];
  return [applyReversal(account, original.transaction, message, context, { flags })];
}

/** Only clearings have come: the authorization that the reversal means may be on its way. */
function awaitsAuthorization(tx: Transaction): boolean {
  return !wasDecided(tx) && !tx.finallyCleared;
}

/** What a reversal does to its original. */
export function applyReversal(
  account: Account,
  tx: Transaction,
  message: ReversalMessage,
  { now }: MessageContext,
  { flags = [], unparked }: { readonly flags?: readonly Flag[]; readonly unparked?: readonly CommandId[] },
): AuthorizationReversed | ReversalRefused {
  const noted = unparked === undefined ? {} : { unparked };
  const asked = releaseOf(tx, message);
  if (typeof asked === 'string') {
    const data = {
      transactionId: tx.transactionId,
      message,
      reason: asked,
      flags: [...flags, ...refusalFlags(asked)],
      ...noted,
    };
    return { type: 'ReversalRefused', data };
  }
  const currency = account.opened?.currency;
  invariant(currency !== undefined, 'an account without a currency');
  const taken = take(tx, asked);
  const entry = move('held', 'available', taken.heldMinor, currency);
  return {
    type: 'AuthorizationReversed',
    data: {
      transactionId: tx.transactionId,
      message,
      flags,
      ...noted,
      taken,
      spending: spendingChanges(tx.charges, -taken.openAccountMinor, toIso(now)),
      status: asked === tx.totals.openMinor ? statusReleased(tx, 'voided') : tx.status,
      entry,
      balances: post(account.balances, entry),
    },
  };
}

function refusalFlags(reason: 'over_reversal' | 'nothing_to_reverse'): readonly Flag[] {
  return reason === 'over_reversal' ? ['over_reversal'] : [];
}

/** How much of open a reversal takes, in transaction currency. */
function releaseOf(tx: Transaction, message: ReversalMessage): bigint | 'over_reversal' | 'nothing_to_reverse' {
  if (tx.finallyCleared) return 'nothing_to_reverse';
  const { openMinor, approvedMinor, clearedMinor } = tx.totals;
  const { amountMinor, remainingAmountMinor, currency } = message;
  if (remainingAmountMinor !== undefined && remainingAmountMinor > 0n) {
    if (currency !== tx.currency) return 'over_reversal';
    const stands = remainingAmountMinor > clearedMinor ? remainingAmountMinor - clearedMinor : 0n;
    return stands < openMinor ? openMinor - stands : 0n;
  }
  if (amountMinor === undefined || remainingAmountMinor === 0n) return openMinor;
  if (currency !== tx.currency) return 'over_reversal';
  if (amountMinor <= openMinor) return amountMinor;
  const whole = [tx.firstRequestedMinor, tx.firstApprovedMinor, approvedMinor].includes(amountMinor);
  return whole ? openMinor : 'over_reversal';
}
