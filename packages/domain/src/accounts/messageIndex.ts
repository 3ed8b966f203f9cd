// messageIndex.ts: by what later messages find those that an account has in memory.

import type { MessageRecord } from './records.ts';

/** Nearly always one message; several in the order of their revisions. */
type Found = MessageRecord | MessageRecord[];
type Index = Map<string, Found>;

/**
 * Keys are what the sender wrote, not joined with anything that is the same for most messages: a joined text would have to
 * be made, hashed and kept for each message. So whoever looks something up compares the rest.
 */
export type MessageIndex = {
  readonly byNetworkTransaction: Index;
  /** The others are asked by few messages, and only with those that wait for them: `complete`. */
  readonly byRrn: Index;
  /** Time of transmission. */
  readonly bySent: Index;
  readonly byArn: Index;
  waiting: MessageRecord[];
  /** How many say that they repeat an earlier one: with none there is no need to look whether one has come too early. */
  repeats: number;
};

export function newMessageIndex(): MessageIndex {
  const [byNetworkTransaction, byRrn, bySent, byArn] = [new Map(), new Map(), new Map(), new Map()];
  return { byNetworkTransaction, byRrn, bySent, byArn, waiting: [], repeats: 0 };
}

/** So that the first who asks does not wait for a millisecond. */
const MOST_WAITING = 1_000;

/** Adds a message, once. */
export function indexMessage(index: MessageIndex, record: MessageRecord): void {
  const { networkTransactionId, repeat } = record;
  if (networkTransactionId !== undefined) put(index.byNetworkTransaction, networkTransactionId, record);
  index.waiting.push(record);
  if (repeat || index.waiting.length >= MOST_WAITING) complete(index);
}

/** The index with nothing waiting. Most messages are looked for under none of its keys before they leave memory. */
export function complete<Some extends MessageIndex | undefined>(index: Some): Some {
  if (index === undefined || index.waiting.length === 0) return index;
  for (const record of index.waiting) {
    const { rrn, stan, transmittedAt, arn } = record;
    if (rrn !== undefined && put(index.byRrn, rrn, record) && record.repeat) index.repeats++;
    if (stan !== undefined && transmittedAt !== undefined) put(index.bySent, transmittedAt, record);
    if (arn !== undefined && (record.kind === 'clearing' || record.kind === 'refund')) put(index.byArn, arn, record);
  }
  index.waiting.length = 0;
  return index;
}

/** Lets go of all up to and including the event at `through`. */
export function forgetMessages(index: MessageIndex, through: number): void {
  index.waiting = index.waiting.filter(({ revision }) => revision > through);
  for (const map of [index.byNetworkTransaction, index.byRrn, index.bySent, index.byArn]) {
    for (const [key, found] of map) {
      if (!Array.isArray(found)) {
        if (found.revision <= through) map.delete(key);
        continue;
      }
      const left = found.filter(({ revision }) => revision > through);
      if (left.length === 0) map.delete(key);
      else map.set(key, left);
    }
  }
}

export function each(found: Found | undefined): readonly MessageRecord[] {
  if (found === undefined) return NONE;
  return Array.isArray(found) ? found : [found];
}
const NONE: readonly MessageRecord[] = [];

/** False when it was there. */
function put(map: Index, key: string, record: MessageRecord): boolean {
  const found = map.get(key);
  if (found === undefined) {
    map.set(key, record);
    return true;
  }
  const records = Array.isArray(found) ? found : [found];
  // Those that come back from the index on disk are older than what is there, or there.
  let at = records.length;
  while (at > 0 && (records[at - 1]?.revision ?? -1) > record.revision) at--;
  if (records[at - 1]?.revision === record.revision) return false;
  records.splice(at, 0, record);
  map.set(key, records);
  return true;
}
