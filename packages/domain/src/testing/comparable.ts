// comparable.ts: the state of an account in a form that can be compared: what is a cache of the rest is left out.

import type { Account } from '../accounts/account.ts';
import { MESSAGE_TEXTS, type MessageIndex, type MessageText, messagesBy, TEXTS } from '../accounts/messageIndex.ts';
import type { MessageRecord } from '../accounts/records.ts';

/** Equal for two accounts that will decide alike: by replay, or from a snapshot and all that the index brings back. */
export function comparable(account: Account) {
  const { cards, spending, transactions, commands, messages, absentTransmission: _, ...rest } = account;
  return {
    ...rest,
    spending: spending.quarters,
    cards: sorted([...cards].map(([id, { spending, ...card }]) => [id, { ...card, spending: spending.quarters }])),
    transactions: sorted([...transactions]),
    commands: sorted([...commands]),
    messages: messages && MESSAGE_TEXTS.map((by) => sorted(found(messages, by))),
  };
}

/** Under each text that was said, the messages that are found by it. */
function found(index: MessageIndex, by: MessageText): [string, readonly MessageRecord[]][] {
  const texts = new Set(index.records.flatMap((record) => TEXTS[by](record) ?? []));
  return [...texts].map((text) => [text, messagesBy(index, by, text)]);
}

function sorted<T>(entries: (readonly [string, T])[]) {
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
