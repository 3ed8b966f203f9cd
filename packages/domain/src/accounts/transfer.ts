// transfer.ts: transfers that an account has sent and that are not yet finished.

import type { CurrencyCode } from '@holdfast/money';
import type { AccountEvent, Recorded } from '../events.ts';
import type { AccountId, CommandId, TransferId } from '../ids.ts';
import { invariant } from '../invariant.ts';

/** Sent and neither completed nor returned, as its source remembers it. */
export type Transfer = {
  readonly transferId: TransferId;
  readonly target: AccountId;
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
  readonly reference?: string;
  /** Of the command that sent it. */
  readonly commandId: CommandId;
  readonly correlationId: string;
};

/** Why a target does not take one: the money goes back. */
export const TRANSFER_REFUSALS = ['account_closed', 'balance_too_large'] as const;
export type TransferRefusal = (typeof TRANSFER_REFUSALS)[number];

const NONE: ReadonlyMap<TransferId, Transfer> = new Map();

export function noTransfers(): ReadonlyMap<TransferId, Transfer> {
  return NONE;
}

/** The unfinished transfers after an event. */
export function evolveTransfers(
  before: ReadonlyMap<TransferId, Transfer>,
  { type, data, metadata: { commandId, correlationId } }: Recorded<AccountEvent>,
): ReadonlyMap<TransferId, Transfer> {
  if (type === 'TransferSent') {
    const { transferId, target, amountMinor, currency, reference } = data;
    invariant(!before.has(transferId), `${transferId} was sent before`);
    const transfer = { transferId, target, amountMinor, currency, ...noted(reference), commandId, correlationId };
    return new Map(before).set(transferId, transfer);
  }
  if (type !== 'TransferCompleted' && type !== 'TransferReturned') return before;
  invariant(before.has(data.transferId), `${type} of ${data.transferId}, which is not under way`);
  if (before.size === 1) return NONE;
  const after = new Map(before);
  after.delete(data.transferId);
  return after;
}

export function noted(reference: string | undefined): { readonly reference?: string } {
  return reference === undefined ? {} : { reference };
}
