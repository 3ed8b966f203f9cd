// convert.ts: the network message from its outside form to the domain's and back. The number and CVV2 stay outside.

import type { CardId, ConvertedAmount, DecidableMessage, Instant, NetworkMessage } from '@holdfast/domain';
import { SECOND_MS } from '@holdfast/domain';
import { type CurrencyCode, currencyOf, toApiInteger } from '@holdfast/money';
import { isId } from '../ids.ts';
import type { WireMessage } from './networkMessage.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** How long the network waits when a message does not say. */
export const ANSWER_WITHIN_MS = 5 * SECOND_MS;

/** When nobody waits for the answer any more: `answer_by`, or receipt plus 5 s. */
export function answerByOf(wire: WireMessage, receivedAt: Instant): Instant {
  return wire.answer_by === undefined ? receivedAt + ANSWER_WITHIN_MS : Date.parse(wire.answer_by);
}

/** How a message names its card. */
export type CardReference =
  | { readonly by: 'id'; readonly id: CardId }
  | { readonly by: 'number'; readonly number: string; readonly cvv2?: string };

/** The card of a message that passed the schema. Throws `TypeError` for one that did not. */
export function cardReferenceOf({ card: { id, number, cvv2 } }: WireMessage): CardReference {
  if (id !== undefined && isId('card', id)) return { by: 'id', id };
  if (number !== undefined) return { by: 'number', number, ...(cvv2 === undefined ? {} : { cvv2 }) };
  throw new TypeError('a card without a number or an id');
}

/**
 * The domain's form of a message that passed the schema, with the card's id in place of its number. Times get
 * milliseconds, so that one moment has one spelling. `answer_by` is not part of it: see `answerByOf`.
 */
export function toNetworkMessage(wire: WireMessage, cardId: CardId): DecidableMessage {
  const message: Writable<NetworkMessage> = {
    type: wire.type,
    cardId,
    network: wire.network,
    currency: currencyCode(wire.currency),
  };
  if (wire.card.expiry !== undefined) message.cardExpiry = wire.card.expiry;
  if (wire.message_id !== undefined) message.messageId = wire.message_id;
  if (wire.repeat !== undefined) message.repeat = wire.repeat;
  if (wire.network_transaction_id !== undefined) message.networkTransactionId = wire.network_transaction_id;
  if (wire.amount !== undefined) message.amountMinor = BigInt(wire.amount);
  if (wire.billing !== undefined) message.billing = toConverted(wire.billing);
  if (wire.settlement !== undefined) message.settlement = toConverted(wire.settlement);
  if (wire.cash_amount !== undefined) message.cashAmountMinor = BigInt(wire.cash_amount);
  if (wire.surcharge_amount !== undefined) message.surchargeAmountMinor = BigInt(wire.surcharge_amount);
  if (wire.interchange !== undefined) message.interchangeMinor = BigInt(wire.interchange);
  if ('remaining_amount' in wire && wire.remaining_amount !== undefined) {
    message.remainingAmountMinor = BigInt(wire.remaining_amount);
  }
  if ('final' in wire && wire.final !== undefined) message.final = wire.final;
  if (wire.merchant !== undefined) message.merchant = wire.merchant;
  if (wire.acquirer_id !== undefined) message.acquirerId = wire.acquirer_id;
  if (wire.acquirer_country !== undefined) message.acquirerCountry = wire.acquirer_country;
  if (wire.terminal_id !== undefined) message.terminalId = wire.terminal_id;
  if (wire.stan !== undefined) message.stan = wire.stan;
  if (wire.rrn !== undefined) message.rrn = wire.rrn;
  if (wire.authorization_code !== undefined) message.authorizationCode = wire.authorization_code;
  if (wire.arn !== undefined) message.arn = wire.arn;
  if (wire.transmitted_at !== undefined) message.transmittedAt = withMilliseconds(wire.transmitted_at);
  if (wire.entry_mode !== undefined) message.entryMode = wire.entry_mode;
  if (wire.card_present !== undefined) message.cardPresent = wire.card_present;
  if (wire.wallet !== undefined) message.wallet = wire.wallet;
  if (wire.partial_approval !== undefined) message.partialApproval = wire.partial_approval;
  if (wire.verification !== undefined) {
    const { three_ds: threeDs, ...others } = wire.verification;
    message.verification = threeDs === undefined ? others : { ...others, threeDs };
  }
  if (wire.original !== undefined) {
    const { type, stan, transmitted_at, acquirer_id } = wire.original;
    message.original = { type, stan, transmittedAt: withMilliseconds(transmitted_at), acquirerId: acquirer_id };
  }
  if (wire.network_decision !== undefined) message.networkDecision = wire.network_decision;
  if (wire.reason !== undefined) message.reason = wire.reason;
  if (wire.private_data !== undefined) message.privateData = wire.private_data;
  // The schema has seen to it that each kind has the amount and merchant that it must have.
  return message as DecidableMessage;
}

