// ledger.ts: the stored form of journal entries and balances. An entry balances per currency.

import { NETWORK_NAME, PLAIN_LEDGER_ACCOUNTS } from '@holdfast/domain';
import { z } from 'zod';
import { currency, MAX_LIST_LENGTH, minor, positiveMinor } from './fields.ts';

const account = z.union([
  z.enum(PLAIN_LEDGER_ACCOUNTS),
  z.templateLiteral(['settlement:', z.string().regex(NETWORK_NAME)]),
]);

const leg = z.union([
  z.strictObject({ account, currency, debitMinor: positiveMinor }),
  z.strictObject({ account, currency, creditMinor: positiveMinor }),
]);

export const entry = z
  .array(leg)
  .max(MAX_LIST_LENGTH)
  .superRefine(
    (legs, context) => {
      const sums = new Map<string, bigint>();
      for (const each of legs) {
        const change = 'debitMinor' in each ? BigInt(each.debitMinor) : -BigInt(each.creditMinor);
        sums.set(each.currency, (sums.get(each.currency) ?? 0n) + change);
      }
      for (const [code, sum] of sums) {
        if (sum !== 0n) context.addIssue({ code: 'custom', message: `debits and credits of ${code} differ by ${sum}` });
      }
    },
    { when: ({ issues }) => issues.length === 0 },
  );

export const balances = z.strictObject({ availableMinor: minor, heldMinor: minor });

/** Of an event that moves money. */
export const moved = { entry, balances };

/** What stands in suspense, and the revision of the event that left it there. */
export const suspendedSum = {
  revision: z.int().min(0),
  side: z.enum(['debit', 'credit']),
  amountMinor: positiveMinor,
  currency,
};
