// original.ts: which transaction a message belongs to.

import type { Account } from '../accounts/account.ts';
import type { Instant } from '../time.ts';
import type { NetworkMessage } from './message.ts';
import { networkTransactionKey, originalTarget, RRN_WINDOW_MS, rrnKey } from './references.ts';
import type { Transaction } from './transaction.ts';

export type Original = { readonly transaction: Transaction; readonly ambiguous: boolean };

/**
 * `original` decides alone when it is given; else the network's transaction id; else the rrn with the same card within
 * 45 days. Among several: the one with the same authorization code, then with an open amount equal to this one, then
 * the newest open, then the newest. The order in which they came to memory does not matter.
 */
export function findOriginal(account: Account, message: NetworkMessage, now: Instant): Original | undefined {
  const target = originalTarget(message);
  if (target !== undefined) return choose(transactionsAt(account, target), message);
  const byNetwork = choose(transactionsAt(account, networkTransactionKey(message)), message);
  if (byNetwork !== undefined) return byNetwork;
  const recent = transactionsAt(account, rrnKey(message)).filter(({ openedAt }) => now - openedAt <= RRN_WINDOW_MS);
  return choose(recent, message);
}

export function transactionsAt(account: Account, key: string | undefined): readonly Transaction[] {
  const ids = key === undefined ? undefined : account.references.get(key);
  return ids === undefined ? [] : ids.map((id) => account.transactions.get(id)).filter(isPresent);
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

function isPresent(tx: Transaction | undefined): tx is Transaction {
  return tx !== undefined;
}
