// operation.ts: one thing that a client asks for, and what it was told about it, however often it had to ask.

import {
  commandIdOf,
  contentHashOfMessage,
  identityOf,
  isId,
  networkMessageSchema,
  toNetworkMessage,
} from '@holdfast/events';
import type { Answered, Api, Json } from '../support/api.ts';

export type Kind =
  | ('authorization' | 'reversal' | 'clearing' | 'deposit' | 'transfer' | 'card' | 'account' | 'program')
  | ('pause' | 'resume' | 'controls' | 'pause program' | 'resume program');

export type Operation = {
  readonly kind: Kind;
  /** Left out: POST. */
  readonly method?: 'PUT';
  readonly path: string;
  readonly body: Json;
  readonly idempotencyKey?: string;
  /** Under which the log remembers it. */
  readonly commandId: string;
  readonly contentHash?: string;
  readonly cardId?: string;
  /** When it was first sent, and when it was first answered: moments of this process. */
  sentAt?: number;
  answeredAt?: number;
  /** Without the position, which says where the answer was read. */
  answer?: { readonly status: number; readonly body: Json };
};

/** A message with an identity of its own; `stan` and `transmitted_at` are in the body. */
export function messageOperation(kind: Kind, body: Json, cardId: string, sender: string): Operation {
  if (!isId('card', cardId)) throw new Error(`${cardId} is no card id`);
  const message = toNetworkMessage(networkMessageSchema.parse(body), cardId);
  const { commandId } = identityOf(message, sender);
  const contentHash = contentHashOfMessage(message);
  return { kind, path: '/v1/network/messages', body, commandId, contentHash, cardId };
}

/** A management call; `programId` where the path names nothing that is in a program. */
export function callOperation(
  kind: Kind,
  path: string,
  body: Json,
  idempotencyKey: string,
  { programId = '', ...more }: { readonly programId?: string; readonly cardId?: string; readonly method?: 'PUT' } = {},
): Operation {
  const commandId = commandIdOf('api', programId, more.method ?? 'POST', path, idempotencyKey);
  return { kind, path, body, idempotencyKey, commandId, ...more };
}

/**
 * Sends it. Resolves with a sentence when the answer is not the one given before, or when it is an error that nothing
 * here provokes. Rejects when no answer came: then it may have happened or not.
 */
export async function sendOperation(api: Api, operation: Operation): Promise<string | undefined> {
  operation.sentAt ??= performance.now();
  const answered = await api.send(operation.method ?? 'POST', operation.path, operation.body, operation.idempotencyKey);
  if (answered.status === 503) throw new Error('unavailable');
  const answer = withoutPosition(answered);
  if (answer.status >= 300) return `${operation.kind} was answered ${answer.status} ${JSON.stringify(answer.body)}`;
  if (operation.answer === undefined) {
    operation.answer = answer;
    operation.answeredAt = performance.now();
    return undefined;
  }
  const before = sorted(operation.answer.body);
  const now = sorted(answer.body);
  return before === now ? undefined : `${operation.kind} was answered ${before}, then ${now}`;
}

function withoutPosition({ status, body }: Answered): { readonly status: number; readonly body: Json } {
  const { position: _, ...rest } = body;
  return { status, body: rest };
}

function sorted(json: Json): string {
  return JSON.stringify(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
}
