// messages.ts: the rows of a transaction's messages: one for every event that names the transaction.

import type { DatabaseSync } from 'node:sqlite';
import {
  type AccountEvent,
  answerOf,
  type Entry,
  type Recorded,
  type Taken,
  type TransactionId,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import { encodeEntry } from '../entryJson.ts';
import { jsonList } from './jsonList.ts';

/** An event of a transaction. */
export type TransactionEvent = Extract<AccountEvent, { readonly data: { readonly transactionId?: TransactionId } }>;

export type MessageRows = {
  append(transactionNumber: bigint, event: Recorded<TransactionEvent>, position: Position): void;
};

export function messageRows(db: DatabaseSync): MessageRows {
  const append = db.prepare(
    `INSERT INTO messages (transaction_number, position, type, decision, response_code, amount_minor, approved_minor,
       billing_minor, reason, reasons, flags, entry, occurred_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );

  /** What time did to the transaction: nobody sent it, nobody was answered. */
  function appendTimer(
    number: bigint,
    position: Position,
    type: string,
    at: bigint,
    { taken, entry = [] }: { readonly taken?: Taken; readonly entry?: Entry } = {},
  ): void {
    const [amount, billing] = [taken?.openMinor ?? null, taken?.openAccountMinor ?? null];
    const values = [number, position, type, null, null, amount, null, billing, null, '[]', '[]'] as const;
    append.run(...values, encodeEntry(entry), at);
  }

  return {
    append: (number, event, position) => {
      const at = BigInt(event.metadata.occurredAt);
      switch (event.type) {
        case 'AuthorizationExpired':
          return appendTimer(number, position, 'expiry', at, event.data);
        case 'PendingCreditExpired':
          return appendTimer(number, position, 'credit_expiry', at);
        case 'LateApprovalReleased':
          return appendTimer(number, position, 'late_release', at, event.data);
        case 'AnswerRepeated':
          return appendTimer(number, position, 'answer_repeated', at);
        default: {
          const { message } = event.data;
          const answer = answerOf(event);
          append.run(
            number,
            position,
            message.type,
            answer?.decision ?? null,
            answer?.responseCode ?? null,
            message.amountMinor ?? null,
            answer?.approvedMinor ?? null,
            answer?.billingMinor ?? null,
            answer?.reason ?? null,
            jsonList(answer?.reasons ?? []),
            jsonList(answer?.flags ?? []),
            'entry' in event.data ? encodeEntry(event.data.entry) : null,
            at,
          );
        }
      }
    },
  };
}