/**
 * The outside form of a recorded message, for reading back: its card by id, without the expiry that the terminal sent.
 * Throws `RangeError` for an amount beyond 2^53 − 1, which no message can bring in.
 */
export function toWire(message: NetworkMessage): Record<string, unknown> {
  const { messageId, networkTransactionId, original, verification, privateData } = message;
  const wire = {
    type: message.type,
    message_id: messageId,
    repeat: message.repeat,
    network: message.network,
    network_transaction_id: networkTransactionId,
    card: { id: message.cardId },
    amount: integer(message.amountMinor),
    remaining_amount: integer(message.remainingAmountMinor),
    currency: message.currency,
    billing: message.billing && toWireAmount(message.billing),
    settlement: message.settlement && toWireAmount(message.settlement),
    cash_amount: integer(message.cashAmountMinor),
    surcharge_amount: integer(message.surchargeAmountMinor),
    interchange: integer(message.interchangeMinor),
    final: message.final,
    merchant: message.merchant,
    acquirer_id: message.acquirerId,
    acquirer_country: message.acquirerCountry,
    terminal_id: message.terminalId,
    stan: message.stan,
    rrn: message.rrn,
    authorization_code: message.authorizationCode,
    arn: message.arn,
    transmitted_at: message.transmittedAt,
    entry_mode: message.entryMode,
    card_present: message.cardPresent,
    wallet: message.wallet,
    partial_approval: message.partialApproval,
    verification:
      verification && defined({ avs: verification.avs, three_ds: verification.threeDs, pin: verification.pin }),
    original: original && {
      type: original.type,
      stan: original.stan,
      transmitted_at: original.transmittedAt,
      acquirer_id: original.acquirerId,
    },
    network_decision: message.networkDecision,
    reason: message.reason,
    private_data: privateData,
  };
  return defined(wire);
}

function toConverted(wire: NonNullable<WireMessage['billing']>): ConvertedAmount {
  const amountMinor = BigInt(wire.amount);
  const currency = currencyCode(wire.currency);
  return wire.rate === undefined ? { amountMinor, currency } : { amountMinor, currency, rate: wire.rate };
}

function toWireAmount({ amountMinor, currency, rate }: ConvertedAmount): Record<string, unknown> {
  return defined({ amount: toApiInteger(amountMinor), currency, rate });
}

function integer(minor: bigint | undefined): number | undefined {
  return minor === undefined ? undefined : toApiInteger(minor);
}

/** Throws `UnknownCurrency` for what did not pass the schema. */
function currencyCode(text: string): CurrencyCode {
  return currencyOf(text).code;
}

/** `2026-03-01T12:00:00Z` and `2026-03-01T12:00:00.0Z` are `2026-03-01T12:00:00.000Z`. */
function withMilliseconds(time: string): string {
  if (time.length === 24) return time;
  return time.length === 20 ? `${time.slice(0, 19)}.000Z` : `${time.slice(0, -1).padEnd(23, '0')}Z`;
}

function defined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
