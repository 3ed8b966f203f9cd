// decideTransfer.ts: money on its way from one account to another. Each of the two streams decides its own step, once: the source
// sends, the target receives or refuses, the source completes or takes back. In between it stands in `in_transit`.

import type { CurrencyCode } from '@holdfast/money';
import type { AccountEvent } from '../events.ts';
import type { AccountId, CommandId, ProgramId, TransferId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { type Account, spendableMinor } from './account.ts';
import { hasRoom } from './room.ts';
import { noted, type TransferRefusal } from './transfer.ts';

/** What a source must know of the account that is to receive. Programs and currencies never change, closed is for ever. */
export type TransferTarget = {
  readonly programId: ProgramId;
  readonly currency: CurrencyCode;
  readonly status: Account['status'];
};

type Sum = { readonly transferId: TransferId; readonly amountMinor: bigint; readonly currency: CurrencyCode };

export type TransferCommand =
  | (Sum & {
      readonly type: 'sendTransfer';
      readonly accountId: AccountId;
      readonly target: AccountId;
      /** Undefined when there is no such account. */
      readonly targetFacts: TransferTarget | undefined;
      readonly reference?: string;
    })
  | (Sum & {
      readonly type: 'receiveTransfer';
      readonly accountId: AccountId;
      readonly source: AccountId;
      readonly reference?: string;
    })
  | {
      readonly type: 'finishTransfer';
      readonly accountId: AccountId;
      readonly transferId: TransferId;
      /** Undefined when it was received. */
      readonly refused: TransferRefusal | undefined;
    };

export type SendRefusal =
  | 'account_closed'
  | 'currency_mismatch'
  | 'insufficient_funds'
  | 'target_not_found'
  | 'target_closed'
  | 'same_account'
  | 'other_program'
  | 'too_many_transfers';

/** Of one account at a time: they are in memory until they are finished. */
export const MAX_UNFINISHED_TRANSFERS = 1_000;

/** The same for every instance that takes this step, so that one of them finds it done. */
export function transferStepId(transferId: TransferId, step: 'receive' | 'finish'): CommandId {
  return `transfer:${transferId}:${step}` as CommandId;
}

type Decided = AccountEvent | { readonly refusal: SendRefusal };
type Command<Type> = Extract<TransferCommand, { readonly type: Type }>;

export function decideTransfer(account: Account, command: TransferCommand): Decided {
  switch (command.type) {
    case 'sendTransfer':
      return send(account, command);
    case 'receiveTransfer':
      return receive(account, command);
    case 'finishTransfer':
      return finish(account, command);
    default:
      return command satisfies never;
  }
}

function send(account: Account, command: Command<'sendTransfer'>): Decided {
  const { transferId, target, targetFacts, amountMinor, currency, reference } = command;
  if (account.status !== 'open') return { refusal: 'account_closed' };
  if (target === command.accountId) return { refusal: 'same_account' };
  if (targetFacts === undefined) return { refusal: 'target_not_found' };
  if (targetFacts.programId !== account.opened?.programId) return { refusal: 'other_program' };
  if (currency !== account.opened.currency || currency !== targetFacts.currency)
    return { refusal: 'currency_mismatch' };
  if (targetFacts.status !== 'open') return { refusal: 'target_closed' };
  invariant(amountMinor > 0n, `a transfer of ${amountMinor}`);
  if (amountMinor > spendableMinor(account)) return { refusal: 'insufficient_funds' };
  if (account.transfers.size >= MAX_UNFINISHED_TRANSFERS) return { refusal: 'too_many_transfers' };
  const entry = move('available', 'in_transit', amountMinor, currency);
  const facts = { transferId, target, amountMinor, currency, ...noted(reference) };
  return { type: 'TransferSent', data: { ...facts, entry, balances: post(account.balances, entry) } };
}

/** Received or refused: in the target's own stream, so that it is decided once, whoever asks and however often. */
function receive(account: Account, command: Command<'receiveTransfer'>): Decided {
  const { transferId, source, amountMinor, currency, reference } = command;
  invariant(currency === account.opened?.currency, `${transferId} is in ${currency}`);
  const refused: TransferRefusal | undefined =
    account.status !== 'open' ? 'account_closed' : hasRoom(account, amountMinor) ? undefined : 'balance_too_large';
  if (refused !== undefined) return { type: 'TransferRefused', data: { transferId, source, reason: refused } };
  const entry = move('in_transit', 'available', amountMinor, currency);
  const facts = { transferId, source, amountMinor, currency, ...noted(reference) };
  return { type: 'TransferReceived', data: { ...facts, entry, balances: post(account.balances, entry) } };
}

function finish(account: Account, { transferId, refused }: Command<'finishTransfer'>): Decided {
  const transfer = account.transfers.get(transferId);
  invariant(transfer !== undefined, `${transferId} was finished before, or never sent`);
  if (refused === undefined) return { type: 'TransferCompleted', data: { transferId } };
  const { amountMinor, currency } = transfer;
  const entry = move('in_transit', 'available', amountMinor, currency);
  const facts = { transferId, amountMinor, currency, reason: refused };
  return { type: 'TransferReturned', data: { ...facts, entry, balances: post(account.balances, entry) } };
}
