// submissions.ts: network messages as the edge hands them to the engine, each with an identity of its own.

import type { AuthorizationMessage, CardId, DecidableMessage } from '@holdfast/domain';
import type { MessageSubmission } from '@holdfast/engine';
import { contentHashOfMessage, identityOf } from '@holdfast/events';
import { EUR } from './world.ts';

const MERCHANT = { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' };

/** All of one purchase share `n`. */
export function authorizationMessage(cardId: CardId, n: number, at: number): AuthorizationMessage {
  return {
    type: 'authorization',
    cardId,
    network: 'visa',
    currency: EUR,
    networkTransactionId: String(n).padStart(15, '0'),
    amountMinor: 4_000n,
    merchant: MERCHANT,
    ...sent(n, at),
    entryMode: 'ecommerce',
    cardPresent: false,
    partialApproval: true,
  };
}

/** A later message of the purchase `n`, for what it was authorized for. */
export function laterMessage(type: LaterType, cardId: CardId, n: number, at: number): DecidableMessage {
  return {
    type,
    cardId,
    network: 'visa',
    currency: EUR,
    networkTransactionId: String(n).padStart(15, '0'),
    ...(type === 'reversal' ? {} : { amountMinor: 4_000n }),
    merchant: MERCHANT,
    ...sent(n, at),
  } as DecidableMessage;
}

export type LaterType = 'authorization_advice' | 'increment' | 'reversal' | 'clearing' | 'refund';

function sent(n: number, at: number) {
  const rrn = String(n % 10 ** 12).padStart(12, '0');
  return {
    acquirerId: '400123',
    acquirerCountry: 'DE',
    terminalId: 'TERM0001',
    stan: rrn.slice(-6),
    rrn,
    transmittedAt: new Date(at).toISOString(),
  };
}

export function submissionOf(message: DecidableMessage, at: number): MessageSubmission {
  return {
    message,
    commandId: identityOf(message, 'bench').commandId,
    contentHash: contentHashOfMessage(message),
    answerBy: at + 60_000,
    actor: 'key_01h2xcejqtf2nbrexx3vqjhp41',
    correlationId: `bench-${message.rrn}`,
  };
}
