// messageCheck.test.ts: the compiled check and the zod schema accept the same, and every complaint is in words.

import { networkMessageJsonSchema, networkMessageSchema } from '@holdfast/events';
import { ApiError } from '@holdfast/http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkedMessage } from './messageCheck.ts';
import { EXPECTATIONS } from './messageFault.ts';
import { authorization } from './testing/authorization.ts';

function complaint(body: unknown): ApiError | undefined {
  try {
    checkedMessage(body);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** Names of fields with a pattern, wherever they stand in the schema. */
function patterned(schema: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      for (const [field, property] of Object.entries(value)) {
        if (typeof property === 'object' && property !== null && 'pattern' in property) found.add(field);
      }
    }
    patterned(value, found);
  }
  return found;
}

describe('the check', () => {
  test('has words for every field with a pattern, and for no other', () => {
    const fields = [...patterned(networkMessageJsonSchema)].filter((field) => field !== 'id');
    const named = Object.keys(EXPECTATIONS).filter((field) => !field.endsWith('.id'));
    expect(named.sort()).toEqual(fields.sort());
  });

  test('never repeats what was sent, and names a field', () => {
    const secret = '4761739001010119';
    const good: Record<string, unknown> = authorization({ number: secret });
    const broken = fc.oneof(fc.constant(secret), fc.constant(Number(secret)), fc.constant([secret]), fc.constant(null));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good).filter((key) => key !== 'card')), broken, (field, value) => {
        const error = complaint({ ...good, [field]: value });
        expect(error?.extras.fields?.[0]?.field.split('.')[0]).toBe(field);
        expect(JSON.stringify([error?.message, error?.extras])).not.toContain(secret);
      }),
    );
  });

  test('takes and refuses what the zod schema takes and refuses', () => {
    const good: Record<string, unknown> = {
      ...authorization({ number: '4761739001010119' }),
      billing: { amount: 1, currency: 'USD' },
      private_data: { de48: 'x' },
    };
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('reversal', 'clearing', 'USD', 'XXX', '000001', '2026-03-01T12:00:00.5Z', 0, -0, 1e12, true),
    );
    const field = fc.constantFrom(...Object.keys(good), 'remaining_amount', 'final', 'rrn', 'wallet', 'reason', 'x');
    fc.assert(
      fc.property(fc.dictionary(field, fc.option(anything, { nil: undefined }), { maxKeys: 3 }), (changes) => {
        const body = JSON.parse(JSON.stringify({ ...good, ...changes }));
        const error = complaint(body);
        expect(error === undefined).toBe(networkMessageSchema.safeParse(body).success);
      }),
      { numRuns: 500 },
    );
  });
});
