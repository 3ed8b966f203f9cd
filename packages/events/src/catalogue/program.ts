// program.ts: the stored form of the events of a program's stream.

import { z } from 'zod';
import { programId, text } from './fields.ts';

const stateChanged = z.strictObject({ programId, reason: text.exactOptional() });

export const programEvents = {
  ProgramCreated: z.strictObject({ programId, name: text, holdExpiryDays: z.int().min(1).max(30) }),
  ProgramPaused: stateChanged,
  ProgramResumed: stateChanged,
};
