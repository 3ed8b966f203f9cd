// resolveSuspense.ts: what an account does with a sum in suspense: with one of its own, or one that was assigned to it.

import type { CurrencyCode } from '@holdfast/money';
import type { Flag } from '../authorization/reasons.ts';
import type { AccountEvent } from '../events.ts';
import type { AccountId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { type Entry, MAX_BALANCE_MINOR, post } from '../ledger/entry.ts';
import {
  giveSuspended,
  type ItemRefusal,
  inAccountCurrency,
  moveSuspended,
  openItem,
  type SuspenseSum,
  type SuspenseTo,
} from '../ledger/suspense.ts';
import type { Account } from './account.ts';
import { hasRoom } from './room.ts';

export type SuspenseCommand =
  /** An item of the account's own stream goes to the account itself, or elsewhere. */
  | {
      readonly type: 'resolveSuspense';
      readonly accountId: AccountId;
      readonly revision: number;
      readonly to: 'available' | SuspenseTo;
      /** In the account's currency, when the item is in another one and goes to the account; above zero. */
      readonly accountMinor?: bigint;
      readonly reason: string;
    }
  /** The second step of an item of another stream, assigned to this account. */
  | {
      readonly type: 'receiveSuspense';
      readonly accountId: AccountId;
      readonly stream: string;
      readonly revision: number;
      readonly sum: SuspenseSum;
      readonly accountMinor: bigint;
    };

export type ResolveRefusal = ItemRefusal | 'account_amount_mismatch' | 'balance_too_large';

type Decided = AccountEvent | { readonly refusal: ResolveRefusal };
type Command<Type> = Extract<SuspenseCommand, { readonly type: Type }>;

/** Whatever the balance, and on closed accounts too: what stands in suspense has been settled already. */
export function decideSuspense(account: Account, command: SuspenseCommand): Decided {
  return command.type === 'resolveSuspense' ? resolve(account, command) : receive(account, command);
}

/** Whether a sum can go to the account without taking a balance too far. */
export function fitsSuspended(account: Account, { side }: Pick<SuspenseSum, 'side'>, accountMinor: bigint): boolean {
  if (side === 'credit') return hasRoom(account, accountMinor);
  return account.balances.availableMinor - accountMinor >= -MAX_BALANCE_MINOR;
}

function resolve(account: Account, { revision, to, accountMinor, reason }: Command<'resolveSuspense'>): Decided {
  const sum = openItem(account.suspense, revision);
  if ('refusal' in sum) return sum;
  if (to !== 'available') {
    if (accountMinor !== undefined) return { refusal: 'account_amount_mismatch' };
    return resolved(account, { revision, ...sum, to, reason, flags: [] }, moveSuspended(sum, 'suspense', to));
  }
  const currency = currencyOf(account);
  const ownMinor = inAccountCurrency(sum, currency, accountMinor);
  if (ownMinor === undefined) return { refusal: 'account_amount_mismatch' };
  if (!fitsSuspended(account, sum, ownMinor)) return { refusal: 'balance_too_large' };
  const flags = flagsOf(account, sum, ownMinor);
  const facts = { revision, ...sum, to, accountMinor: ownMinor, reason, flags };
  return resolved(account, facts, giveSuspended(sum, 'suspense', ownMinor, currency));
}

type Resolved = Extract<AccountEvent, { readonly type: 'SuspenseResolved' }>['data'];

function resolved(account: Account, facts: Omit<Resolved, 'entry' | 'balances'>, entry: Entry): AccountEvent {
  return { type: 'SuspenseResolved', data: { ...facts, entry, balances: post(account.balances, entry) } };
}

function receive(account: Account, { stream, revision, sum, accountMinor }: Command<'receiveSuspense'>): Decided {
  const entry = giveSuspended(sum, 'in_transit', accountMinor, currencyOf(account));
  const flags = flagsOf(account, sum, accountMinor);
  const facts = { stream, revision, ...sum, accountMinor, flags };
  return { type: 'SuspenseReceived', data: { ...facts, entry, balances: post(account.balances, entry) } };
}

function flagsOf(account: Account, { side }: SuspenseSum, accountMinor: bigint): readonly Flag[] {
  const leftMinor = account.balances.availableMinor + account.creditLineMinor - accountMinor;
  return side === 'debit' && leftMinor < 0n ? ['overdrawn'] : [];
}

function currencyOf({ opened }: Account): CurrencyCode {
  invariant(opened !== undefined, 'an account without a currency');
  return opened.currency;
}
