// controls.ts: the stored form of limits and merchant categories, as they are set and as a decision saw them.

import { z } from 'zod';
import { limitId, MAX_LIST_LENGTH, mcc, minor, nonNegativeMinor, text, time } from './fields.ts';

const window = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('transaction') }),
  z.strictObject({ kind: z.literal('day'), timeZone: text }),
]);

export const controls = z.strictObject({
  limits: z.array(z.strictObject({ id: limitId, amountMinor: nonNegativeMinor, window })).max(MAX_LIST_LENGTH),
  merchantCategories: z.strictObject({
    blocked: z.array(mcc).max(MAX_LIST_LENGTH),
    allowed: z.array(mcc).max(MAX_LIST_LENGTH),
  }),
});

export const limitsSeen = z
  .array(
    z.strictObject({
      limitId,
      scope: z.enum(['card', 'account']),
      amountMinor: nonNegativeMinor,
      // Below zero where refunds gave back more than was charged.
      spentMinor: minor,
      startsAt: time.exactOptional(),
      endsAt: time.exactOptional(),
    }),
  )
  .max(MAX_LIST_LENGTH);
