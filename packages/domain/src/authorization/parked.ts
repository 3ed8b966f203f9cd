// parked.ts: reversals that came before what they mean, when that comes.

import type { Account, ParkedReversal } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { invariant } from '../invariant.ts';
import type { Instant } from '../time.ts';
import type { MessageContext } from './context.ts';
import { evolveTransaction } from './evolveTransaction.ts';
import { kindOf, type NetworkMessage, type ReversalMessage } from './message.ts';
import { networkTransactionKey, originalKey, originalTarget, rrnKey } from './references.ts';
import { applyReversal } from './reversal.ts';
import type { Transaction } from './transaction.ts';

/** Those that mean this message and still wait, in the order they came. */
export function parkedFor(account: Account, message: NetworkMessage, now: Instant): readonly ParkedReversal[] {
  const { parked } = account;
  if (parked.length === 0) return parked;
  return parked.filter(({ message: reversal, until }) => until > now && means(reversal, message));
}

function means(reversal: ReversalMessage, message: NetworkMessage): boolean {
  const target = originalTarget(reversal);
  if (target !== undefined) return target === originalKey(message);
  // Without an original it means a whole transaction, not something added to one.
  if (kindOf(message.type) === 'increment') return false;
  const network = networkTransactionKey(reversal);
  if (network !== undefined && network === networkTransactionKey(message)) return true;
  const rrn = rrnKey(reversal);
  return rrn !== undefined && rrn === rrnKey(message);
}

/** Whether a reversal that came first undoes all of a message. */
export function undoes(
  { amountMinor, remainingAmountMinor, currency }: ReversalMessage,
  message: NetworkMessage,
): boolean {
  if (remainingAmountMinor !== undefined) return remainingAmountMinor === 0n;
  return amountMinor === undefined || (amountMinor === message.amountMinor && currency === message.currency);
}

/** Whether one that waits undoes all of a message. */
export function isUndone(account: Account, message: NetworkMessage, now: Instant): boolean {
  return parkedFor(account, message, now).some(({ message: reversal }) => undoes(reversal, message));
}

/** What those that do not undo it do, each on the transaction as the approval and the one before leave it. */
export function applyParked(
  account: Account,
  before: Transaction | undefined,
  approved: AccountEvent,
  message: NetworkMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const parked = parkedFor(account, message, context.now);
  if (parked.length === 0) return [approved];
  const events: AccountEvent[] = [approved];
  let balances = 'balances' in approved.data ? approved.data.balances : account.balances;
  let tx = fold(before, approved, context);
  for (const { commandId, message: reversal } of parked) {
    const event = applyReversal({ ...account, balances }, tx, reversal, context, { unparked: [commandId] });
    events.push(event);
    tx = fold(tx, event, context);
    if ('balances' in event.data) balances = event.data.balances;
  }
  return events;
}

function fold(tx: Transaction | undefined, event: AccountEvent, { now, commandId }: MessageContext): Transaction {
  const metadata = { occurredAt: now, commandId, correlationId: '', actor: '' };
  const after = evolveTransaction(tx, { ...event, metadata, revision: 0 });
  invariant(after !== undefined, `no transaction after ${event.type}`);
  return after;
}
