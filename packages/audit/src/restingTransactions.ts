// restingTransactions.ts: transactions with nothing open, packed as texts: a log has many, and few move again.

import { type Instant, type Transaction, type TransactionId, toIso } from '@holdfast/domain';

export type RestingTransactions = {
  /** Takes the transaction out again, as it was. */
  wake(id: TransactionId): Transaction | undefined;
  rest(transaction: Transaction): void;
  /** Those that were charged at `since` or later, one after the other. */
  chargedSince(since: Instant): Generator<Transaction>;
};

export function restingTransactions(): RestingTransactions {
  const packed = new Map<TransactionId, string>();
  return {
    wake(id) {
      const text = packed.get(id);
      if (text === undefined) return undefined;
      packed.delete(id);
      return unpack(text);
    },
    rest(transaction) {
      packed.set(transaction.transactionId, JSON.stringify(withoutBigints(transaction)));
    },
    *chargedSince(since) {
      const from = toIso(since);
      for (const text of packed.values()) if (lastCharge(text) >= from) yield unpack(text);
    },
  };
}

/** Charges are the only things with a field `at`, the oldest first; ISO times compare as texts. */
function lastCharge(text: string): string {
  const at = text.lastIndexOf(FIELD_AT);
  return at < 0 ? '' : text.slice(at + FIELD_AT.length, at + FIELD_AT.length + ISO_LENGTH);
}
const FIELD_AT = '"at":"';
const ISO_LENGTH = '2026-03-01T12:00:00.000Z'.length;

/** By hand, since a replacer costs JSON several times as much. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutBigints);
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = withoutBigints(value[key as keyof typeof value]);
  return copy;
}

/** Bigints are those fields, and only those, whose names end in the unit. */
function unpack(text: string): Transaction {
  const transaction = JSON.parse(text);
  reviveBigints(transaction);
  return transaction;
}

function reviveBigints(object: Record<string, unknown>): void {
  for (const key in object) {
    const value = object[key];
    if (typeof value === 'string') {
      if (key.endsWith('Minor')) object[key] = BigInt(value);
    } else if (typeof value === 'object' && value !== null) {
      reviveBigints(value as Record<string, unknown>);
    }
  }
}
