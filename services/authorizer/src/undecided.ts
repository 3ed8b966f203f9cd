// undecided.ts: what a network is told when there is no decision, and for how long it waits for one.

import { type Instant, SECOND_MS } from '@holdfast/domain';
import { EngineUnavailable, StreamQuarantined } from '@holdfast/engine';
import { answerByOf, type WireMessage } from '@holdfast/events';
import { ApiError } from '@holdfast/http';

/** No network waits longer, so an `answer_by` further ahead counts as this. */
export const MAX_ANSWER_WITHIN_MS = 60 * SECOND_MS;

/** When nobody waits for the answer any more: as the message says, else 5 s after receipt; at most 60 s after it. */
export function deadlineOf(wire: WireMessage, receivedAt: Instant): Instant {
  return Math.min(answerByOf(wire, receivedAt), receivedAt + MAX_ANSWER_WITHIN_MS);
}

/** Without a decision the network still gets a response code: 91 (try again), or 96 (this system is at fault). */
export function undecided(error: unknown): ApiError {
  if (error instanceof EngineUnavailable) {
    return new ApiError('unavailable', {}, { headers: { 'retry-after': '1' }, members: { response_code: '91' } });
  }
  const code = error instanceof StreamQuarantined ? 'quarantined' : 'internal';
  return new ApiError(code, {}, { cause: error, members: { response_code: '96' } });
}
