// messages.ts: network messages as a terminal would send them, with everything filled in that a test does not care about.

import { type CurrencyCode, currencyOf } from '@holdfast/money';
import {
  type AuthorizationMessage,
  type ClearingMessage,
  type DecidableMessage,
  kindOf,
  type NetworkMessage,
  type OriginalReference,
  type ReversalMessage,
} from '../authorization/message.ts';
import type { CardId, CommandId, ContentHash } from '../ids.ts';
import { amountOf } from './amounts.ts';

export const EUR = currencyOf('EUR').code;

/** What a test may say about a message. Amounts as `amountOf` reads them. */
export type Said = {
  /** Messages of one purchase share its network transaction id; null for a message without one. */
  readonly of?: string | null;
  readonly network?: string;
  readonly card?: string;
  readonly billed?: string;
  readonly settled?: string;
  readonly remaining?: string;
  readonly final?: boolean;
  readonly partial?: boolean;
  readonly mcc?: string;
  readonly expiry?: string;
  readonly id?: string;
  readonly repeat?: boolean;
  readonly stan?: string;
  readonly rrn?: string;
  readonly sent?: string;
  readonly code?: string;
  readonly arn?: string;
  readonly original?: OriginalReference;
  /** Of an advice: what the network decided in our place. */
  readonly decision?: 'approved' | 'declined';
};

/** What a message has when nothing is said: another STAN each time, sent now, in the account's currency. */
export type Usual = { readonly currency: CurrencyCode; readonly stan: string; readonly sent: string };

export function authorizationMessage(amount: string, said: Said, usual: Usual): AuthorizationMessage {
  return {
    ...common(said, usual),
    ...amountOf(amount, usual.currency),
    type: 'authorization',
    merchant: merchant(said),
  };
}

export function clearingMessage(amount: string, said: Said, usual: Usual): ClearingMessage {
  const final = said.final === undefined ? {} : { final: said.final };
  return {
    ...common(said, usual),
    ...amountOf(amount, usual.currency),
    ...final,
    type: 'clearing',
    merchant: merchant(said),
  };
}

/** Of any kind that has an amount, or may have one. */
export function anyMessage(
  type: DecidableMessage['type'],
  amount: string | undefined,
  said: Said,
  usual: Usual,
): DecidableMessage {
  const message = {
    ...common(said, usual),
    ...(amount === undefined ? {} : amountOf(amount, usual.currency)),
    type,
    merchant: merchant(said),
  };
  return message as DecidableMessage;
}

export function reversalMessage(
  type: ReversalMessage['type'],
  amount: string | undefined,
  said: Said,
  usual: Usual,
): ReversalMessage {
  const remaining = said.remaining === undefined ? undefined : amountOf(said.remaining, usual.currency);
  return {
    ...common(said, usual),
    ...(remaining === undefined ? {} : { remainingAmountMinor: remaining.amountMinor, currency: remaining.currency }),
    ...(amount === undefined ? {} : amountOf(amount, usual.currency)),
    type,
  };
}

function common(said: Said, usual: Usual): Omit<NetworkMessage, 'type'> {
  const { of = 'purchase' } = said;
  return {
    cardId: cardNamed(said.card),
    network: said.network ?? 'visa',
    currency: usual.currency,
    acquirerId: '400123',
    terminalId: 'TERM0001',
    stan: said.stan ?? usual.stan,
    transmittedAt: said.sent ?? usual.sent,
    ...(of === null ? {} : { networkTransactionId: of }),
    ...(said.billed === undefined ? {} : { billing: amountOf(said.billed, usual.currency) }),
    ...(said.settled === undefined ? {} : { settlement: amountOf(said.settled, usual.currency) }),
    ...(said.partial === undefined ? {} : { partialApproval: said.partial }),
    ...(said.expiry === undefined ? {} : { cardExpiry: said.expiry }),
    ...(said.id === undefined ? {} : { messageId: said.id }),
    ...(said.repeat === undefined ? {} : { repeat: said.repeat }),
    ...(said.rrn === undefined ? {} : { rrn: said.rrn }),
    ...(said.code === undefined ? {} : { authorizationCode: said.code }),
    ...(said.arn === undefined ? {} : { arn: said.arn }),
    ...(said.original === undefined ? {} : { original: said.original }),
    ...(said.decision === undefined ? {} : { networkDecision: said.decision }),
  };
}

function merchant({ mcc = '5812' }: Said) {
  return { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc };
}

export function cardNamed(name = 'main'): CardId {
  return `card_${name}` as CardId;
}

/** Who the message is: what the edge derives an id from, in the clear. */
export function identityOf(message: NetworkMessage): CommandId {
  const { messageId, type, cardId, acquirerId, terminalId, stan, transmittedAt } = message;
  const parts = messageId === undefined ? [kindOf(type), acquirerId, terminalId, stan, transmittedAt] : [messageId];
  return [cardId, ...parts].join('|') as CommandId;
}

/** What is compared when the same message comes again. */
export function contentOf(message: DecidableMessage): ContentHash {
  const { amountMinor, currency, billing, settlement, remainingAmountMinor, merchant, networkTransactionId } = message;
  const { original, type, final = true, networkDecision = 'approved' } = message;
  const content = [amountMinor, currency, billing, settlement, remainingAmountMinor, merchant, networkTransactionId];
  return JSON.stringify([kindOf(type), ...content, original, final, networkDecision], (_key, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  ) as ContentHash;
}
