// format.ts: the three kinds of lines of a clearing file: header, record, trailer. Reference: docs/clearing.md.

import { CLEARING_KINDS } from '@holdfast/domain';
import { z } from 'zod';
import { passesLuhn } from '../wire/refine.ts';
import { CLEARING_FILE_LIMITS } from './limits.ts';

/** Of this format. A file of another version is refused. */
export const CLEARING_FILE_VERSION = 1;

const count = z.int().min(0).max(CLEARING_FILE_LIMITS.records);

const sender = z
  .string()
  .regex(new RegExp(`^[A-Za-z0-9._-]{1,${CLEARING_FILE_LIMITS.sender}}$`), {
    error: `1 to ${CLEARING_FILE_LIMITS.sender} letters, digits, dots, hyphens or underscores`,
  })
  .refine((text) => !/^[0-9]{12,19}$/.test(text) || !passesLuhn(text), { error: 'it looks like a card number' });

export const headerLine = z.strictObject({
  header: z.strictObject({
    version: z.literal(CLEARING_FILE_VERSION),
    sender,
    sequence: z.int().min(1).max(CLEARING_FILE_LIMITS.sequence),
    business_date: z.iso.date(),
  }),
});

/** Its message is looked at apart. */
export const recordLine = z.strictObject({
  record: z.strictObject({
    id: z.string().regex(new RegExp(`^[!-~]{1,${CLEARING_FILE_LIMITS.recordId}}$`), {
      error: `1 to ${CLEARING_FILE_LIMITS.recordId} visible ASCII characters`,
    }),
    message: z.record(z.string(), z.unknown()),
  }),
});

export const trailerLine = z.strictObject({
  trailer: z.strictObject({
    records: z.strictObject({ clearing: count, clearing_reversal: count, refund: count, refund_reversal: count }),
    sums: z
      .array(
        z.strictObject({
          type: z.enum(CLEARING_KINDS),
          currency: z.string().regex(/^[A-Z]{3}$/),
          amount: z.int().min(0),
        }),
      )
      .max(CLEARING_KINDS.length * CLEARING_FILE_LIMITS.currencies),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits in lower case' }),
  }),
});

export type FileHeader = z.infer<typeof headerLine>['header'];
export type FileTrailer = z.infer<typeof trailerLine>['trailer'];
