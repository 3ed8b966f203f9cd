// transferChecks.ts: what the two accounts of a transfer say of it, held against each other.

import type { AccountEvent, AccountId, Recorded, TransferId } from '@holdfast/domain';
import type { CurrencyCode } from '@holdfast/money';
import type { Report } from './decideAgain.ts';

type Sum = { readonly amountMinor: bigint; readonly currency: CurrencyCode };
type Transfer = Sum & {
  readonly source: AccountId;
  readonly target: AccountId;
  readonly step: 'sent' | 'received' | 'refused';
};

export type TransferChecks = {
  /** The next event of an account, in the order of the log. */
  add(accountId: AccountId, event: Recorded<AccountEvent>, report: Report): void;
  /** What is on its way, in each currency. */
  inTransit(): ReadonlyMap<CurrencyCode, bigint>;
};

/** Keeps what is unfinished: memory does not grow with the transfers of the log. */
export function transferChecks(): TransferChecks {
  const transfers = new Map<TransferId, Transfer>();

  /** The transfer that an event belongs to when it may be its next step. */
  function at(
    step: Transfer['step'],
    role: 'source' | 'target',
    accountId: AccountId,
    event: Extract<AccountEvent, { readonly data: { readonly transferId: TransferId } }>,
    report: Report,
  ): Transfer | undefined {
    const { transferId } = event.data;
    const transfer = transfers.get(transferId);
    if (transfer?.step === step && transfer[role] === accountId) return transfer;
    const is = transfer === undefined ? 'is not under way' : `is ${transfer.step} by ${transfer[role]}`;
    report('wrong_transfer', `${event.type} of ${transferId}, which ${is}`);
    return undefined;
  }

  function same(said: Sum, { amountMinor, currency }: Sum, report: Report): void {
    if (said.amountMinor === amountMinor && said.currency === currency) return;
    report('wrong_transfer', `it is of ${said.amountMinor} ${said.currency}, ${amountMinor} ${currency} were sent`);
  }

  return {
    add(accountId, event, report) {
      switch (event.type) {
        case 'TransferSent': {
          const { transferId, target, amountMinor, currency } = event.data;
          if (transfers.has(transferId)) report('wrong_transfer', `${transferId} was sent before`);
          else transfers.set(transferId, { source: accountId, target, amountMinor, currency, step: 'sent' });
          return;
        }
        case 'TransferReceived':
        case 'TransferRefused': {
          const transfer = at('sent', 'target', accountId, event, report);
          if (transfer === undefined) return;
          if (event.type === 'TransferReceived') same(event.data, transfer, report);
          if (event.data.source !== transfer.source) report('wrong_transfer', `it came from ${transfer.source}`);
          const step = event.type === 'TransferReceived' ? 'received' : 'refused';
          transfers.set(event.data.transferId, { ...transfer, step });
          return;
        }
        case 'TransferCompleted':
          if (at('received', 'source', accountId, event, report) !== undefined) transfers.delete(event.data.transferId);
          return;
        case 'TransferReturned': {
          const transfer = at('refused', 'source', accountId, event, report);
          if (transfer === undefined) return;
          same(event.data, transfer, report);
          transfers.delete(event.data.transferId);
          return;
        }
        default:
      }
    },
    inTransit() {
      const sums = new Map<CurrencyCode, bigint>();
      for (const { step, currency, amountMinor } of transfers.values()) {
        if (step !== 'received') sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
      }
      return sums;
    },
  };
}
