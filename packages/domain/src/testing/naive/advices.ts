// advices.ts: what the network decided in our place.

import type { NetworkMessage } from '../../authorization/message.ts';
import { most, plus, share, total } from './amounts.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { comeFor, find, kindOf, undoes } from './originals.ts';
import { addIncrement, priceAsked } from './requests.ts';
import { applyAll } from './reversals.ts';
import { isCleared, type NaiveTransaction } from './transaction.ts';

/** Only noted down. */
export function declinedAdvice(book: Book, m: NetworkMessage): Answer {
  const { tx, flags } = find(book, m);
  if (tx !== undefined) {
    books.touch(book, tx, m);
    return books.accepted(undefined, flags);
  }
  if (m.type !== 'reversal_advice') books.open(book, m, 'declined');
  return { ...books.accepted(undefined, flags), reasons: ['declined_by_network'] };
}

export function advice(book: Book, m: NetworkMessage): Answer {
  const price = priceAsked(book, m, true);
  const found = find(book, m);
  if (found.tx !== undefined && isKnown(found.tx, m)) {
    books.touch(book, found.tx, m);
    found.tx.expiresAt = books.expiryOf(book, m);
    return books.accepted(undefined, found.flags);
  }
  if (price === undefined) {
    if (found.tx !== undefined) books.touch(book, found.tx, m);
    return books.accepted(undefined, ['no_rate']);
  }
  const waiting = comeFor(book, m);
  const isOwn = found.tx === undefined || isApart(m, found.tx);
  const isUndone = (isOwn || m.type === 'increment_advice') && waiting.some((reversal) => undoes(reversal, m));
  const tx = found.tx === undefined || isOwn ? books.open(book, m, isUndone ? 'voided' : 'pending') : found.tx;
  if (!isOwn) books.touch(book, tx, m);
  const flags = isOwn ? ['stand_in'] : found.flags;
  if (isUndone) return { ...books.accepted(undefined, flags), reasons: ['reversed_before_arrival'] };
  if (price.stale) flags.push('stale_rate');
  const before = books.spendable(book);
  if (m.type === 'increment_advice') {
    if (tx.status === 'declined') flags.push('after_decline');
    const amount = m.amountMinor ?? 0n;
    plus(tx.requested, amount, total(price));
    tx.granted = true;
    addIncrement(book, tx, m, amount, amount, total(price));
  } else if (!tx.final && !tx.financial) {
    setTotal(book, m, total(price), tx);
    if (isOwn) tx.status = 'pending';
  }
  flags.push(...books.chargeFact(book, tx));
  if (books.spendable(book) < before) flags.push(...books.overdrawn(book));
  applyAll(book, tx, waiting);
  return books.accepted(undefined, flags);
}

/** Whether it cannot be added up with it, so that it is a transaction of its own. */
function isApart({ type, currency }: NetworkMessage, tx: NaiveTransaction): boolean {
  if (type === 'increment_advice') return tx.currency !== currency || tx.financial;
  return tx.currency !== currency && [tx.cleared.t, tx.cleared.a, tx.refunded.t, tx.refunded.a].some((sum) => sum > 0n);
}

/** What was authorized so far comes to this. */
function setTotal(book: Book, m: NetworkMessage, a: bigint, tx: NaiveTransaction): void {
  const t = m.amountMinor ?? 0n;
  const isFirst = !tx.asked && !tx.advised;
  if (tx.currency !== m.currency) Object.assign(tx, { currency: m.currency, requested: { t, a } });
  else if (isFirst) plus(tx.requested, t, a);
  if (isFirst || !tx.granted) tx.wholes.push(t);
  const openT = most(0n, t - tx.cleared.t);
  const openA = share(a, openT, t);
  Object.assign(tx, { advised: true, granted: true, approved: { t, a }, reversed: { t: 0n, a: 0n } });
  Object.assign(tx, { open: { t: openT, a: openA }, held: openA, expiresAt: books.expiryOf(book, m) });
  tx.reversedWhole &&= openT === 0n;
  for (const one of tx.increments) one.left = 0n;
  const [isOpen, isOver] = isCleared(tx) ? ['partially_settled', 'settled'] : ['pending', 'voided'];
  tx.status = openT > 0n ? isOpen : isOver;
}

/** Whether it is about an increment that was approved before. */
const isKnown = ({ increments }: NaiveTransaction, m: NetworkMessage) =>
  m.type === 'increment_advice' && increments.some((one) => confirms(m, one.message));

function confirms({ stan, rrn, original }: NetworkMessage, increment: NetworkMessage): boolean {
  if (original !== undefined && kindOf(original.type) === 'increment') {
    return original.stan === increment.stan && original.transmittedAt === increment.transmittedAt;
  }
  return (stan !== undefined && stan === increment.stan) || (rrn !== undefined && rrn === increment.rrn);
}
