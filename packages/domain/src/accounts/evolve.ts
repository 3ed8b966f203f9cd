// evolve.ts: an account's state after one of its events.

import { evolveTransaction } from '../authorization/evolveTransaction.ts';
import type { ReversalMessage } from '../authorization/message.ts';
import { sentAtOf } from '../authorization/references.ts';
import { type Transaction, transactionIdOf } from '../authorization/transaction.ts';
import { type Card, issuedCard } from '../cards/card.ts';
import { applySpending } from '../controls/spending.ts';
import type { AccountEvent, Recorded } from '../events.ts';
import type { CardId } from '../ids.ts';
import { broken, invariant } from '../invariant.ts';
import { assertBalanced, post } from '../ledger/entry.ts';
import { evolveSuspense } from '../ledger/suspense.ts';
import { fromIso } from '../time.ts';
import { type Account, keepTransaction, MAX_PARKED } from './account.ts';
import { rememberCommand } from './records.ts';
import { evolveTransfers } from './transfer.ts';

/** Later than any message says that it was sent. */
const NO_LATER = Number.MAX_SAFE_INTEGER;

/**
 * Changes `account` in place to what it is after `event`, and returns it. The event's transaction must be in memory,
 * unless this is its first event. Throws `InvariantBroken` when the event cannot follow.
 */
export function evolveAccount(account: Account, event: Recorded<AccountEvent>): Account {
  replayEvent(account, event);
  rememberCommand(account, event);
  return account;
}

/** The same without that by which later messages are known, or find another one: for who decides nothing on it. */
export function replayEvent(account: Account, event: Recorded<AccountEvent>): void {
  const { occurredAt } = event.metadata;
  if (!(occurredAt >= account.lastOccurredAt)) broken(`${event.type} before the event that precedes it`);
  account.lastOccurredAt = occurredAt;
  if ('message' in event.data) {
    const sentAt = sentAtOf(event.data.message) ?? occurredAt;
    if (sentAt > account.newestTransmission) account.newestTransmission = sentAt;
  }
  // When the facts that it carries were sent stands in another stream: no message may count as newer than them.
  if (event.type === 'CardIssued' && event.data.carried.length > 0) account.newestTransmission = NO_LATER;
  const transaction = transactionBefore(account, event);
  evolveMoney(account, event);
  evolveCards(account, event, transaction);
  evolveParked(account, event);
  account.transfers = evolveTransfers(account.transfers, event);
  evolveTransactions(account, event, transaction);
  account.suspense = evolveSuspense(account.suspense, event);
}

function evolveMoney(account: Account, event: Recorded<AccountEvent>): void {
  if (event.type === 'AccountOpened') {
    const { accountId, programId, currency, name, creditLineMinor } = event.data;
    account.opened = { accountId, programId, currency, ...(name === undefined ? {} : { name }) };
    account.creditLineMinor = creditLineMinor;
    return;
  }
  if (account.opened === undefined) broken(`${event.type} in an account that was not opened`);
  if (event.type === 'AccountClosed') account.status = 'closed';
  if (event.type === 'CreditLineSet') account.creditLineMinor = event.data.creditLineMinor;
  if (!('entry' in event.data)) return;
  assertBalanced(event.data.entry);
  account.balances = post(account.balances, event.data.entry);
  if ('balances' in event.data) {
    const { availableMinor, heldMinor } = event.data.balances;
    const same = availableMinor === account.balances.availableMinor && heldMinor === account.balances.heldMinor;
    if (!same)
      broken(`${event.type} says ${availableMinor} available and ${heldMinor} held, its entries say otherwise`);
  }
}

function evolveCards(account: Account, event: Recorded<AccountEvent>, transaction: Transaction | undefined): void {
  switch (event.type) {
    case 'CardIssued':
      account.cards.set(event.data.cardId, issuedCard(event.data, event.metadata.occurredAt));
      return;
    case 'CardPaused':
      change(account, event.data.cardId, { status: 'paused' });
      return;
    case 'CardResumed':
      change(account, event.data.cardId, { status: 'active' });
      return;
    case 'CardClosed':
      change(account, event.data.cardId, { status: 'closed' });
      return;
    case 'CardControlsSet':
      change(account, event.data.cardId, { controls: event.data.controls });
      return;
    case 'AccountControlsSet':
      account.controls = event.data.controls;
      return;
    default:
      if (changesSpending(event)) spend(account, cardOf(event, transaction), event);
  }
}

function change(account: Account, cardId: CardId, changes: Partial<Card>): void {
  const card = account.cards.get(cardId);
  invariant(card !== undefined, `${cardId} changed before it was issued`);
  account.cards.set(cardId, { ...card, ...changes });
}

type SpendingEvent = Extract<Recorded<AccountEvent>, { readonly data: { readonly spending: unknown } }>;

function changesSpending(event: Recorded<AccountEvent>): event is SpendingEvent {
  return 'spending' in event.data;
}

function spend(account: Account, cardId: CardId, event: SpendingEvent): void {
  const { spending } = event.data;
  if (spending.length === 0) return;
  const now = event.metadata.occurredAt;
  applySpending(account.spending, spending, account.controls.limits, now);
  const card = account.cards.get(cardId);
  if (card !== undefined) applySpending(card.spending, spending, card.controls.limits, now);
}

/** A later message of a transaction may name another card of the account, whose limits have counted nothing of it. */
function cardOf(event: SpendingEvent, transaction: Transaction | undefined): CardId {
  if (transaction !== undefined) return transaction.cardId;
  invariant('message' in event.data, `${event.type} of ${event.data.transactionId}, which is not in memory`);
  return event.data.message.cardId;
}

function evolveParked(account: Account, event: Recorded<AccountEvent>): void {
  if (event.type === 'ReversalParked') {
    const { metadata, data } = event;
    const now = metadata.occurredAt;
    const parked = [
      ...account.parked.filter(({ until }) => until > now),
      { commandId: metadata.commandId, message: asReversal(data.message), until: fromIso(data.parkedUntil) },
    ];
    account.parked = parked.slice(-MAX_PARKED);
  } else if ('unparked' in event.data && event.data.unparked !== undefined) {
    const unparked = new Set(event.data.unparked);
    account.parked = account.parked.filter(({ commandId }) => !unparked.has(commandId));
  }
}

function asReversal(message: { readonly type: string }): ReversalMessage {
  invariant(message.type === 'reversal' || message.type === 'reversal_advice', `a parked ${message.type}`);
  return message as ReversalMessage;
}

/** Puts what later messages may refer to into memory: also used for events that come back from the index. */
export function remember(account: Account, event: Recorded<AccountEvent>): void {
  evolveTransactions(account, event, transactionBefore(account, event));
  account.suspense = evolveSuspense(account.suspense, event);
  rememberCommand(account, event);
}

function transactionBefore(account: Account, event: AccountEvent): Transaction | undefined {
  const id = transactionIdOf(event);
  return id === undefined ? undefined : account.transactions.get(id);
}

function evolveTransactions(account: Account, event: Recorded<AccountEvent>, before: Transaction | undefined): void {
  const after = evolveTransaction(before, event);
  if (after !== undefined && after !== before) keepTransaction(account, after);
}
