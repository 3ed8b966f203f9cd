// accountAggregate.ts: an account as the runtime holds it: what is in its snapshot, and what can leave memory.

import {
  type Account,
  type AccountEvent,
  type Card,
  evolveAccount,
  evolveSuspense,
  forgetMessages,
  forgetSuspense,
  keysOf,
  newAccount,
  noSpending,
  type Quarter,
  remember,
  rememberCommand,
  type Spending,
  type TransactionId,
  type Transfer,
  transactionIdOf,
  transactionKey,
} from '@holdfast/domain';
import type { Aggregate } from './aggregate.ts';
import { fromSnapshotText, toSnapshotText } from './snapshotText.ts';

export const accountAggregate: Aggregate<Account, AccountEvent> = {
  initial: newAccount,
  evolve: evolveAccount,
  lastOccurredAt: ({ lastOccurredAt }) => lastOccurredAt,
  commands: ({ commands }) => commands,
  snapshot: { write: snapshot, read: restore },
  keysOf,
  wholeOf: (event) => {
    const id = transactionIdOf(event);
    return id === undefined || event.type === 'MessageConflicted' ? undefined : transactionKey(id);
  },
  isResident: ({ transactions }, whole) => transactions.has(whole.slice(2) as TransactionId),
  remember,
  rememberCommand: (account, event) => {
    rememberCommand(account, event);
    account.suspense = evolveSuspense(account.suspense, event);
  },
  evict,
  residents: ({ transactions, commands }) => Math.max(transactions.size, commands.size),
};

type StoredSpending = readonly Quarter[];
type StoredAccount = Pick<
  Account,
  'opened' | 'status' | 'creditLineMinor' | 'balances' | 'lastOccurredAt' | 'newestTransmission' | 'controls' | 'parked'
> & {
  readonly transfers: readonly Transfer[];
  readonly spending: StoredSpending;
  readonly cards: readonly (Omit<Card, 'spending'> & { readonly spending: StoredSpending })[];
};

/** All but what the index brings back: transactions, commands and messages. The same state gives the same text. */
function snapshot(account: Account): string {
  const { opened, status, creditLineMinor, balances, lastOccurredAt, newestTransmission, controls, parked } = account;
  const stored: StoredAccount = {
    ...{ opened, status, creditLineMinor, balances, lastOccurredAt, newestTransmission, controls, parked },
    transfers: [...account.transfers.values()],
    spending: account.spending.quarters,
    cards: [...account.cards.values()].map((card) => ({ ...card, spending: card.spending.quarters })),
  };
  return toSnapshotText(stored);
}

function restore(text: string): Account {
  const { transfers, spending, cards, ...rest } = fromSnapshotText(text) as StoredAccount;
  return {
    ...newAccount(),
    ...rest,
    opened: rest.opened,
    absentTransmission: rest.newestTransmission,
    ...(transfers.length === 0 ? {} : { transfers: new Map(transfers.map((each) => [each.transferId, each])) }),
    spending: restoredSpending(spending),
    cards: new Map(cards.map((card) => [card.cardId, { ...card, spending: restoredSpending(card.spending) }])),
  };
}

function restoredSpending(quarters: StoredSpending): Spending {
  return { ...noSpending(), quarters };
}

function evict(account: Account, through: number): void {
  const { transactions, commands, messages } = account;
  account.absentTransmission = account.newestTransmission;
  for (const [id, { lastRevision }] of transactions) if (lastRevision <= through) transactions.delete(id);
  for (const [id, { revision }] of commands) if (revision <= through) commands.delete(id);
  forgetSuspense(account.suspense, through);
  if (messages !== undefined) forgetMessages(messages, through);
}
