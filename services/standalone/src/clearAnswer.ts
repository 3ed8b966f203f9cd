// clearAnswer.ts: what a server answers to a clearing file, as the command line reads it.

import { RECORD_OUTCOMES } from '@holdfast/domain';
import { isCurrencyCode } from '@holdfast/money';
import { z } from 'zod';

const currency = z.string().refine(isCurrencyCode);
const amount = z.number();

/** Fields that the command does not show may come and go. */
export const clearAnswer = z.object({
  id: z.string(),
  sender: z.string(),
  sequence: z.number(),
  business_date: z.string(),
  records: z.number(),
  report: z.object({
    clean: z.boolean(),
    outcomes: z.record(z.enum(RECORD_OUTCOMES), z.number()),
    currencies: z.array(
      z.object({
        ...{ currency, file: amount, posted: amount, converted: amount },
        ...{ suspended: amount, difference: amount },
      }),
    ),
    charged: z.array(z.object({ currency, posted: amount })),
    listed: z.array(
      z.object({
        ...{ line: z.number(), record_id: z.string(), type: z.string(), outcome: z.enum(RECORD_OUTCOMES) },
        flags: z.array(z.string()),
        ...{ reason: z.string().optional(), transaction_id: z.string().optional() },
      }),
    ),
    unlisted: z.number(),
  }),
});

export type ClearAnswer = z.infer<typeof clearAnswer>;

export const problemAnswer = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ line: z.number(), field: z.string(), message: z.string() })).optional(),
});

export type ProblemAnswer = z.infer<typeof problemAnswer>;
