// fields.ts: parses input with a zod schema, and says precisely which field is at fault and what is expected of it.

import type { z } from 'zod';
import { type FieldError, invalid } from './problem.ts';

/** The parsed value. Throws `ApiError` `invalid_request` that names the fields; never repeats a value. */
export function parseFields<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: expectation, reportInput: false });
  if (parsed.success) return parsed.data;
  // One complaint a field, the last: of a number beyond 2^53 zod says first that, then the schema's own bound.
  const byField = new Map(parsed.error.issues.flatMap(fieldErrors).map((error) => [error.field, error]));
  throw invalid('invalid_request', [...byField.values()]);
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const field = fieldPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldPath([...issue.path, key]), message: 'is not a known field' }));
  }
  return [{ field: field === '' ? 'body' : field, message: issue.message }];
}

/** `['limits', 0, 'amount']` is `limits[0].amount`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** What a schema expects, in words that go after a field's name. A schema's own message goes before this. */
function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${article(nameOf(issue.expected))}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
    default:
      return 'is not as expected';
  }
}

function bound(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${comparison} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `have ${comparison} ${limit} entries`;
  return `be ${comparison} ${limit}`;
}

function nameOf(expected: string): string {
  return expected === 'int' || expected === 'number' ? 'integer' : expected;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
