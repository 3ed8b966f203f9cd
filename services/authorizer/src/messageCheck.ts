// messageCheck.ts: a network message from the outside, checked by code compiled from its schema, or what is wrong with it.

import { MESSAGE_TYPES, SUPPORTED_MESSAGE_TYPES } from '@holdfast/domain';
import { networkMessageJsonSchema, refineNetworkMessage, type WireMessage } from '@holdfast/events';
import { ApiError, fieldPath, invalid } from '@holdfast/http';
import { Ajv } from 'ajv';
import { messageFault } from './messageFault.ts';

const ajv = new Ajv({ discriminator: true, coerceTypes: false, removeAdditional: false, allErrors: false });
const hasShape = ajv.compile<WireMessage>(networkMessageJsonSchema);

const LATER_TYPES: ReadonlySet<unknown> = new Set(
  MESSAGE_TYPES.filter((type) => !SUPPORTED_MESSAGE_TYPES.some((supported) => supported === type)),
);

/**
 * The message, if it is one that this release decides. Throws `ApiError` `message_type_not_supported`,
 * `identity_missing`, or `invalid_message` that names the field.
 */
export function checkedMessage(body: unknown): WireMessage {
  const type = typeOf(body);
  if (LATER_TYPES.has(type)) throw notSupported(String(type));
  if (!hasShape(body)) throw invalid('invalid_message', (hasShape.errors ?? []).slice(0, 1).map(messageFault));
  const faults = refineNetworkMessage(body);
  if (faults.length === 0) return body;
  if (faults.every(({ code }) => code === 'identity_missing')) throw new ApiError('identity_missing');
  throw invalid(
    'invalid_message',
    faults.map(({ path, message }) => ({ field: fieldPath(path) || 'body', message: `is refused: ${message}` })),
  );
}

export function notSupported(type: string): ApiError {
  return new ApiError('message_type_not_supported', { type, supported: SUPPORTED_MESSAGE_TYPES.join(', ') });
}

function typeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
}
