// answer.ts: what Holdfast answers to a network message, parsed where it comes in.

import { z } from 'zod';

const minor = z.int();

/** Fields that a later release adds are let through: the simulator of today can talk to it. */
export const answerSchema = z.looseObject({
  decision: z.enum(['approved', 'partially_approved', 'declined', 'accepted']),
  response_code: z.string().length(2),
  currency: z.string().length(3),
  approved_amount: minor.optional(),
  billing_amount: minor.optional(),
  available_balance: minor.optional(),
  authorization_code: z.string().optional(),
  transaction_id: z.string().optional(),
  reason: z.string().nullish(),
  reasons: z.array(z.string()),
  flags: z.array(z.string()),
  position: z.string(),
});

export type Answer = z.infer<typeof answerSchema>;

/** The same answer: every field but `position`, in any order of fields. */
export function isSameAnswer(a: Answer, b: Answer): boolean {
  return canonical({ ...a, position: '' }) === canonical({ ...b, position: '' });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
