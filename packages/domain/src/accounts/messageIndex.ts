// messageIndex.ts: by what later messages find those that an account has in memory.

import type { MessageRecord } from './records.ts';
import { addText, lastPlace, newTextTable, placeBefore, type TextTable } from './textTable.ts';

/**
 * What the sender wrote, not joined with anything that is the same for most messages: a joined text would have to be made
 * for each message. So whoever looks something up compares the rest.
 */
export const TEXTS = {
  networkTransaction: ({ networkTransactionId }) => networkTransactionId,
  rrn: ({ rrn }) => rrn,
  /** The time of transmission. */
  sent: ({ stan, transmittedAt }) => (stan === undefined ? undefined : transmittedAt),
  arn: ({ kind, arn }) => (kind === 'clearing' || kind === 'refund' ? arn : undefined),
} satisfies Record<string, (record: MessageRecord) => string | undefined>;

export type MessageText = keyof typeof TEXTS;
export const MESSAGE_TEXTS = Object.keys(TEXTS) as readonly MessageText[];

export type MessageIndex = {
  /** Each once, in the order they came. */
  records: MessageRecord[];
  /** The highest revision that came. */
  newest: number;
  /** Of `records`, each as far as somebody has looked; absent while these are few. */
  tables: { readonly [Text in MessageText]: TextTable } | undefined;
  /** How many say that they repeat an earlier one: with none there is no need to look whether one has come too early. */
  repeats: number;
};

/** So many are looked through one by one. */
const FEW = 16;

/** So that the first who asks does not wait for a millisecond. */
const MOST_WAITING = 1_000;

export function newMessageIndex(): MessageIndex {
  return { records: [], newest: -1, tables: undefined, repeats: 0 };
}

/** Adds a message, once. */
export function indexMessage(index: MessageIndex, record: MessageRecord): void {
  const { records } = index;
  // Those that come back from the index on disk are older than what is there, or there.
  if (record.revision > index.newest) index.newest = record.revision;
  else if (isThere(index, record)) return;
  records.push(record);
  if (record.repeat && record.rrn !== undefined) index.repeats++;
  if (records.length <= FEW) return;
  index.tables ??= newTables();
  for (const text of MESSAGE_TEXTS) {
    const table = index.tables[text];
    if (records.length - table.size >= MOST_WAITING) complete(table, text, records);
  }
}

/** Those that say this text, in the order of their revisions. */
export function messagesBy(
  index: MessageIndex | undefined,
  by: MessageText,
  text: string | undefined,
): readonly MessageRecord[] {
  if (index === undefined || text === undefined) return [];
  const { records, tables } = index;
  const textOf = TEXTS[by];
  const found: MessageRecord[] = [];
  if (tables === undefined) {
    for (const record of records) if (textOf(record) === text) found.push(record);
  } else {
    const table = tables[by];
    complete(table, by, records);
    for (let at = lastPlace(table, text); at >= 0; at = placeBefore(table, at)) {
      const record = records[at];
      if (record !== undefined && textOf(record) === text) found.push(record);
    }
  }
  return found.length < 2 ? found : found.sort((a, b) => a.revision - b.revision);
}

/** Lets go of all up to and including the event at `through`. */
export function forgetMessages(index: MessageIndex, through: number): void {
  const { records } = index;
  Object.assign(index, newMessageIndex());
  for (const record of records) if (record.revision > through) indexMessage(index, record);
}

/**
 * True also for one that says none of these: nobody can look for it. By the last of its texts, which the fewest share:
 * some senders write the same rrn in all that they send.
 */
function isThere(index: MessageIndex, record: MessageRecord): boolean {
  const by = MESSAGE_TEXTS.findLast((text) => TEXTS[text](record) !== undefined);
  if (by === undefined) return true;
  return messagesBy(index, by, TEXTS[by](record)).some(({ revision }) => revision === record.revision);
}

function newTables(): NonNullable<MessageIndex['tables']> {
  return { networkTransaction: newTextTable(), rrn: newTextTable(), sent: newTextTable(), arn: newTextTable() };
}

/** Most messages are looked for by one of their texts, or by none, before they leave memory. */
function complete(table: TextTable, by: MessageText, records: readonly MessageRecord[]): void {
  for (let at = table.size; at < records.length; at++) {
    const record = records[at];
    addText(table, record && TEXTS[by](record));
  }
}
