// assignSuspense.ts: what an unmatched message left in suspense is assigned: to an account, on whose stream it then goes on, or to
// what the program bears.

import type { Account } from '../accounts/account.ts';
import { fitsSuspended } from '../accounts/resolveSuspense.ts';
import type { SuspenseAssigned } from '../events.ts';
import type { CommandId } from '../ids.ts';
import {
  type ItemRefusal,
  inAccountCurrency,
  moveSuspended,
  openItem,
  type SuspenseItems,
  type SuspenseTo,
} from '../ledger/suspense.ts';

export type AssignCommand = {
  readonly revision: number;
  /** An account as it is now. `accountMinor` is in its currency, when the item is in another one; above zero. */
  readonly to: SuspenseTo | { readonly account: Account; readonly accountMinor: bigint | undefined };
  readonly reason: string;
};

export type AssignRefusal = ItemRefusal | 'account_not_found' | 'account_amount_mismatch' | 'balance_too_large';

/** The items of an `unmatched` stream, once each: the account only takes over what was decided here. */
export function decideAssignment(
  items: SuspenseItems,
  { revision, to, reason }: AssignCommand,
): SuspenseAssigned | { readonly refusal: AssignRefusal } {
  const sum = openItem(items, revision);
  if ('refusal' in sum) return sum;
  if (typeof to === 'string') {
    const entry = moveSuspended(sum, 'suspense', to);
    return { type: 'SuspenseAssigned', data: { revision, ...sum, to, reason, entry } };
  }
  const { opened } = to.account;
  if (opened === undefined) return { refusal: 'account_not_found' };
  const accountMinor = inAccountCurrency(sum, opened.currency, to.accountMinor);
  if (accountMinor === undefined) return { refusal: 'account_amount_mismatch' };
  if (!fitsSuspended(to.account, sum, accountMinor)) return { refusal: 'balance_too_large' };
  const entry = moveSuspended(sum, 'suspense', 'in_transit');
  const facts = { revision, ...sum, to: 'in_transit', accountId: opened.accountId, accountMinor, reason } as const;
  return { type: 'SuspenseAssigned', data: { ...facts, entry } };
}

/** The same for every instance that takes the second step, so that one of them finds it done. */
export function suspenseStepId(stream: string, revision: number): CommandId {
  return `suspense:${stream}:${revision}:receive` as CommandId;
}
