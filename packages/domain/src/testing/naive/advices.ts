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
  const { tx, flags } = find(book, m);
  if (tx !== undefined && isKnown(tx, m)) {
    books.touch(book, tx, m);
    tx.expiresAt = books.expiryOf(book, m);
    return books.accepted(undefined, flags);
  }
  if (price === undefined) {
    if (tx !== undefined) books.touch(book, tx, m);
    return books.accepted(undefined, ['no_rate']);
  }
  const waiting = comeFor(book, m);
  const isUndone = waiting.some((reversal) => undoes(reversal, m));
  if (isUndone && (isAlone(m, tx) || m.type === 'increment_advice')) {
    const isOwn = tx === undefined || isAlone(m, tx);
    if (isOwn) books.open(book, m, 'voided');
    else books.touch(book, tx, m);
    return { ...books.accepted(undefined, isOwn ? ['stand_in'] : flags), reasons: ['reversed_before_arrival'] };
  }
  if (price.stale) flags.push('stale_rate');
  const a = total(price);
  const added = m.type === 'authorization_advice' ? newTotal(book, m, a, tx) : raise(book, m, a, tx);
  if (added === undefined) {
    if (tx !== undefined) applyAll(book, tx, waiting);
    return books.accepted(undefined, flags);
  }
  if (added.flags.includes('stand_in'))
    flags.splice(0, flags.length, ...flags.filter((one) => one !== 'ambiguous_original'));
  flags.push(...added.flags);
  const heldBefore = added.heldBefore;
  flags.push(...books.chargeFact(book, added.tx));
  if (added.tx.held > heldBefore) flags.push(...books.overdrawn(book));
  applyAll(book, added.tx, waiting);
  return books.accepted(undefined, flags);
}

/** Whether it is a transaction of its own: without an original, or when it cannot be added up with it. */
function isAlone({ type, currency }: NetworkMessage, tx: NaiveTransaction | undefined): boolean {
  if (tx === undefined) return true;
  if (type === 'increment_advice') return tx.currency !== currency || tx.financial;
  return tx.currency !== currency && [tx.cleared.t, tx.cleared.a, tx.refunded.t, tx.refunded.a].some((sum) => sum > 0n);
}

type Added = { tx: NaiveTransaction; heldBefore: bigint; flags: string[] };

/** What was authorized so far comes to this. Undefined when it changes nothing. */
function newTotal(book: Book, m: NetworkMessage, a: bigint, found: NaiveTransaction | undefined): Added | undefined {
  const t = m.amountMinor ?? 0n;
  const isOwn = isAlone(m, found);
  const tx = found === undefined || isOwn ? books.open(book, m, 'pending') : found;
  const heldBefore = tx.held;
  const before = [tx.asked, tx.advised].includes(true);
  if (!isOwn) {
    books.touch(book, tx, m);
    if (tx.final || tx.financial) return undefined;
  }
  if (tx.currency !== m.currency) Object.assign(tx, { currency: m.currency, requested: { t, a } });
  else if (!before) plus(tx.requested, t, a);
  const openT = most(0n, t - tx.cleared.t);
  const openA = share(a, openT, t);
  Object.assign(tx, { advised: true, approved: { t, a }, reversed: { t: 0n, a: 0n }, open: { t: openT, a: openA } });
  tx.held = openA;
  tx.reversedWhole &&= openT === 0n;
  if (!before || !tx.granted) tx.wholes.push(t);
  tx.granted = true;
  for (const one of tx.increments) one.left = 0n;
  const cleared = isCleared(tx);
  tx.expiresAt = books.expiryOf(book, m);
  if (openT > 0n) tx.status = cleared ? 'partially_settled' : 'pending';
  else if (!isOwn) tx.status = cleared ? 'settled' : 'voided';
  return { tx, heldBefore, flags: isOwn ? ['stand_in'] : [] };
}

/** An increment that the network approved. */
function raise(book: Book, m: NetworkMessage, a: bigint, found: NaiveTransaction | undefined): Added {
  const t = m.amountMinor ?? 0n;
  const isOwn = isAlone(m, found);
  const tx = found === undefined || isOwn ? books.open(book, m, 'pending') : found;
  const flags = isOwn ? ['stand_in'] : tx.status === 'declined' ? ['after_decline'] : [];
  const heldBefore = tx.held;
  if (!isOwn) books.touch(book, tx, m);
  plus(tx.requested, t, a);
  tx.granted = true;
  addIncrement(book, tx, m, t, t, a);
  return { tx, heldBefore, flags };
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
