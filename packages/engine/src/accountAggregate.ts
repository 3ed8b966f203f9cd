// accountAggregate.ts: an account as the runtime holds it: what is in its snapshot, and what can leave memory.

import {
  type Account,
  type AccountEvent,
  type Card,
  type CommandRecord,
  evolveAccount,
  keysOf,
  newAccount,
  remember,
  rememberCommand,
  type Spending,
  type Transaction,
  type TransactionId,
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
  rememberCommand,
  evict,
  residents: ({ transactions, commands }) => Math.max(transactions.size, commands.size),
};

type StoredSpending = readonly { readonly at: number; readonly sumMinor: bigint }[];
type StoredAccount = Pick<
  Account,
  'opened' | 'status' | 'creditLineMinor' | 'balances' | 'lastOccurredAt' | 'newestTransmission' | 'controls' | 'parked'
> & {
  readonly spending: StoredSpending;
  readonly cards: readonly (Omit<Card, 'spending'> & { readonly spending: StoredSpending })[];
};

/** All but what the index brings back: transactions, references and commands. The same state gives the same text. */
function snapshot(account: Account): string {
  const { opened, status, creditLineMinor, balances, lastOccurredAt, newestTransmission, controls, parked } = account;
  const stored: StoredAccount = {
    ...{ opened, status, creditLineMinor, balances, lastOccurredAt, newestTransmission, controls, parked },
    spending: storedSpending(account.spending),
    cards: [...account.cards.values()].map((card) => ({ ...card, spending: storedSpending(card.spending) })),
  };
  return toSnapshotText(stored);
}

function restore(text: string): Account {
  const { spending, cards, ...rest } = fromSnapshotText(text) as StoredAccount;
  return {
    ...newAccount(),
    ...rest,
    opened: rest.opened,
    absentTransmission: rest.newestTransmission,
    spending: restoredSpending(spending),
    cards: new Map(cards.map((card) => [card.cardId, { ...card, spending: restoredSpending(card.spending) }])),
  };
}

function storedSpending({ quarters }: Spending): StoredSpending {
  return [...quarters].map(([at, sumMinor]) => ({ at, sumMinor }));
}

function restoredSpending(stored: StoredSpending): Spending {
  return { quarters: new Map(stored.map(({ at, sumMinor }) => [at, sumMinor])), days: new Map() };
}

/** Lets go of the older half of transactions and commands, as far as the index has them. */
function evict(account: Account, through: number): void {
  const { transactions, commands, references } = account;
  account.absentTransmission = account.newestTransmission;
  forgetOldest(transactions, ({ lastRevision }: Transaction) => lastRevision <= through);
  forgetOldest(commands, ({ revision }: CommandRecord) => revision <= through);
  for (const [key, ids] of references) {
    const left = ids.filter((id) => transactions.has(id));
    if (left.length === 0) references.delete(key);
    else if (left.length < ids.length) references.set(key, left);
  }
}

function forgetOldest<Key, Value>(map: Map<Key, Value>, mayLeave: (value: Value) => boolean): void {
  let left = map.size / 2;
  for (const [key, value] of map) {
    if (left-- <= 0) return;
    if (mayLeave(value)) map.delete(key);
  }
}
