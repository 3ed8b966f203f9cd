// transactionStore.ts: keeps the transactions that moved last in their accounts, and puts the others aside in a file.

import {
  type Account,
  type Aside,
  type Instant,
  keepTransaction,
  type Transaction,
  type TransactionId,
} from '@holdfast/domain';
import { type AsideSums, asideSums } from './asideSums.ts';
import { transactionFile } from './transactionFile.ts';

/** In all accounts together: about 1.5 KB each. */
export const TRANSACTIONS_IN_MEMORY = 50_000;

export type TransactionStore = {
  ofAccount(account: Account): AccountTransactions;
  close(): void;
};

/** Of one account. All of them are in `account.transactions` or put aside, none in both. */
export type AccountTransactions = {
  /** Puts it back into the account, if it was put aside. */
  wake(id: TransactionId): void;
  /** Told of each transaction that moved: those that did not move for longest leave the account. */
  moved(transaction: Transaction): void;
  /** What those put aside come to. */
  readonly sums: Aside;
  /** What was charged before is in no day that is asked for from now on. */
  forget(before: Instant): void;
};

type Owner = { readonly account: Account; readonly number: number; readonly sums: AsideSums };

export function transactionStore(inMemory: number = TRANSACTIONS_IN_MEMORY): TransactionStore {
  const file = transactionFile();
  /** As they were when they moved last, or before: then another stands in the account. */
  const recent: ({ readonly owner: Owner; readonly transaction: Transaction } | undefined)[] = [];
  let oldest = 0;
  let accounts = 0;

  function putAside(owner: Owner, transaction: Transaction): void {
    const { transactions } = owner.account;
    if (transactions.get(transaction.transactionId) !== transaction) return;
    transactions.delete(transaction.transactionId);
    file.put(owner.number, transaction);
    owner.sums.count(transaction, 1n);
  }

  return {
    ofAccount(account) {
      const owner: Owner = { account, number: accounts, sums: asideSums() };
      accounts += 1;
      return {
        wake(id) {
          if (account.transactions.has(id)) return;
          const transaction = file.take(owner.number, id);
          if (transaction === undefined) return;
          owner.sums.count(transaction, -1n);
          keepTransaction(account, transaction);
        },
        moved(transaction) {
          const leaving = recent[oldest];
          recent[oldest] = { owner, transaction };
          oldest = (oldest + 1) % inMemory;
          if (leaving !== undefined) putAside(leaving.owner, leaving.transaction);
        },
        sums: owner.sums,
        forget: owner.sums.forget,
      };
    },
    close: file.close,
  };
}
