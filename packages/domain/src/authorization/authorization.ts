// authorization.ts: deciding an authorization: the checks, a partial approval, and a reversal that came first.

import { proportionDown, proportionHalfUp } from '@holdfast/money';
import { type Account, type ParkedReversal, spendableMinor } from '../accounts/account.ts';
import type { LimitSeen } from '../controls/limit.ts';
import type { AccountEvent, AuthorizationApproved, AuthorizationDeclined } from '../events.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { DAY_MS, toIso } from '../time.ts';
import { accountAmount } from './amounts.ts';
import { failingReasons } from './checks/checks.ts';
import type { MessageContext } from './context.ts';
import type { AuthorizationMessage } from './message.ts';
import { transactionsAt } from './original.ts';
import type { Flag, ReasonCode } from './reasons.ts';
import { reasons } from './reasons.ts';
import { networkTransactionKey, originalKey, originalTarget, rrnKey } from './references.ts';
import { applyReversal, isFull } from './reversal.ts';
import { evolveTransaction, spendingChanges, type Transaction } from './transaction.ts';

type Approved = AuthorizationApproved['data'];

export function decideAuthorization(
  account: Account,
  message: AuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const { program, now } = context;
  const card = account.cards.get(message.cardId);
  invariant(card !== undefined && account.opened !== undefined, `${message.cardId} is not a card of this account`);
  const { currency } = account.opened;
  const amountMinor = accountAmount(message, currency);
  const known = transactionsAt(account, networkTransactionKey(message));
  const cleared = known.find((tx) => clearedBefore(tx, message));
  if (cleared !== undefined && amountMinor !== undefined)
    return [join(account, cleared, message, amountMinor, context)];

  const flags: Flag[] = known.length > 0 ? ['known_network_transaction'] : [];
  const parked = account.parked.filter(({ message: reversal, until }) => until > now && means(reversal, message));
  const limits: LimitSeen[] = [];
  if (parked.some(({ message: reversal }) => isFull(reversal, message.amountMinor))) {
    return [decline(account, message, context, ['reversed_before_arrival'], flags, limits, amountMinor, parked)];
  }
  const failing = failingReasons({ message, program, account, card, now, amountMinor, limits });
  const partial = failing.length === 1 && failing[0] === 'insufficient_funds' && message.partialApproval === true;
  const amounts = partial ? partialAmounts(message.amountMinor, amountMinor, spendableMinor(account)) : undefined;
  if (amountMinor === undefined || (failing.length > 0 && amounts === undefined)) {
    return [decline(account, message, context, failing, flags, limits, amountMinor, parked)];
  }
  const { approvedMinor, accountMinor } = amounts ?? { approvedMinor: message.amountMinor, accountMinor: amountMinor };
  const entry = move('available', 'held', accountMinor, currency);
  const approved: AuthorizationApproved = {
    type: 'AuthorizationApproved',
    data: {
      transactionId: context.transactionId,
      message,
      responseCode: amounts === undefined ? '00' : '10',
      authorizationCode: context.authorizationCode,
      reasons: failing,
      flags,
      requestedAccountMinor: amountMinor,
      approvedMinor,
      approvedAccountMinor: accountMinor,
      heldMinor: accountMinor,
      answerBy: toIso(context.answerBy),
      expiresAt: toIso(now + program.holdExpiryDays * DAY_MS),
      spending: spendingChanges(undefined, accountMinor, toIso(now)),
      limits,
      versions: { program: program.version },
      entry,
      balances: post(account.balances, entry),
    },
  };
  return parked.length === 0 ? [approved] : [approved, ...applyParked(account, approved, parked, context)];
}

/** A stand-in by the network: its clearing is here, was sent later, and no authorization is. */
function clearedBefore(tx: Transaction, { transmittedAt }: AuthorizationMessage): boolean {
  if (tx.totals.approvedMinor > 0n || tx.totals.clearedMinor === 0n || tx.status === 'declined') return false;
  return transmittedAt !== undefined && tx.transmittedAt !== undefined && transmittedAt <= tx.transmittedAt;
}

