// clearingFileJson.ts: a list of clearing files as JSON, and the schema that its serializer is compiled from.

import { toIso } from '@holdfast/domain';
import { clearingSumsJson, clearingSumsSchema, reportTotalsJson, reportTotalsSchema } from '@holdfast/events';
import type { ClearingFileView } from '@holdfast/projections';

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const nullable = { type: ['string', 'null'] } as const;

/** Amounts stay bigint, and are written as JSON integers: the sums of a file may be larger than any balance. */
export const clearingFilesSchema = {
  type: 'object',
  properties: {
    data: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...{ id: text, sender: text, sequence: integer, business_date: text, sha256: text, status: text },
          ...{ received_at: text, applied_at: nullable, refusals: integer, records: integer },
          sums: clearingSumsSchema,
          report: { type: 'object', properties: reportTotalsSchema, nullable: true },
        },
      },
    },
    next_cursor: nullable,
  },
} as const;

export function clearingFileJson(file: ClearingFileView) {
  const { id, sender, sequence, businessDate, sha256, status, receivedAt, appliedAt, refusals, records } = file;
  return {
    ...{ id, sender, sequence, business_date: businessDate, sha256, status },
    received_at: toIso(receivedAt),
    applied_at: appliedAt === undefined ? null : toIso(appliedAt),
    ...{ refusals, records, sums: clearingSumsJson(file.sums) },
    report: file.outcome === undefined ? null : reportTotalsJson(file.outcome),
  };
}
