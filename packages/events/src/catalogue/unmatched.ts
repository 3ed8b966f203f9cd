// unmatched.ts: the stored form of messages without an effect of their own: unknown card, identity used twice.

import { z } from 'zod';
import { hash22, responseCode, transactionId } from './fields.ts';
import { entry } from './ledger.ts';
import { message } from './message.ts';

export const unmatchedEvents = {
  MessageConflicted: z.strictObject({ message, conflictsWith: hash22, transactionId: transactionId.exactOptional() }),
  UnmatchedMessageRecorded: z.strictObject({
    message,
    decision: z.enum(['declined', 'accepted']),
    responseCode,
    reason: z.literal('card_not_found'),
    entry,
  }),
};
