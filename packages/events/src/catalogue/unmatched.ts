// unmatched.ts: the stored form of messages without an effect of their own: unknown card, identity used twice.

import { SUSPENSE_TO } from '@holdfast/domain';
import { z } from 'zod';
import { accountId, hash22, positiveMinor, responseCode, text, transactionId } from './fields.ts';
import { entry, suspendedSum } from './ledger.ts';
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
  SuspenseAssigned: z.strictObject({
    ...suspendedSum,
    to: z.enum(['in_transit', ...SUSPENSE_TO]),
    accountId: accountId.exactOptional(),
    accountMinor: positiveMinor.exactOptional(),
    reason: text,
    entry,
  }),
};
