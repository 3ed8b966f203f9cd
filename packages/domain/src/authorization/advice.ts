// advice.ts: the network tells what an authorization stands at, or that it was raised: held whatever the controls say.

import { atLeastZero, proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AccountEvent, AdviceRecorded, AuthorizationAdvised, Change, IncrementAdvised } from '../events.ts';
import { type Entry, move, post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { type AccountAmount, converted, currencyOf, hold, rateFlags } from './amounts.ts';
import { amountAsked } from './asked.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import { factFlags } from './factFlags.ts';
import { raised, statusRaised } from './increment.ts';
import { type AuthorizationAdvice, type IncrementAdvice, kindOf, type NetworkMessage } from './message.ts';
import { findOriginal, type Original } from './original.ts';
import { applyParked, isUndone, parkedFor } from './parked.ts';
import type { Flag } from './reasons.ts';
import { incrementOf, isCleared, type Transaction, type TransactionStatus } from './transaction.ts';

/** Of what the network declined in our place: recorded; one without an original is a declined transaction of its own. */
export function recordDeclined(
  account: Account,
  message: NetworkMessage,
  { now, transactionId }: MessageContext,
): readonly AccountEvent[] {
  const original = findOriginal(account, message, now);
  if (original !== undefined) {
    const { transaction, ambiguous } = original;
    const flags: readonly Flag[] = ambiguous ? ['ambiguous_original'] : [];
    return [recorded(message, { transactionId: transaction.transactionId, flags })];
  }
  const reason = 'declined_by_network' as const;
  if (kindOf(message.type) === 'reversal') return [recorded(message, { reason, flags: [] })];
  return [recorded(message, { transactionId, status: 'declined', reason, flags: [] })];
}

function recorded(message: NetworkMessage, what: Omit<AdviceRecorded['data'], 'message'>): AdviceRecorded {
  return { type: 'AdviceRecorded', data: { message, ...what } };
}

export function decideAuthorizationAdvice(
  account: Account,
  message: AuthorizationAdvice,
  context: MessageContext,
): readonly AccountEvent[] {
  const original = findOriginal(account, message, context.now);
  const amount = amountAsked(account, message, context, 'fact');
  if (amount === undefined) return [withoutRate(message, original)];
  const tx = original?.transaction;
  if (tx === undefined || takesNoTotal(tx, message)) return standIn(account, message, amount, context);
  const flags: Flag[] = [...(original?.ambiguous ? (['ambiguous_original'] as const) : []), ...rateFlags(amount)];
  const nothing = tx.finallyCleared || tx.financial;
  const advised = nothing
    ? confirmed(account, tx, message, context, flags)
    : replaceTotal(account, tx, message, amount, context, flags);
  return applyParked(account, tx, advised, message, context);
}

/** In another currency, and some of it cleared or refunded: the total says nothing about what is left. */
function takesNoTotal(tx: Transaction, message: AuthorizationAdvice): boolean {
  const refunded = tx.totals.refundedMinor > 0n || tx.accountTotals.refundedMinor > 0n;
  return message.currency !== tx.currency && (isCleared(tx) || refunded);
}

function withoutRate(message: NetworkMessage, original: Original | undefined): AdviceRecorded {
  const whose = original === undefined ? {} : { transactionId: original.transaction.transactionId };
  return recorded(message, { ...whose, flags: ['no_rate'] });
}

/** Decided in our place while nobody could ask us: held at once, as a transaction of its own. */
function standIn(
  account: Account,
  message: AuthorizationAdvice | IncrementAdvice,
  amount: AccountAmount,
  context: MessageContext,
): readonly AccountEvent[] {
  const { transactionId, program, now } = context;
  if (isUndone(account, message, now)) {
    const unparked = parkedFor(account, message, now).map(({ commandId }) => commandId);
    const reason = 'reversed_before_arrival' as const;
    return [recorded(message, { transactionId, status: 'voided', reason, flags: ['stand_in'], unparked })];
  }
  const { minor, feeMinor } = amount;
  const entry = hold(minor, feeMinor, currencyOf(account));
  const balances = post(account.balances, entry);
  const breaks = factFlags(account, balances, undefined, message, minor, now);
  const advised: AuthorizationAdvised | IncrementAdvised = {
    type: message.type === 'increment_advice' ? 'IncrementAdvised' : 'AuthorizationAdvised',
    data: {
      transactionId,
      message,
      flags: ['stand_in', ...rateFlags(amount), ...breaks],
      change: raised(message.amountMinor, minor, message.amountMinor, minor),
      ...converted(amount),
      spending: chargesFor(undefined, minor, toIso(now)),
      status: 'pending',
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      entry,
      balances,
    },
  };
  return applyParked(account, undefined, advised, message, context);
}

/** After a final clearing, on a single message, or of an increment that is there: it changes nothing. */
function confirmed<Message extends AuthorizationAdvice | IncrementAdvice>(
  account: Account,
  tx: Transaction,
  message: Message,
  { program, now }: MessageContext,
  flags: readonly Flag[],
): AuthorizationAdvised | IncrementAdvised {
  return {
    type: message.type === 'increment_advice' ? 'IncrementAdvised' : 'AuthorizationAdvised',
    data: {
      transactionId: tx.transactionId,
      message,
      flags,
      change: {},
      spending: [],
      status: tx.status,
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      entry: [],
      balances: account.balances,
    },
  };
}

/** The advice's amount is the new total, in place of authorization, increments and reversals so far. */
function replaceTotal(
  account: Account,
  tx: Transaction,
  message: AuthorizationAdvice,
  amount: AccountAmount,
  { program, now }: MessageContext,
  flags: readonly Flag[],
): AuthorizationAdvised {
  const { amountMinor: totalMinor } = message;
  const { totals, accountTotals } = tx;
  const sameCurrency = message.currency === tx.currency;
  const openMinor = sameCurrency ? atLeastZero(totalMinor - totals.clearedMinor) : totalMinor;
  const openAccountMinor = part(amount.minor, openMinor, totalMinor);
  const feeMinor = part(amount.feeMinor, openMinor, totalMinor);
  const entry = heldAnew(tx.heldMinor, openAccountMinor, feeMinor, account);
  const balances = post(account.balances, entry);
  const addedMinor = openAccountMinor - accountTotals.openMinor;
  const first = !tx.decided && !tx.advised;
  const requestedMinor = first ? totalMinor : 0n;
  const requestedAccountMinor = first ? amount.minor : 0n;
  const change: Change = {
    totals: {
      requestedMinor: sameCurrency ? requestedMinor : totalMinor - totals.requestedMinor,
      approvedMinor: totalMinor - totals.approvedMinor,
      reversedMinor: -totals.reversedMinor,
      openMinor: openMinor - totals.openMinor,
    },
    accountTotals: {
      requestedMinor: sameCurrency ? requestedAccountMinor : amount.minor - accountTotals.requestedMinor,
      approvedMinor: amount.minor - accountTotals.approvedMinor,
      reversedMinor: -accountTotals.reversedMinor,
      openMinor: addedMinor,
    },
    heldMinor: openAccountMinor - tx.heldMinor,
  };
  return {
    type: 'AuthorizationAdvised',
    data: {
      transactionId: tx.transactionId,
      message,
      flags: [...flags, ...factFlags(account, balances, tx, message, addedMinor, now)],
      change,
      ...converted(amount),
      spending: chargesFor(tx, addedMinor, toIso(now)),
      status: statusAdvised(openMinor, isCleared(tx)),
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      entry,
      balances,
    },
  };
}

function heldAnew(beforeMinor: bigint, afterMinor: bigint, feeMinor: bigint, account: Account): Entry {
  const currency = currencyOf(account);
  if (afterMinor <= beforeMinor) return move('held', 'available', beforeMinor - afterMinor, currency);
  // What was held before had its mark-up in it.
  const added = afterMinor - beforeMinor;
  return hold(added, part(feeMinor, added, afterMinor), currency);
}

function statusAdvised(openMinor: bigint, cleared: boolean): TransactionStatus {
  if (openMinor > 0n) return cleared ? 'partially_settled' : 'pending';
  return cleared ? 'settled' : 'voided';
}

export function decideIncrementAdvice(
  account: Account,
  message: IncrementAdvice,
  context: MessageContext,
): readonly AccountEvent[] {
  const { now } = context;
  const original = findOriginal(account, message, now);
  const tx = original?.transaction;
  const ambiguous: readonly Flag[] = original?.ambiguous === true ? ['ambiguous_original'] : [];
  if (tx !== undefined && isConfirmed(tx, message)) return [confirmed(account, tx, message, context, ambiguous)];
  const amount = amountAsked(account, message, context, 'fact');
  if (amount === undefined) return [withoutRate(message, original)];
  if (tx === undefined || tx.financial || tx.currency !== message.currency)
    return standIn(account, message, amount, context);
  if (isUndone(account, message, now)) {
    const unparked = parkedFor(account, message, now).map(({ commandId }) => commandId);
    const { transactionId } = tx;
    return [recorded(message, { transactionId, reason: 'reversed_before_arrival', flags: ambiguous, unparked })];
  }
  return applyParked(account, tx, raiseByAdvice(account, tx, message, amount, context, ambiguous), message, context);
}

/** One that was approved has its original, its STAN or its rrn. */
function isConfirmed(tx: Transaction, message: IncrementAdvice): boolean {
  if (incrementOf(tx, message) !== undefined) return true;
  const { stan, rrn } = message;
  return tx.increments.some(
    (each) => (stan !== undefined && each.stan === stan) || (rrn !== undefined && each.rrn === rrn),
  );
}

function raiseByAdvice(
  account: Account,
  tx: Transaction,
  message: IncrementAdvice,
  amount: AccountAmount,
  { program, now }: MessageContext,
  ambiguous: readonly Flag[],
): IncrementAdvised {
  const { minor, feeMinor } = amount;
  const entry = hold(minor, feeMinor, currencyOf(account));
  const balances = post(account.balances, entry);
  const flags: Flag[] = [...ambiguous, ...rateFlags(amount)];
  if (tx.status === 'declined') flags.push('after_decline');
  flags.push(...factFlags(account, balances, tx, message, minor, now));
  return {
    type: 'IncrementAdvised',
    data: {
      transactionId: tx.transactionId,
      message,
      flags,
      change: raised(message.amountMinor, minor, message.amountMinor, minor),
      ...converted(amount),
      spending: chargesFor(tx, minor, toIso(now)),
      status: statusRaised(tx, message.amountMinor),
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      entry,
      balances,
    },
  };
}

function part(minor: bigint, openMinor: bigint, totalMinor: bigint): bigint {
  return openMinor === totalMinor ? minor : proportionHalfUp(minor, openMinor, totalMinor);
}
