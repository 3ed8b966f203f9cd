// networkMessage.ts: the network message as it comes in, one shape for each of its kinds, for zod and for ajv.

import { z } from 'zod';
import { commonFields, final, optional, remainingAmount, required } from './fields.ts';
import { refineNetworkMessage } from './refine.ts';

/** Asked or told with a sum and a merchant. */
const withMerchant = { ...commonFields, amount: required.amount, merchant: required.merchant };
/** Means an earlier message, which has the merchant. */
const backward = { ...commonFields, amount: required.amount, merchant: optional.merchant };
/** Moves no money. */
const question = { ...commonFields, amount: optional.amount };
const release = { ...commonFields, ...optional, remaining_amount: remainingAmount };

const kinds = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('authorization'), ...withMerchant }),
  z.strictObject({ type: z.literal('authorization_advice'), ...withMerchant }),
  z.strictObject({ type: z.literal('financial_authorization'), ...withMerchant }),
  z.strictObject({ type: z.literal('increment'), ...withMerchant }),
  z.strictObject({ type: z.literal('increment_advice'), ...withMerchant }),
  z.strictObject({ type: z.literal('reversal'), ...release }),
  z.strictObject({ type: z.literal('reversal_advice'), ...release }),
  z.strictObject({ type: z.literal('clearing'), ...withMerchant, final }),
  z.strictObject({ type: z.literal('clearing_reversal'), ...backward }),
  z.strictObject({ type: z.literal('refund_authorization'), ...withMerchant }),
  z.strictObject({ type: z.literal('refund'), ...withMerchant }),
  z.strictObject({ type: z.literal('refund_reversal'), ...backward }),
  z.strictObject({ type: z.literal('balance_inquiry'), ...question, merchant: optional.merchant }),
  z.strictObject({ type: z.literal('account_verification'), ...question, merchant: required.merchant }),
]);

/** A network message that passed the schema: amounts are JSON integers, names are snake_case. */
export type WireMessage = z.infer<typeof kinds>;

/** The whole check. A failure names every field at fault and never shows what the field held. */
export const networkMessageSchema = kinds.superRefine(
  (message, context) => {
    for (const { code, path, message: sentence } of refineNetworkMessage(message)) {
      context.addIssue({ code: 'custom', path: [...path], message: sentence, params: { code } });
    }
  },
  // As with ajv: only what has the right shape throughout is looked at further.
  { when: ({ issues }) => issues.length === 0 },
);

/**
 * The same shape for ajv (`discriminator: true, coerceTypes: false, removeAdditional: false`). It cannot say what
 * `refineNetworkMessage` says: ajv, then that, accept exactly what `networkMessageSchema` accepts.
 */
export const networkMessageJsonSchema: Readonly<Record<string, unknown>> = jsonSchema();

function jsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(kinds, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  // With these three ajv looks at one kind instead of trying all of them, and its errors are about that kind.
  return { ...schema, type: 'object', required: ['type'], discriminator: { propertyName: 'type' } };
}
