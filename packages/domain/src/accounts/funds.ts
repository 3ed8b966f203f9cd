// funds.ts: money that comes into an account and leaves it without a card, and how far it may be overdrawn.

import type { CurrencyCode } from '@holdfast/money';
import type { AccountEvent, CorrectionAgainst } from '../events.ts';
import type { AccountId, CorrectionId, DepositId, WithdrawalId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { MAX_BALANCE_MINOR, move, post } from '../ledger/entry.ts';
import { type Account, spendableMinor } from './account.ts';
import { hasRoom } from './room.ts';
import { noted } from './transfer.ts';

/** In minor units, above zero. */
type Sum = { readonly accountId: AccountId; readonly amountMinor: bigint; readonly currency: CurrencyCode };

export type FundsCommand =
  | (Sum & { readonly type: 'deposit'; readonly depositId: DepositId; readonly reference?: string })
  | (Sum & { readonly type: 'withdraw'; readonly withdrawalId: WithdrawalId; readonly reference?: string })
  | (Sum & {
      readonly type: 'correct';
      readonly correctionId: CorrectionId;
      readonly direction: 'credit' | 'debit';
      readonly against: CorrectionAgainst;
      readonly reason: string;
      readonly reference?: string;
    })
  /** From 0 to `MAX_CREDIT_LINE_MINOR`; also below what is used of it. */
  | { readonly type: 'setCreditLine'; readonly accountId: AccountId; readonly creditLineMinor: bigint };

export type FundsRefusal = 'account_closed' | 'currency_mismatch' | 'balance_too_large' | 'insufficient_funds';

export const MAX_CREDIT_LINE_MINOR = MAX_BALANCE_MINOR;

type Decided = AccountEvent | { readonly refusal: FundsRefusal };
type Command<Type> = Extract<FundsCommand, { readonly type: Type }>;

export function decideFunds(account: Account, command: FundsCommand): Decided {
  switch (command.type) {
    case 'deposit':
      return deposit(account, command);
    case 'withdraw':
      return withdraw(account, command);
    case 'correct':
      return correct(account, command);
    case 'setCreditLine':
      return setCreditLine(account, command);
    default:
      return command satisfies never;
  }
}

function deposit(account: Account, { depositId, amountMinor, currency, reference }: Command<'deposit'>): Decided {
  if (account.status !== 'open') return { refusal: 'account_closed' };
  if (currency !== account.opened?.currency) return { refusal: 'currency_mismatch' };
  invariant(amountMinor > 0n, `a deposit of ${amountMinor}`);
  if (!hasRoom(account, amountMinor)) return { refusal: 'balance_too_large' };
  const entry = move('bank', 'available', amountMinor, currency);
  const balances = post(account.balances, entry);
  return { type: 'FundsDeposited', data: { depositId, amountMinor, currency, ...noted(reference), entry, balances } };
}

/** Only while the account is open: of a closed one that a late refund brought money, a correction takes it. */
function withdraw(account: Account, { withdrawalId, amountMinor, currency, reference }: Command<'withdraw'>): Decided {
  if (account.status !== 'open') return { refusal: 'account_closed' };
  if (currency !== account.opened?.currency) return { refusal: 'currency_mismatch' };
  invariant(amountMinor > 0n, `a withdrawal of ${amountMinor}`);
  if (amountMinor > spendableMinor(account)) return { refusal: 'insufficient_funds' };
  const entry = move('available', 'bank', amountMinor, currency);
  const balances = post(account.balances, entry);
  return {
    type: 'FundsWithdrawn',
    data: { withdrawalId, amountMinor, currency, ...noted(reference), entry, balances },
  };
}

/** Whatever the balance, and on closed accounts too, since facts still come to them. */
function correct(account: Account, command: Command<'correct'>): Decided {
  const { correctionId, direction, amountMinor, currency, against, reason, reference } = command;
  if (currency !== account.opened?.currency) return { refusal: 'currency_mismatch' };
  invariant(amountMinor > 0n, `a correction of ${amountMinor}`);
  const credit = direction === 'credit';
  const { availableMinor } = account.balances;
  const fits = credit ? hasRoom(account, amountMinor) : availableMinor - amountMinor >= -MAX_BALANCE_MINOR;
  if (!fits) return { refusal: 'balance_too_large' };
  const entry = credit
    ? move(against, 'available', amountMinor, currency)
    : move('available', against, amountMinor, currency);
  const balances = post(account.balances, entry);
  const overdrawn = !credit && balances.availableMinor + account.creditLineMinor < 0n;
  return {
    type: 'CorrectionPosted',
    data: {
      ...{ correctionId, direction, amountMinor, currency, against, reason, ...noted(reference) },
      flags: overdrawn ? ['overdrawn'] : [],
      entry,
      balances,
    },
  };
}

function setCreditLine(account: Account, { creditLineMinor }: Command<'setCreditLine'>): Decided {
  if (account.status !== 'open') return { refusal: 'account_closed' };
  checkCreditLine(creditLineMinor);
  return { type: 'CreditLineSet', data: { creditLineMinor } };
}

/** Throws `InvariantBroken`: the edges refuse what is out of bounds. */
export function checkCreditLine(creditLineMinor: bigint): void {
  invariant(
    creditLineMinor >= 0n && creditLineMinor <= MAX_CREDIT_LINE_MINOR,
    `a credit line of ${creditLineMinor} minor units`,
  );
}
