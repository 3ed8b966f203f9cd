// totalsJson.ts: what a clearing file comes to, and what became of it, as JSON, and the schemas for its serializer.

import { type ClearingFileReport, type ClearingSum, isClean, RECORD_OUTCOMES } from '@holdfast/domain';

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;

function listOf<Properties extends object>(properties: Properties) {
  return { type: 'array', items: { type: 'object', properties } } as const;
}

export const clearingSumsSchema = listOf({ type: text, currency: text, records: integer, amount: integer });

/** Amounts stay bigint, and are written as JSON integers. */
export function clearingSumsJson(sums: readonly ClearingSum[]) {
  return sums.map(({ type, currency, records, amountMinor }) => ({ type, currency, records, amount: amountMinor }));
}

/** Properties of a report without the records that it lists. */
export const reportTotalsSchema = {
  clean: { type: 'boolean' },
  outcomes: { type: 'object', properties: Object.fromEntries(RECORD_OUTCOMES.map((outcome) => [outcome, integer])) },
  currencies: listOf({
    ...{ currency: text, file: integer, posted: integer, converted: integer },
    ...{ suspended: integer, difference: integer },
  }),
  charged: listOf({ currency: text, posted: integer }),
} as const;

export function reportTotalsJson(report: Pick<ClearingFileReport, 'outcomes' | 'currencies' | 'charged'>) {
  return {
    clean: isClean(report),
    outcomes: report.outcomes,
    currencies: report.currencies.map((sums) => ({
      currency: sums.currency,
      file: sums.fileMinor,
      posted: sums.postedMinor,
      converted: sums.convertedMinor,
      suspended: sums.suspendedMinor,
      difference: sums.differenceMinor,
    })),
    charged: report.charged.map(({ currency, postedMinor }) => ({ currency, posted: postedMinor })),
  };
}
