// clearing.ts: the stored form of clearings and refunds, and of what takes them back.

import { z } from 'zod';
import {
  change,
  conversion,
  flags,
  minor,
  nonNegativeMinor,
  share,
  spending,
  status,
  taken,
  transactionId,
} from './fields.ts';
import { entry, moved } from './ledger.ts';
import { message } from './message.ts';

const fact = { transactionId, message, flags, change, spending, status, ...moved };
const refunded = { ...fact, postedMinor: nonNegativeMinor, conversion: conversion.exactOptional() };
const suspended = z.strictObject({ message, flags, entry });

export const clearingEvents = {
  ClearingPosted: z.strictObject({
    transactionId,
    message,
    final: z.boolean(),
    flags,
    taken,
    // Below zero where less is cleared than a single message had posted.
    postedMinor: minor,
    confirmed: share.exactOptional(),
    conversion: conversion.exactOptional(),
    spending,
    status,
    ...moved,
  }),
  ClearingReversed: z.strictObject({ ...fact, clearingRevision: z.int().min(0), share }),
  ClearingSuspended: suspended,
  RefundPosted: z.strictObject(refunded),
  RefundReversed: z.strictObject(refunded),
  RefundSuspended: suspended,
};
