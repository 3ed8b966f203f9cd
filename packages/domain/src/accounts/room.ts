// room.ts: how much more an account can take.

import { MAX_BALANCE_MINOR } from '../ledger/entry.ts';
import type { Account } from './account.ts';

/** Whether the account could hold `amountMinor` more, also when what it has sent and is under way comes back. */
export function hasRoom({ balances, transfers }: Account, amountMinor: bigint): boolean {
  let wouldHaveMinor = balances.availableMinor + balances.heldMinor + amountMinor;
  for (const transfer of transfers.values()) wouldHaveMinor += transfer.amountMinor;
  return wouldHaveMinor <= MAX_BALANCE_MINOR;
}
