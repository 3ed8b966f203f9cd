// fields.test.ts: a schema's complaints in words that go after a field's name.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseFields } from './fields.ts';
import { ApiError } from './problem.ts';

const schema = z.strictObject({
  amount: z.int().min(1).max(999),
  name: z.string().min(1).max(3).optional(),
  code: z
    .string()
    .regex(/^[A-Z]+$/, 'must be capitals')
    .optional(),
  kind: z.enum(['day', 'transaction']).optional(),
  on: z.boolean().optional(),
  list: z
    .array(z.strictObject({ id: z.string() }))
    .max(2)
    .optional(),
});

function complaints(input: unknown): string[] {
  try {
    parseFields(schema, input);
  } catch (error) {
    return error instanceof ApiError ? (error.extras.fields ?? []).map((at) => `${at.field} ${at.message}`) : ['?'];
  }
  return [];
}

describe('a complaint', () => {
  test.each([
    [{ amount: 1 }, []],
    [undefined, ['body is required']],
    [[], ['body must be an object']],
    ['x', ['body must be an object']],
    [{}, ['amount is required']],
    [{ amount: null }, ['amount must be an integer']],
    [{ amount: '1' }, ['amount must be an integer']],
    [{ amount: 1.5 }, ['amount must be an integer']],
    [{ amount: Number.NaN }, ['amount must be an integer']],
    [{ amount: 0 }, ['amount must be at least 1']],
    [{ amount: 1000 }, ['amount must be at most 999']],
    [{ amount: 1e300 }, ['amount must be at most 999']],
    [{ amount: 1, name: '' }, ['name must have at least 1 character']],
    [{ amount: 1, name: 'long' }, ['name must have at most 3 characters']],
    [{ amount: 1, code: 'x' }, ['code must be capitals']],
    [{ amount: 1, kind: 'week' }, ['kind must be one of day, transaction']],
    [{ amount: 1, on: 'yes' }, ['on must be a boolean']],
    [{ amount: 1, list: [{}, {}, {}] }, ['list must have at most 2 entries']],
    [{ amount: 1, list: [{}, { id: 1 }] }, ['list[0].id is required', 'list[1].id must be a string']],
    [{ amount: 1, list: [{ id: 'a', x: 1 }] }, ['list[0].x is not a known field']],
    [{ amount: 1, a: 1, b: 1 }, ['a is not a known field', 'b is not a known field']],
  ])('about %j is %j', (input, expected) => {
    expect(complaints(input)).toEqual(expected);
  });
});
