// restingTransactions.ts: transactions with nothing open, packed as texts: a log has many, and few move again.

import type { Transaction, TransactionId } from '@holdfast/domain';

export type RestingTransactions = {
  /** Takes the transaction out again, as it was. */
  wake(id: TransactionId): Transaction | undefined;
  rest(transaction: Transaction): void;
  /** Those that limits still count something of, one after the other. */
  charged(): Generator<Transaction>;
};

export function restingTransactions(): RestingTransactions {
  const packed = new Map<TransactionId, string>();
  return {
    wake(id) {
      const text = packed.get(id);
      if (text === undefined) return undefined;
      packed.delete(id);
      return JSON.parse(text, revive);
    },
    rest(transaction) {
      packed.set(transaction.transactionId, JSON.stringify(transaction, asText));
    },
    *charged() {
      for (const text of packed.values()) if (!text.includes('"charges":[]')) yield JSON.parse(text, revive);
    },
  };
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Bigints are those fields, and only those, whose names end in the unit. */
function revive(key: string, value: unknown): unknown {
  return key.endsWith('Minor') && typeof value === 'string' ? BigInt(value) : value;
}
