// factFlags.ts: what a fact breaks: a limit of the account or its card, or the credit line.

import type { Account } from '../accounts/account.ts';
import type { Balances } from '../ledger/entry.ts';
import type { Instant } from '../time.ts';
import { breaksLimit } from './checks/spendingLimits.ts';
import type { NetworkMessage } from './message.ts';
import type { Flag } from './reasons.ts';
import type { Transaction } from './transaction.ts';

/** `addedMinor` is what it adds to what a transaction holds or has posted; `balances` are those after it. */
export function factFlags(
  account: Account,
  balances: Balances,
  tx: Transaction | undefined,
  { cardId }: NetworkMessage,
  addedMinor: bigint,
  now: Instant,
): readonly Flag[] {
  const flags: Flag[] = [];
  if (breaksLimit(account, cardId, tx, addedMinor, now)) flags.push('over_limit');
  if (addedMinor > 0n && balances.availableMinor + account.creditLineMinor < 0n) flags.push('overdrawn');
  return flags;
}