/** Joins the transaction of its own clearing: the network has answered for us, so only what is missing is held. */
function join(
  account: Account,
  tx: Transaction,
  message: AuthorizationMessage,
  amountMinor: bigint,
  context: MessageContext,
): AccountEvent {
  const { program, now } = context;
  const currency = account.opened?.currency;
  invariant(currency !== undefined, 'an account without a currency');
  const missing =
    tx.finallyCleared || message.currency !== tx.currency ? 0n : message.amountMinor - tx.totals.clearedMinor;
  const openMinor = missing > 0n ? missing : 0n;
  const openAccountMinor = openMinor === 0n ? 0n : proportionHalfUp(amountMinor, openMinor, message.amountMinor);
  const entry = move('available', 'held', openAccountMinor, currency);
  const balances = post(account.balances, entry);
  const overdrawn = openAccountMinor > 0n && balances.availableMinor + account.creditLineMinor < 0n;
  return {
    type: 'AuthorizationApproved',
    data: {
      transactionId: tx.transactionId,
      message,
      responseCode: '00',
      authorizationCode: tx.authorizationCode ?? context.authorizationCode,
      reasons: [],
      flags: ['late', ...(overdrawn ? (['overdrawn'] as const) : [])],
      requestedAccountMinor: amountMinor,
      approvedMinor: message.amountMinor,
      approvedAccountMinor: amountMinor,
      heldMinor: openAccountMinor,
      openMinor,
      openAccountMinor,
      answerBy: toIso(context.answerBy),
      expiresAt: toIso(now + program.holdExpiryDays * DAY_MS),
      spending: spendingChanges(undefined, openAccountMinor, toIso(now)),
      limits: [],
      versions: { program: program.version },
      entry,
      balances,
    },
  };
}

/**
 * As much as the funds cover: in transaction currency rounded down, its hold half up, so never more than is spendable.
 * Undefined when that is nothing.
 */
export function partialAmounts(
  askedMinor: bigint,
  askedAccountMinor: bigint | undefined,
  spendable: bigint,
): (Pick<Approved, 'approvedMinor'> & { readonly accountMinor: bigint }) | undefined {
  if (askedAccountMinor === undefined || spendable <= 0n) return undefined;
  const approvedMinor = proportionDown(askedMinor, spendable, askedAccountMinor);
  if (approvedMinor === 0n) return undefined;
  return { approvedMinor, accountMinor: proportionHalfUp(askedAccountMinor, approvedMinor, askedMinor) };
}

function decline(
  account: Account,
  message: AuthorizationMessage,
  context: MessageContext,
  failing: readonly ReasonCode[],
  flags: readonly Flag[],
  limits: readonly LimitSeen[],
  amountMinor: bigint | undefined,
  parked: readonly ParkedReversal[],
): AuthorizationDeclined {
  const [reason] = failing;
  invariant(reason !== undefined, 'a decline without a reason');
  return {
    type: 'AuthorizationDeclined',
    data: {
      transactionId: context.transactionId,
      message,
      responseCode: reasons[reason].responseCode,
      reason,
      reasons: failing,
      flags,
      ...(parked.length === 0 ? {} : { unparked: parked.map(({ commandId }) => commandId) }),
      ...(amountMinor === undefined ? {} : { requestedAccountMinor: amountMinor }),
      answerBy: toIso(context.answerBy),
      limits,
      versions: { program: context.program.version },
      balances: account.balances,
    },
  };
}

/** Whether a reversal that came first refers to this authorization. */
function means(reversal: ParkedReversal['message'], message: AuthorizationMessage): boolean {
  if (reversal.cardId !== message.cardId) return false;
  const target = originalTarget(reversal);
  if (target !== undefined) return target === originalKey(message);
  const network = networkTransactionKey(reversal);
  if (network !== undefined && network === networkTransactionKey(message)) return true;
  return rrnKey(reversal) !== undefined && rrnKey(reversal) === rrnKey(message);
}

/** The reversals that waited, in the order they came, on the transaction as the approval leaves it. */
function applyParked(
  account: Account,
  approved: AuthorizationApproved,
  parked: readonly ParkedReversal[],
  context: MessageContext,
): readonly AccountEvent[] {
  const events: AccountEvent[] = [];
  let { balances } = approved.data;
  let tx = fold(undefined, approved, context);
  for (const { commandId, message } of parked) {
    const event = applyReversal({ ...account, balances }, tx, message, context, { unparked: [commandId] });
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
