// originals.ts: which transaction a message means, and which reversals wait for it.

import type { MessageType, NetworkMessage } from '../../authorization/message.ts';
import { type Book, DAY } from './book.ts';
import type { NaiveTransaction } from './transaction.ts';

export const kindOf = (type: MessageType) => type.replace('_advice', '');

export function isOriginal({ original, cardId }: NetworkMessage, m: NetworkMessage): boolean {
  return (
    original !== undefined &&
    kindOf(original.type) === kindOf(m.type) &&
    [original.stan, original.transmittedAt, original.acquirerId, cardId].join() ===
      [m.stan, m.transmittedAt, m.acquirerId, m.cardId].join()
  );
}

const sameNetworkId = (a: NetworkMessage, b: NetworkMessage) =>
  a.networkTransactionId !== undefined && a.networkTransactionId === b.networkTransactionId && a.network === b.network;
const sameRrn = (a: NetworkMessage, b: NetworkMessage) =>
  a.rrn !== undefined && a.rrn === b.rrn && a.cardId === b.cardId;

export const withNetworkId = ({ transactions }: Book, m: NetworkMessage) =>
  transactions.filter(({ messages }) => messages.some((one) => sameNetworkId(one, m)));

export type Found = { tx: NaiveTransaction | undefined; flags: string[] };

export function find(book: Book, m: NetworkMessage): Found {
  const { transactions, now } = book;
  let found =
    m.original === undefined
      ? withNetworkId(book, m)
      : transactions.filter(({ messages }) => messages.some((one) => isOriginal(m, one)));
  if (found.length === 0 && m.original === undefined) {
    const recent = transactions.filter(({ openedAt }) => now - openedAt <= 45 * DAY);
    found = recent.filter(({ messages }) => messages.some((one) => sameRrn(one, m)));
  }
  const points = ({ open, currency, code }: NaiveTransaction) =>
    (m.authorizationCode !== undefined && m.authorizationCode === code ? 4 : 0) +
    (open.t > 0n && open.t === m.amountMinor && currency === m.currency ? 2 : 0) +
    (open.t > 0n ? 1 : 0);
  const [tx] = [...found].sort((a, b) => points(b) - points(a) || b.openedAt - a.openedAt || b.id - a.id);
  return { tx, flags: found.length > 1 ? ['ambiguous_original'] : [] };
}

/** The transaction that the network's own answer to this request, or its clearing, has opened already. */
export function answeredAlready(book: Book, m: NetworkMessage): NaiveTransaction | undefined {
  const candidates = withNetworkId(book, m).filter(
    ({ asked, advised, messages, card, increments, currency }) =>
      !asked &&
      card === m.cardId &&
      (advised || increments.length === 0 || (m.type === 'authorization' && m.currency === currency)) &&
      messages.some(({ type }) => /^(clearing|authorization_advice|increment_advice)$/.test(type)) &&
      (m.transmittedAt ?? '') < (messages[0]?.transmittedAt ?? ''),
  );
  return candidates.sort((a, b) => a.touched - b.touched).at(-1);
}

/** Takes out the reversals that came before this message, oldest first. */
export function comeFor(book: Book, m: NetworkMessage): NetworkMessage[] {
  const isFor = (r: NetworkMessage) =>
    r.original === undefined
      ? kindOf(m.type) !== 'increment' && (sameNetworkId(r, m) || sameRrn(r, m))
      : isOriginal(r, m);
  const waiting = book.parked.filter(({ message, until }) => until > book.now && isFor(message));
  book.parked = book.parked.filter((one) => !waiting.includes(one));
  return waiting.map(({ message }) => message);
}

/** Whether a reversal that came first leaves nothing of this message. */
export function undoes({ amountMinor, remainingAmountMinor, currency }: NetworkMessage, m: NetworkMessage): boolean {
  if (remainingAmountMinor !== undefined) return remainingAmountMinor === 0n;
  return amountMinor === undefined || (amountMinor === m.amountMinor && currency === m.currency);
}
