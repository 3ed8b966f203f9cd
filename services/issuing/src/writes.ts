// writes.ts: how a management call becomes a command with one effect, and what the engine's refusals answer.

import { MAX_PAIRS, MAX_RATES, MAX_RATES_PER_PAIR, MAX_UNFINISHED_TRANSFERS } from '@holdfast/domain';
import {
  type CommandContext,
  type Engine,
  EngineUnavailable,
  type ManagementCommand,
  NotYetInForce,
  type RefusalCode,
  StreamQuarantined,
} from '@holdfast/engine';
import { commandIdOf, contentHashOf } from '@holdfast/events';
import { ApiError, idempotencyKeyOf } from '@holdfast/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from './canonicalJson.ts';
import type { Done } from './outcomes.ts';

/** What an `Idempotency-Key` is good for. A path with an id in it needs no program: whatever it names is in one. */
export type Scope = { readonly path: string; readonly programId?: string };

/**
 * The command's identity (scope, method and key) and what is compared when it comes again: the body as sent, before
 * defaults, so that a later release with other defaults still knows it.
 */
export function commandContext(request: FastifyRequest, { path, programId = '' }: Scope): CommandContext {
  const key = idempotencyKeyOf(request.headers);
  return {
    commandId: commandIdOf('api', programId, request.method, path, key),
    contentHash: contentHashOf(canonicalJson(request.body ?? {})),
    actor: request.caller?.apiKeyId ?? '',
    correlationId: request.id,
  };
}

/** Runs a command. Throws `ApiError`: a refusal under its own name, `unavailable`, or `quarantined`. */
export async function execute(engine: Engine, command: ManagementCommand, context: CommandContext): Promise<Done> {
  const outcome = await available(engine.execute(command, context));
  if (outcome.done) return outcome;
  throw refused(outcome.refusal, command);
}

/** The engine's answer, or why there is none as an `ApiError`. */
export function available<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return answer.catch((error: unknown) => {
    if (error instanceof EngineUnavailable) throw new ApiError('unavailable', {}, { headers: { 'retry-after': '1' } });
    if (error instanceof NotYetInForce) {
      const { authorizers } = error;
      const extras = { members: { authorizers }, headers: { 'retry-after': '1' } };
      throw new ApiError('not_yet_in_force', { authorizers: authorizers.join(', ') }, extras);
    }
    if (error instanceof StreamQuarantined) throw new ApiError('quarantined', {}, { cause: error });
    throw error;
  });
}

/** The field of the body that a refusal is about, by the type of the command. */
const FIELDS: Partial<Record<ManagementCommand['type'], Partial<Record<RefusalCode, string>>>> = {
  openAccount: { program_not_found: 'program_id', program_paused: 'program_id' },
  issueCard: { account_not_found: 'account_id', account_closed: 'account_id', too_many_cards: 'account_id' },
  publishRates: { rates_never_valid: 'valid_until', rate_of_same_currency: 'rates', rate_twice: 'rates' },
  deposit: { currency_mismatch: 'currency', balance_too_large: 'amount' },
  withdraw: { currency_mismatch: 'currency', insufficient_funds: 'amount' },
  resolve: {
    account_not_found: 'account_id',
    other_account: 'account_id',
    account_amount_mismatch: 'account_amount',
    balance_too_large: 'account_id',
  },
  transfer: {
    target_not_found: 'to_account_id',
    target_closed: 'to_account_id',
    same_account: 'to_account_id',
    other_program: 'to_account_id',
    currency_mismatch: 'currency',
    insufficient_funds: 'amount',
  },
  correct: { currency_mismatch: 'currency', balance_too_large: 'amount' },
};

export function refused(refusal: RefusalCode, { type }: Pick<ManagementCommand, 'type'>): ApiError {
  switch (refusal) {
    case 'card_number_taken':
      return new ApiError(refusal, { attempts: MAX_NUMBER_ATTEMPTS });
    case 'too_many_rates':
      return new ApiError(refusal, { limit: MAX_RATES });
    case 'too_many_transfers':
      return new ApiError(refusal, { limit: MAX_UNFINISHED_TRANSFERS });
    case 'too_many_pairs':
      return new ApiError(refusal, { limit: MAX_PAIRS });
    case 'too_many_rates_of_pair':
      return new ApiError(refusal, { limit: MAX_RATES_PER_PAIR });
    case 'rate_invalid':
    case 'api_key_exists':
      // No route sends the command that this refuses.
      return new ApiError('internal', {}, { cause: new Error(`${type} was refused: ${refusal}`) });
    default: {
      const error = new ApiError(refusal);
      const field = FIELDS[type]?.[refusal];
      if (field === undefined) return error;
      return new ApiError(refusal, {}, { fields: [{ field, message: `is refused: ${error.message}` }] });
    }
  }
}

/** Numbers that a call tries before it gives up: with half of a BIN in use, one call in 65,536 does. */
export const MAX_NUMBER_ATTEMPTS = 16;

/** Sends what a write answers, with the position that a read can wait for. */
export function answerWrite(reply: FastifyReply, status: 200 | 201, { position }: Done, json: object): FastifyReply {
  return reply.code(status).header('holdfast-position', position.toString()).send(json);
}
