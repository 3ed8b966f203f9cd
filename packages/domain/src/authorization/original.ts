// original.ts: which transaction a message belongs to.

import type { Account } from '../accounts/account.ts';
import { messagesBy } from '../accounts/messageIndex.ts';
import type { MessageRecord } from '../accounts/records.ts';
import type { Instant } from '../time.ts';
import { kindOf, type NetworkMessage, type OriginalReference } from './message.ts';
import type { Posted } from './posted.ts';
import { RRN_WINDOW_MS } from './references.ts';
import type { Transaction } from './transaction.ts';

export type Original = { readonly transaction: Transaction; readonly ambiguous: boolean };

/**
 * `original` decides alone when it is given; else the network's transaction id; else the rrn with the same card within
 * 45 days. Among several: the one with the same authorization code, then with an open amount equal to this one, then
 * the newest open, then the newest. The order in which they came to memory does not matter.
 */
export function findOriginal(account: Account, message: NetworkMessage, now: Instant): Original | undefined {
  const { original } = message;
  if (original !== undefined) return choose(transactionsOf(account, sentAs(account, message, original)), message);
  const byNetwork = choose(ofNetworkTransaction(account, message), message);
  if (byNetwork !== undefined) return byNetwork;
  const recent = transactionsOf(account, withRrn(account, message)).filter(
    ({ openedAt }) => now - openedAt <= RRN_WINDOW_MS,
  );
  return choose(recent, message);
}

/** Those that the network calls the same. */
export function ofNetworkTransaction(
  account: Account,
  { network, networkTransactionId }: NetworkMessage,
): readonly Transaction[] {
  const found = messagesBy(account.messages, 'networkTransaction', networkTransactionId);
  if (found.length === 0) return NONE;
  return transactionsOf(
    account,
    found.filter((record) => record.network === network),
  );
}

/** Whether a presentment of this kind came before with the same acquirer reference number and amount. */
export function isPresentedAgain(account: Account, { type, arn, amountMinor }: NetworkMessage): boolean {
  return messagesBy(account.messages, 'arn', arn).some(
    (record) => record.kind === type && record.amountMinor === amountMinor && record.transactionId !== undefined,
  );
}

export type FoundClearing = Original & { readonly posted: Posted };

/**
 * The clearing that a clearing reversal means, with something of it left: by `original`, else by its acquirer reference
 * number, else of the transaction that `findOriginal` finds. Among several of one transaction: the one of the same amount,
 * else the newest.
 */
export function findClearing(account: Account, message: NetworkMessage, now: Instant): FoundClearing | undefined {
  const { original, arn } = message;
  if (original !== undefined) return ofRecords(account, sentAs(account, message, original), message);
  const byArn = messagesBy(account.messages, 'arn', arn).filter(({ kind }) => kind === 'clearing');
  // The one that it names may have been posted back already: then it means no other one.
  if (byArn.length > 0) return ofRecords(account, byArn, message);
  const found = findOriginal(account, message, now);
  const clearings = found?.transaction.posted.filter(({ by }) => by === 'clearing') ?? [];
  const same = clearings.findLast((posted) => isOfAmount(posted, message));
  const posted = same ?? clearings.at(-1);
  return found === undefined || posted === undefined ? undefined : { ...found, posted };
}

/** The clearings that these records are of, as far as something is left of them. */
function ofRecords(
  account: Account,
  records: readonly MessageRecord[],
  message: NetworkMessage,
): FoundClearing | undefined {
  const found: FoundClearing[] = [];
  for (const { transactionId, revision } of records) {
    const transaction = transactionId === undefined ? undefined : account.transactions.get(transactionId);
    const posted = transaction?.posted.find((one) => one.by === 'clearing' && one.revision === revision);
    if (transaction !== undefined && posted !== undefined)
      found.push({ transaction, posted, ambiguous: records.length > 1 });
  }
  return found.findLast(({ posted }) => isOfAmount(posted, message)) ?? found.at(-1);
}

function isOfAmount({ first }: Posted, { amountMinor, currency }: NetworkMessage): boolean {
  return first.amountMinor === amountMinor && first.currency === currency;
}

function withRrn(account: Account, { rrn, cardId }: NetworkMessage): readonly MessageRecord[] {
  return messagesBy(account.messages, 'rrn', rrn).filter((record) => record.cardId === cardId);
}

function sentAs(
  account: Account,
  { cardId }: NetworkMessage,
  { type, stan, transmittedAt, acquirerId }: OriginalReference,
): readonly MessageRecord[] {
  const kind = kindOf(type);
  return messagesBy(account.messages, 'sent', transmittedAt).filter(
    (record) =>
      record.stan === stan && record.kind === kind && record.cardId === cardId && record.acquirerId === acquirerId,
  );
}

const NONE: readonly Transaction[] = [];

/** Each once. A message that was recorded, or waits, belongs to none. */
function transactionsOf(account: Account, records: readonly MessageRecord[]): readonly Transaction[] {
  const found = new Set<Transaction>();
  for (const { transactionId } of records) {
    const transaction = transactionId === undefined ? undefined : account.transactions.get(transactionId);
    if (transaction !== undefined) found.add(transaction);
  }
  return [...found];
}

function choose(candidates: readonly Transaction[], message: NetworkMessage): Original | undefined {
  const [first, second] = candidates;
  if (first === undefined) return undefined;
  if (second === undefined) return { transaction: first, ambiguous: false };
  const best = [...candidates].sort((a, b) => preference(b, message) - preference(a, message) || newerFirst(a, b));
  return { transaction: best[0] ?? first, ambiguous: true };
}

function preference(tx: Transaction, { authorizationCode, amountMinor, currency }: NetworkMessage): number {
  const { openMinor } = tx.totals;
  const sameCode = authorizationCode !== undefined && tx.authorizationCode === authorizationCode;
  const sameAmount = openMinor > 0n && openMinor === amountMinor && tx.currency === currency;
  return (sameCode ? 4 : 0) + (sameAmount ? 2 : 0) + (openMinor > 0n ? 1 : 0);
}

function newerFirst(a: Transaction, b: Transaction): number {
  return b.openedAt - a.openedAt || b.openedRevision - a.openedRevision;
}
