// reportJson.ts: a clearing file and what became of it as JSON, and the schema that its serializer is compiled from.

import { type ClearingFileReport, FLAGS, toIso } from '@holdfast/domain';
import type { ClearingFileStanding } from '@holdfast/engine';
import { clearingSumsJson, clearingSumsSchema, reportTotalsJson, reportTotalsSchema } from '@holdfast/events';

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const nullable = { type: ['string', 'null'] } as const;

function objectOf<Properties extends object>(properties: Properties) {
  return { type: 'object', properties } as const;
}
function listOf<Items extends object>(items: Items) {
  return { type: 'array', items } as const;
}

/** Amounts stay bigint, and are written as JSON integers. */
export const clearingFileJsonSchema = objectOf({
  ...{ id: text, sender: text, sequence: integer, business_date: text, sha256: text, status: text },
  ...{ received_at: text, applied_at: nullable },
  records: integer,
  sums: clearingSumsSchema,
  report: {
    ...objectOf({
      ...reportTotalsSchema,
      listed: listOf(
        objectOf({
          ...{ line: integer, record_id: text, type: text, outcome: text },
          flags: listOf({ type: 'string', enum: FLAGS }),
          ...{ reason: text, transaction_id: text },
        }),
      ),
      unlisted: integer,
    }),
    nullable: true,
  },
});

export function clearingFileJson({ received, applied }: ClearingFileStanding) {
  const { clearingFileId, sender, sequence, businessDate, sha256, records, sums } = received.data;
  return {
    ...{ id: clearingFileId, sender, sequence, business_date: businessDate, sha256 },
    status: applied === undefined ? 'received' : 'applied',
    received_at: toIso(received.metadata.occurredAt),
    applied_at: applied === undefined ? null : toIso(applied.metadata.occurredAt),
    records,
    sums: clearingSumsJson(sums),
    report: applied === undefined ? null : reportJson(applied.data.report),
  };
}

function reportJson(report: ClearingFileReport) {
  return {
    ...reportTotalsJson(report),
    listed: report.listed.map(({ line, recordId, type, outcome, flags, reason, transactionId }) => ({
      ...{ line, record_id: recordId, type, outcome, flags },
      ...(reason === undefined ? {} : { reason }),
      ...(transactionId === undefined ? {} : { transaction_id: transactionId }),
    })),
    unlisted: report.unlisted,
  };
}
