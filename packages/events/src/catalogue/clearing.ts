// clearing.ts: the stored form of clearings.

import { z } from 'zod';
import { flags, nonNegativeMinor, spending, status, taken, transactionId } from './fields.ts';
import { entry, moved } from './ledger.ts';
import { message } from './message.ts';

export const clearingEvents = {
  ClearingPosted: z.strictObject({
    transactionId,
    message,
    final: z.boolean(),
    flags,
    taken,
    postedMinor: nonNegativeMinor,
    spending,
    status,
    ...moved,
  }),
  ClearingSuspended: z.strictObject({ message, flags, entry }),
};
