// idempotencyKey.ts: the header that makes a write repeatable.

import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './problem.ts';

export const IDEMPOTENCY_KEY_LENGTH = 255;

/**
 * The `Idempotency-Key` of a request. Throws `ApiError` `idempotency_key_missing` or `idempotency_key_invalid`. A header
 * given twice arrives joined by a comma and a space, and is refused for the space.
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key'];
  if (key === undefined) throw new ApiError('idempotency_key_missing');
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) throw new ApiError('idempotency_key_invalid');
  return key;
}
