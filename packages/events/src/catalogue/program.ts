// program.ts: the stored form of the events of a program's stream.

import { HOLD_EXPIRY_DAYS, MAX_RATES } from '@holdfast/domain';
import { z } from 'zod';
import { basisPoints, currency, programId, rate, text, time } from './fields.ts';

const stateChanged = z.strictObject({ programId, reason: text.exactOptional() });

const days = z.int().min(HOLD_EXPIRY_DAYS.least).max(HOLD_EXPIRY_DAYS.most);

export const programEvents = {
  ProgramCreated: z.strictObject({ programId, name: text, holdExpiryDays: days }),
  ProgramPaused: stateChanged,
  ProgramResumed: stateChanged,
  RatesPublished: z.strictObject({
    programId,
    source: text,
    validFrom: time,
    validUntil: time,
    rates: z.array(z.strictObject({ base: currency, quote: currency, rate })).max(MAX_RATES),
  }),
  MarkupSet: z.strictObject({ programId, basisPoints }),
  HoldExpirySet: z.strictObject({
    programId,
    days: z.strictObject({ lodging: days, carRental: days, cruise: days, fuel: days, other: days }),
  }),
};
