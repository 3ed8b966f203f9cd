// reversals.ts: what takes back a hold, an increment, a single message or an announced refund.

import type { NetworkMessage } from '../../authorization/message.ts';
import { least, most, plus, portion, share, total } from './amounts.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { find, isOriginal, kindOf } from './originals.ts';
import {
  charge,
  close,
  isMoved,
  isPurchase,
  type NaiveTransaction,
  type Posted,
  take,
  unconfirmed,
} from './transaction.ts';

export function reversal(book: Book, m: NetworkMessage): Answer {
  const { tx, flags } = find(book, m);
  if (tx === undefined || !hasCome(tx, m)) {
    book.parked.push({ message: m, until: book.now + 7 * books.DAY });
    if (m.type === 'reversal') return books.declined(['original_not_found']);
    return { ...books.accepted(), reasons: ['original_not_found'] };
  }
  books.touch(book, tx, m);
  const taken = apply(book, tx, m);
  if (taken === 'over_reversal') return books.accepted(undefined, [...flags, taken], taken);
  return typeof taken === 'string' ? books.accepted(undefined, flags, taken) : books.accepted(taken, flags);
}

/** Something of it can be reversed, or could have been: it is not only the clearing or the refund of what is to come. */
const hasCome = (tx: NaiveTransaction, m: NetworkMessage) =>
  [tx.asked, tx.granted, tx.final, tx.credited, tx.status === 'declined'].includes(true) ||
  tx.messages.some((one) => kindOf(one.type) === 'increment' && isOriginal(m, one));

export function applyAll(book: Book, tx: NaiveTransaction, reversals: NetworkMessage[]): void {
  for (const m of reversals) {
    tx.messages.push(m);
    apply(book, tx, m);
  }
}

/** What it gives back in the account's currency, or why it takes nothing. */
function apply(book: Book, tx: NaiveTransaction, m: NetworkMessage): bigint | string {
  const meant = m.original === undefined ? undefined : kindOf(m.original.type);
  const posted = unconfirmed(tx);
  const isWhole = meant === undefined && tx.open.t === 0n;
  if (meant === 'refund_authorization' || (isWhole && posted === undefined && !isPurchase(tx)))
    return lowerCredit(tx, m);
  if (tx.final) return 'nothing_to_reverse';
  const wholes = [...tx.wholes, tx.approved.t];
  if (posted !== undefined && (isWhole || meant === 'financial_authorization')) {
    const t = partOf(m, tx.currency, posted.left, tx.cleared.t - posted.left, wholes);
    return t === undefined ? 'over_reversal' : undo(book, tx, posted, t, m.network);
  }
  const t = meant === 'increment' ? partOfIncrement(tx, m) : partOf(m, tx.currency, tx.open.t, tx.cleared.t, wholes);
  if (t === undefined) return 'over_reversal';
  return release(book, tx, t);
}

/** How much of what is open a reversal takes; undefined when it asks for more. */
function partOf(m: NetworkMessage, currency: string, open: bigint, cleared: bigint, wholes: bigint[]) {
  const { amountMinor: amount, remainingAmountMinor: rest } = m;
  if (rest === 0n || (rest === undefined && amount === undefined)) return open;
  if (m.currency !== currency) return undefined;
  if (rest !== undefined) return open - least(open, most(0n, rest - cleared));
  if (amount !== undefined && amount <= open) return amount;
  return amount !== undefined && wholes.includes(amount) ? open : undefined;
}

function partOfIncrement(tx: NaiveTransaction, m: NetworkMessage): bigint | undefined {
  // What is named may be an advice that confirmed it, of another card.
  const increment = tx.increments.find(({ message }) => isOriginal({ ...m, cardId: message.cardId }, message));
  if (increment === undefined) return 0n;
  const open = least(increment.left, tx.open.t);
  const { remainingAmountMinor: rest = 0n } = m;
  const t =
    rest > 0n && m.currency === tx.currency
      ? least(open, tx.open.t - least(tx.open.t, most(0n, rest - tx.cleared.t)))
      : partOf(m, tx.currency, open, 0n, [increment.asked, increment.approved]);
  increment.left -= t ?? 0n;
  return t;
}

export function release(book: Book, tx: NaiveTransaction, t: bigint): bigint {
  const a = take(tx, t);
  plus(tx.reversed, t, a);
  close(tx);
  charge(tx, book.now);
  return a;
}

/** Posts back of a single message. */
export function undo(book: Book, tx: NaiveTransaction, posted: Posted, t: bigint, network: string): bigint {
  const part = confirmed(posted, t);
  books.pay(book, network, books.minus(part));
  plus(tx.cleared, -t, -total(part));
  plus(tx.reversed, t, total(part));
  if (tx.cleared.t === 0n && tx.cleared.a === 0n) tx.status = 'voided';
  charge(tx, book.now);
  return total(part);
}

/** The price of `t` of what is left of a posting, which is not left of it any more. */
export function confirmed(posted: Posted, t: bigint) {
  const whole = { ...posted, stale: false };
  const part = t === posted.left ? whole : portion(whole, t, posted.left);
  posted.base -= part.base;
  posted.markup -= part.markup;
  posted.settled = { ...posted.settled, amountMinor: posted.settled.amountMinor - part.settled.amountMinor };
  posted.left -= t;
  return part;
}

function lowerCredit(tx: NaiveTransaction, m: NetworkMessage): bigint | string {
  if (!tx.credited) return 0n;
  const t = partOf(m, tx.currency, tx.pendingCredit.t, tx.refunded.t, [tx.announced]);
  if (t === undefined) return 'over_reversal';
  dropCredit(tx, t, 'voided');
  return 0n;
}

export function dropCredit(tx: NaiveTransaction, t: bigint, status: string): void {
  const a = share(tx.pendingCredit.a, t, tx.pendingCredit.t);
  plus(tx.pendingCredit, -t, -a);
  if (tx.pendingCredit.t === 0n && tx.status === 'pending' && !isMoved(tx) && tx.refunded.t === 0n) tx.status = status;
}
