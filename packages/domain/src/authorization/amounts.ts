// amounts.ts: a message's amount in the account's currency, and what the network settles.

import type { CurrencyCode } from '@holdfast/money';
import type { Entry } from '../ledger/entry.ts';
import { move } from '../ledger/entry.ts';
import type { NetworkMessage } from './message.ts';

/** In minor units of `currency`, the account's; undefined when neither the message nor its billing amount is in it. */
export function accountAmount(
  { billing, amountMinor, currency: sent }: NetworkMessage,
  currency: CurrencyCode,
): bigint | undefined {
  if (billing !== undefined && billing.currency === currency) return billing.amountMinor;
  return sent === currency ? (amountMinor ?? 0n) : undefined;
}

/**
 * Posts `amountMinor` of the account's currency to the cardholder's debit and the network's settlement. Settled for
 * another sum or in another currency, both sides go against `fx`.
 */
export function settle(message: NetworkMessage, amountMinor: bigint, currency: CurrencyCode): Entry {
  const { network, settlement } = message;
  if (settlement === undefined || (settlement.currency === currency && settlement.amountMinor === amountMinor)) {
    return move('available', `settlement:${network}`, amountMinor, currency);
  }
  return [
    ...move('available', 'fx', amountMinor, currency),
    ...move('fx', `settlement:${network}`, settlement.amountMinor, settlement.currency),
  ];
}

/** A clearing that cannot be brought to a cardholder: suspense against settlement, in the settlement's currency. */
export function suspend(message: NetworkMessage): Entry {
  const { network, settlement, currency, amountMinor } = message;
  const sum = settlement ?? { amountMinor: amountMinor ?? 0n, currency };
  return move('suspense', `settlement:${network}`, sum.amountMinor, sum.currency);
}
