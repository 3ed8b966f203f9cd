// comparable.ts: the state of an account in a form that can be compared: what is a cache of the rest is left out.

import type { Account } from '../accounts/account.ts';
import { complete } from '../accounts/messageIndex.ts';

/** Equal for two accounts that will decide alike: by replay, or from a snapshot and all that the index brings back. */
export function comparable(account: Account) {
  const { cards, spending, transactions, commands, messages: index, absentTransmission: _, ...rest } = account;
  const messages = complete(index);
  return {
    ...rest,
    spending: spending.quarters,
    cards: sorted([...cards].map(([id, { spending, ...card }]) => [id, { ...card, spending: spending.quarters }])),
    transactions: sorted([...transactions]),
    commands: sorted([...commands]),
    messages: messages && {
      byNetworkTransaction: sorted([...messages.byNetworkTransaction]),
      byRrn: sorted([...messages.byRrn]),
      bySent: sorted([...messages.bySent]),
      byArn: sorted([...messages.byArn]),
    },
  };
}

function sorted<T>(entries: (readonly [string, T])[]) {
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
