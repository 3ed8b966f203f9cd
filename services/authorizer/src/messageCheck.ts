// messageCheck.ts: a network message from the outside, checked by code compiled from its schema, or what is wrong with it.

import { networkMessageJsonSchema, refineNetworkMessage, type WireMessage } from '@holdfast/events';
import { ApiError, fieldPath, invalid } from '@holdfast/http';
import { Ajv } from 'ajv';
import { messageFault } from './messageFault.ts';

const ajv = new Ajv({ discriminator: true, coerceTypes: false, removeAdditional: false, allErrors: false });
const hasShape = ajv.compile<WireMessage>(networkMessageJsonSchema);

/**
 * The message, if it is one. Throws `ApiError` `identity_missing`, or `invalid_message` that names the field.
 */
export function checkedMessage(body: unknown): WireMessage {
  if (!hasShape(body)) throw invalid('invalid_message', (hasShape.errors ?? []).slice(0, 1).map(messageFault));
  const faults = refineNetworkMessage(body);
  if (faults.length === 0) return body;
  if (faults.every(({ code }) => code === 'identity_missing')) throw new ApiError('identity_missing');
  throw invalid(
    'invalid_message',
    faults.map(({ path, message }) => ({ field: fieldPath(path) || 'body', message: `is refused: ${message}` })),
  );
}
