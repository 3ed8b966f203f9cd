// parse.ts: a network message from a file, a test or a tool: parsed, or what is wrong with it, field by field.

import type { z } from 'zod';
import { networkMessageSchema, type WireMessage } from './networkMessage.ts';

/** What is wrong with one field. `field` is `merchant.mcc`, or empty for the message itself; `code` is stable. */
export type FieldIssue = { readonly field: string; readonly code: string; readonly message: string };

/** The message, or all that is wrong with it. The hot route uses ajv and `refineNetworkMessage` instead. */
export function parseNetworkMessage(
  input: unknown,
): { readonly wire: WireMessage } | { readonly issues: readonly FieldIssue[] } {
  const result = networkMessageSchema.safeParse(input);
  if (result.success) return { wire: result.data };
  return { issues: fieldIssuesOf(result.error) };
}

/** What is wrong with parsed input, field by field, without what the fields held. */
export function fieldIssuesOf({ issues }: Pick<z.ZodError, 'issues'>): readonly FieldIssue[] {
  return issues.flatMap(fieldIssues);
}

function fieldIssues(issue: z.core.$ZodIssue): readonly FieldIssue[] {
  const field = issue.path.map(shown).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].map(shown).join('.'),
      code: 'unknown_field',
      message: 'not a field of this kind of message; private_data takes what is not listed',
    }));
  }
  const code = issue.code === 'custom' ? (issue.params?.code ?? 'invalid_field') : 'invalid_field';
  return [{ field, code: String(code), message: issue.message }];
}

/** A name comes from outside too: it may be endless, or a card number. */
function shown(name: PropertyKey): string {
  return String(name)
    .slice(0, 64)
    .replace(/[0-9]{7,}/g, '…');
}
