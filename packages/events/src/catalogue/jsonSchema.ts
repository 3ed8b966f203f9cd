// jsonSchema.ts: the catalogue as JSON Schema (draft 7), for compiled validators that check a whole log.

import { z } from 'zod';
import type { EventType } from '../versions.ts';
import { catalogue, metadataSchema } from './catalogue.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Of an event's stored data in the newest version of its type. It says all that `validate` checks, except that a
 * currency is any text: `decode` refuses one that ISO 4217 does not have.
 */
export function eventJsonSchema(type: EventType): JsonSchema {
  return jsonSchema(catalogue[type]);
}

export function metadataJsonSchema(): JsonSchema {
  return jsonSchema(metadataSchema);
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
}
