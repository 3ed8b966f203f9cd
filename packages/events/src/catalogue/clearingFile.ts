// clearingFile.ts: the stored form of the events of a clearing file's stream.

import { CLEARING_KINDS, MAX_LISTED_RECORDS, RECORD_OUTCOMES } from '@holdfast/domain';
import { z } from 'zod';
import {
  clearingFileId,
  currency,
  flags,
  MAX_LIST_LENGTH,
  minor,
  nonNegativeMinor,
  reasonCode,
  text,
  transactionId,
} from './fields.ts';

const count = z.int().min(0);
const type = z.enum(CLEARING_KINDS);

const facts = z.strictObject({
  clearingFileId,
  sender: text,
  sequence: z.int().min(1),
  businessDate: z.iso.date(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  records: count,
  sums: z.array(z.strictObject({ type, currency, records: count, amountMinor: nonNegativeMinor })).max(MAX_LIST_LENGTH),
});

const report = z.strictObject({
  outcomes: z.record(z.enum(RECORD_OUTCOMES), count),
  currencies: z
    .array(
      z.strictObject({
        currency,
        fileMinor: minor,
        postedMinor: minor,
        convertedMinor: minor,
        suspendedMinor: minor,
        differenceMinor: minor,
      }),
    )
    .max(MAX_LIST_LENGTH),
  charged: z.array(z.strictObject({ currency, postedMinor: minor })).max(MAX_LIST_LENGTH),
  listed: z
    .array(
      z.strictObject({
        line: z.int().min(1),
        recordId: text,
        type,
        outcome: z.enum(RECORD_OUTCOMES),
        flags,
        reason: reasonCode.exactOptional(),
        transactionId: transactionId.exactOptional(),
      }),
    )
    .max(MAX_LISTED_RECORDS),
  unlisted: count,
});

export const clearingFileEvents = {
  ClearingFileReceived: facts,
  ClearingFileApplied: z.strictObject({ clearingFileId, report }),
  ClearingFileRefused: facts,
};
