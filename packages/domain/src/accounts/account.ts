// account.ts: the state of one account: what it owns, what its limits counted, and what later messages may refer to.

import type { CurrencyCode } from '@holdfast/money';
import type { ReversalMessage } from '../authorization/message.ts';
import type { Transaction } from '../authorization/transaction.ts';
import type { Card } from '../cards/card.ts';
import { type Controls, NO_CONTROLS } from '../controls/limit.ts';
import { noSpending, type Spending } from '../controls/spending.ts';
import type { AccountId, CardId, CommandId, ProgramId, TransactionId, TransferId } from '../ids.ts';
import type { Balances } from '../ledger/entry.ts';
import { noSuspense, type SuspenseItems } from '../ledger/suspense.ts';
import type { Instant } from '../time.ts';
import type { MessageIndex } from './messageIndex.ts';
import type { CommandRecord } from './records.ts';
import { TextMap } from './textMap.ts';
import { noTransfers, type Transfer } from './transfer.ts';

export type ParkedReversal = {
  readonly commandId: CommandId;
  readonly message: ReversalMessage;
  readonly until: Instant;
};

/**
 * Belongs to whoever holds it: `evolveAccount` changes it in place, so that a decision costs the same whatever the
 * account's history. `transactions`, `commands` and `messages` hold what is in memory of that history; the rest lies
 * in the index on disk and is put back before it is needed.
 */
export type Account = {
  opened:
    | {
        readonly accountId: AccountId;
        readonly programId: ProgramId;
        readonly currency: CurrencyCode;
        readonly name?: string;
      }
    | undefined;
  status: 'open' | 'closed';
  creditLineMinor: bigint;
  balances: Balances;
  lastOccurredAt: Instant;
  /** The latest time at which a message was sent, as its sender says. */
  newestTransmission: Instant;
  /** What of its history is not in memory was sent up to then; 0 when all is in memory. Not state: the runtime's note. */
  absentTransmission: Instant;
  controls: Controls;
  readonly spending: Spending;
  readonly cards: Map<CardId, Card>;
  /** What of its entries in suspense is in memory, by revision. */
  suspense: SuspenseItems;
  /** Sent from here and not yet finished. */
  transfers: ReadonlyMap<TransferId, Transfer>;
  /** Oldest first. */
  parked: readonly ParkedReversal[];
  /** Written by `keepTransaction` alone. */
  transactions: TextMap<TransactionId, Transaction>;
  /** Those that conflict with another are under ids of their own. */
  readonly commands: TextMap<CommandId, CommandRecord>;
  /** Absent before the first one. */
  messages: MessageIndex | undefined;
};

export function newAccount(): Account {
  return {
    opened: undefined,
    status: 'open',
    creditLineMinor: 0n,
    balances: { availableMinor: 0n, heldMinor: 0n },
    lastOccurredAt: 0,
    newestTransmission: 0,
    absentTransmission: 0,
    controls: NO_CONTROLS,
    spending: noSpending(),
    cards: new Map(),
    suspense: noSuspense(),
    transfers: noTransfers(),
    parked: NONE_PARKED,
    transactions: NO_TRANSACTIONS,
    commands: new TextMap(),
    messages: undefined,
  };
}

const NONE_PARKED: readonly ParkedReversal[] = [];

/** Of all accounts without one. */
const NO_TRANSACTIONS = new TextMap<TransactionId, Transaction>();

export function keepTransaction(account: Account, transaction: Transaction): void {
  if (account.transactions === NO_TRANSACTIONS) account.transactions = new TextMap();
  account.transactions.set(transaction.transactionId, transaction);
}

/** What approvals may use: the available balance and the credit line. */
export function spendableMinor(account: Account): bigint {
  return account.balances.availableMinor + account.creditLineMinor;
}

/** Reversals that may wait for their original in one account; beyond it the oldest is let go before its time. */
export const MAX_PARKED = 1_000;

/** Cards that one account may have: its state is in memory. */
export const MAX_CARDS = 10_000;
