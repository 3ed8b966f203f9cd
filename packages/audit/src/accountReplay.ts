// accountReplay.ts: one account replayed event by event, with what must hold after each of them.

import {
  type Account,
  type AccountEvent,
  brokenByEvent,
  brokenByTransaction,
  brokenInvariants,
  InvariantBroken,
  newAccount,
  noSuspense,
  type Recorded,
  replayEvent,
  transactionIdOf,
} from '@holdfast/domain';
import { decideAgain, isDecision, type ProgramAt, type Report } from './decideAgain.ts';
import type { TransactionStore } from './transactionStore.ts';

export type AccountReplay = {
  readonly account: Account;
  /** Transactions so far. */
  readonly transactions: number;
  /** The next event of the stream. `report` is told of all that does not hold. */
  add(event: Recorded<AccountEvent>, report: Report): void;
  /** Nothing that follows can be replayed: an event before it is missing or wrong. */
  stop(): void;
  /** What does not hold of all its transactions together, in sentences. */
  look(): readonly string[];
  readonly stopped: boolean;
};

/** Longer than any local day (27 hours, where clocks went back by three): what was charged before is in no current one. */
const DAY_AT_MOST_MS = 48 * 3_600_000;

export function replayAccount(programAt: ProgramAt, store: TransactionStore): AccountReplay {
  const account = newAccount();
  const aside = store.ofAccount(account);
  let transactions = 0;
  let stopped = false;

  function evolve(event: Recorded<AccountEvent>, report: Report): boolean {
    try {
      // No decision about identity is made again here.
      replayEvent(account, event);
      return true;
    } catch (error) {
      if (!(error instanceof InvariantBroken)) throw error;
      report('broken_invariant', `${error.message}; the rest of this account cannot be replayed`);
      stopped = true;
      return false;
    }
  }

  return {
    account,
    add(event, report) {
      if (stopped) return;
      const id = transactionIdOf(event);
      if (id !== undefined) aside.wake(id);
      const known = id === undefined ? undefined : account.transactions.get(id);
      const heldBefore = known?.heldMinor ?? 0n;
      const balances = account.balances;
      if (isDecision(event)) decideAgain(account, event, programAt, report);
      if (!evolve(event, report)) return;

      const transaction = id === undefined ? undefined : account.transactions.get(id);
      const moved = (transaction?.heldMinor ?? 0n) - heldBefore;
      const held = account.balances.heldMinor - balances.heldMinor;
      if (moved !== held) report('wrong_hold', `the transaction's hold moved by ${moved}, held funds by ${held}`);
      if (isDecision(event)) {
        for (const what of brokenByEvent(account, event)) report('overspent', what);
      }
      if (transaction !== undefined) {
        for (const what of brokenByTransaction(account, transaction)) report('broken_invariant', what);
        if (known === undefined) transactions += 1;
        aside.moved(transaction);
      }
      account.suspense = noSuspense();
    },
    stop() {
      stopped = true;
    },
    look() {
      if (stopped) return [];
      aside.forget(account.lastOccurredAt - DAY_AT_MOST_MS);
      return brokenInvariants(account, aside.sums);
    },
    get stopped() {
      return stopped;
    },
    get transactions() {
      return transactions;
    },
  };
}
