// unappliedJson.ts: a message that moved nothing when it came, as JSON. A field without a value is null.

import { type OriginalReference, toIso } from '@holdfast/domain';
import { toApiInteger } from '@holdfast/money';
import type { UnappliedView } from '@holdfast/projections';

export function unappliedJson(message: UnappliedView) {
  const { original, amountMinor, remainingAmountMinor, parkedUntil, endedAt } = message;
  return {
    id: `${message.stream}@${message.revision}`,
    program_id: message.programId ?? null,
    account_id: message.accountId ?? null,
    card_id: message.cardId,
    message_type: message.messageType,
    network: message.network,
    network_transaction_id: message.networkTransactionId ?? null,
    rrn: message.rrn ?? null,
    original: original === undefined ? null : originalJson(original),
    amount: amountMinor === undefined ? null : toApiInteger(amountMinor),
    remaining_amount: remainingAmountMinor === undefined ? null : toApiInteger(remainingAmountMinor),
    currency: message.currency,
    reason: message.reason,
    status: message.status,
    transaction_id: message.transactionId ?? null,
    created_at: toIso(message.createdAt),
    parked_until: parkedUntil === undefined ? null : toIso(parkedUntil),
    ended_at: endedAt === undefined ? null : toIso(endedAt),
  };
}

function originalJson({ type, stan, transmittedAt, acquirerId }: OriginalReference) {
  return { type, stan, transmitted_at: transmittedAt, acquirer_id: acquirerId };
}
