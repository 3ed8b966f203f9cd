// answerJson.ts: the answer to a network message as JSON, and the schema that its serializer is compiled from.

import type { MessageAnswered } from '@holdfast/engine';

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const list = { type: 'array', items: text } as const;

export const answerJsonSchema = {
  type: 'object',
  required: ['decision', 'response_code', 'currency', 'reasons', 'flags', 'position'],
  properties: {
    decision: text,
    response_code: text,
    approved_amount: integer,
    billing_amount: integer,
    available_balance: integer,
    currency: text,
    authorization_code: text,
    transaction_id: text,
    reason: text,
    reasons: list,
    flags: list,
    position: text,
  },
} as const;

/** Amounts stay bigint: the serializer writes them as JSON integers, and none is beyond 2^53 − 1. */
export function answerJson({ answer, position }: MessageAnswered) {
  return {
    decision: answer.decision,
    response_code: answer.responseCode,
    approved_amount: answer.approvedMinor,
    billing_amount: answer.billingMinor,
    available_balance: answer.spendableMinor,
    currency: answer.currency,
    authorization_code: answer.authorizationCode,
    transaction_id: answer.transactionId,
    reason: answer.reason,
    reasons: answer.reasons,
    flags: answer.flags,
    position: position.toString(),
  };
}
