// requests.ts: what is asked and decided: authorizations, financial authorizations, increments, inquiries.

import type { NetworkMessage } from '../../authorization/message.ts';
import { free, least, most, type Price, plus, portion, priceOf, share, total } from './amounts.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { answeredAlready, comeFor, find, undoes, withNetworkId } from './originals.ts';
import { applyAll } from './reversals.ts';
import { charge, isCleared, type NaiveTransaction, reopen } from './transaction.ts';

/** What holds or moves funds: nothing, if nothing is asked, whatever it is billed as. */
export const priceAsked = (book: Book, m: NetworkMessage, fact: boolean) =>
  m.amountMinor === 0n ? free(m) : priceOf(book, m, fact);

/** What is approved of a request: all, none, or what there is money for. */
function decide(book: Book, m: NetworkMessage, price: Price | undefined, reasons: string[]) {
  const { amountMinor: amount = 0n } = m;
  if (price === undefined || reasons.length === 0) return { t: amount, price, reasons, partially: false };
  const room = books.spendable(book);
  const t = room > 0n && total(price) > 0n ? (amount * room) / total(price) : 0n;
  if (!m.partialApproval || reasons.join() !== 'insufficient_funds' || t === 0n) {
    return { t: 0n, price, reasons, partially: false };
  }
  return { t, price: portion(price, t, amount), reasons: [], partially: true };
}

export function authorization(book: Book, m: NetworkMessage): Answer {
  const amount = m.amountMinor ?? 0n;
  const waiting = comeFor(book, m);
  const undone = waiting.some((reversal) => undoes(reversal, m));
  const own = undone ? undefined : answeredAlready(book, m);
  const known = priceAsked(book, m, true);
  if (own !== undefined) {
    const refused = refuse(book, own, m);
    if (refused !== undefined) return refused;
    if (known !== undefined) return join(book, own, m, known, waiting);
  }
  const price = priceAsked(book, m, false);
  const flags = withNetworkId(book, m).length > 0 ? ['known_network_transaction'] : [];
  const reasons = [...(undone ? ['reversed_before_arrival'] : []), ...books.failing(book, m, price)];
  const given = decide(book, m, price, reasons);
  const tx = books.open(book, m, 'pending');
  Object.assign(tx, { asked: true, wholes: [amount] });
  plus(tx.requested, amount, price === undefined ? 0n : total(price));
  if (given.price === undefined || given.reasons.length > 0) {
    Object.assign(tx, { status: 'declined', refused: true });
    return books.declined(given.reasons, flags);
  }
  approve(book, tx, m, given.t, given.price);
  if (m.type === 'authorization') hold(book, tx, m, given.t, total(given.price));
  else post(book, tx, m, given.t, given.price);
  charge(tx, book.now);
  applyAll(book, tx, waiting);
  return books.approved(given.t, total(given.price), flags, given.partially);
}

function approve(book: Book, tx: NaiveTransaction, m: NetworkMessage, t: bigint, price: Price): void {
  plus(tx.approved, t, total(price));
  tx.granted = true;
  tx.wholes.push(t);
  tx.code = book.authorizationCode;
  tx.financial ||= m.type === 'financial_authorization' && !tx.advised;
  const holds = tx.financial ? 'posted' : 'hold';
  tx.fresh = { identity: book.identity, answerBy: book.answerBy, holds, t: 0n };
}

function hold(book: Book, tx: NaiveTransaction, m: NetworkMessage, t: bigint, a: bigint): void {
  reopen(tx, t, a, books.expiryOf(book, m));
  if (tx.fresh !== undefined) tx.fresh.t = t;
}

function post(book: Book, tx: NaiveTransaction, m: NetworkMessage, t: bigint, price: Price): void {
  books.pay(book, m.network, price);
  plus(tx.cleared, t, total(price));
  tx.posted.push({ message: m, kind: 'financial', number: book.turn, left: t, ...price });
  tx.status = 'settled';
  if (tx.fresh !== undefined) tx.fresh.t = t;
}

/** It was reversed meanwhile, or the network has declined it. */
function refuse(book: Book, tx: NaiveTransaction, m: NetworkMessage): Answer | undefined {
  const { status, refused } = tx;
  // Increments that were reversed each for itself say nothing about the rest.
  const raised = tx.increments.filter(({ approved }) => approved > 0n);
  const reason =
    tx.reversedWhole || (status === 'voided' && (tx.advised || !raised.length || raised.some(({ left }) => left > 0n)))
      ? 'reversed_before_arrival'
      : refused && !tx.granted && !isCleared(tx)
        ? 'declined_by_network'
        : undefined;
  if (reason === undefined) return undefined;
  books.touch(book, tx, m);
  const price = priceAsked(book, m, false);
  plus(tx.requested, m.amountMinor ?? 0n, price === undefined ? 0n : total(price));
  tx.wholes.push(m.amountMinor ?? 0n);
  Object.assign(tx, { asked: true, status: 'declined' });
  const others = books.failing(book, m, price);
  return books.declined([reason, ...others]);
}

/** The network has answered for us, or cleared it: approved, and only what is missing is held or posted. */
function join(book: Book, tx: NaiveTransaction, m: NetworkMessage, price: Price, waiting: NetworkMessage[]): Answer {
  const amount = m.amountMinor ?? 0n;
  const asked = total(price);
  books.touch(book, tx, m);
  tx.asked = true;
  // The advice has said what was requested.
  if (!tx.advised) plus(tx.requested, amount, asked);
  tx.wholes = [amount];
  const stands = tx.advised || tx.final;
  const other = m.currency !== tx.currency;
  let missingA = stands ? 0n : most(0n, asked - tx.cleared.a);
  let missing = share(amount, missingA, asked);
  if (missing === 0n) missingA = 0n;
  if (other && !tx.advised) {
    Object.assign(tx, { currency: m.currency, cleared: { t: amount - missing, a: tx.cleared.a } });
    for (const one of tx.posted) one.left = share(tx.cleared.t, one.base + one.markup, tx.cleared.a);
  }
  if (!other) {
    const due = amount + (tx.approved.t - tx.reversed.t - tx.open.t) - tx.cleared.t;
    missing = stands ? 0n : most(0n, least(amount, due));
  }
  const { status, code } = tx;
  const before = books.spendable(book);
  if (!tx.advised) approve(book, tx, m, amount, price);
  else approve(book, tx, m, 0n, free(m));
  tx.code = code ?? tx.code;
  if (m.type === 'authorization') {
    hold(book, tx, m, missing, other ? missingA : share(asked, missing, amount));
    if (missing === 0n) tx.status = status;
    else if (/settled/.test(status)) tx.status = 'partially_settled';
  } else if (!tx.advised) {
    const part = portion(price, missing, amount);
    if (other) {
      part.base = missingA - part.markup;
      if (m.settlement === undefined && part.settled.currency === book.currency) part.settled.amountMinor = part.base;
    }
    if (missing > 0n) post(book, tx, m, missing, part);
    tx.status = 'settled';
  }
  const stale = price.stale ? ['stale_rate'] : [];
  const flags = [
    'late',
    ...stale,
    ...books.chargeFact(book, tx),
    ...(books.spendable(book) < before ? books.overdrawn(book) : []),
  ];
  applyAll(book, tx, waiting);
  return books.approved(amount, asked, flags);
}

export function increment(book: Book, m: NetworkMessage): Answer {
  const { tx, flags } = find(book, m);
  const amount = m.amountMinor ?? 0n;
  const price = priceAsked(book, m, false);
  const undone = comeFor(book, m);
  const isApproved = tx?.granted === true && tx.status !== 'declined' && !tx.financial;
  const reasons: string[] = [];
  if (!isApproved) reasons.push('original_not_found');
  else if (m.currency !== tx.currency) reasons.push('currency_differs');
  if (undone.some((reversal) => undoes(reversal, m))) reasons.push('reversed_before_arrival');
  const standing = tx === undefined ? 0n : tx.approved.a - tx.reversed.a;
  reasons.push(...books.failing(book, m, price, standing, tx?.card));
  const given = decide(book, m, price, reasons);
  if (tx !== undefined) books.touch(book, tx, m);
  if (tx === undefined || given.price === undefined || given.reasons.length > 0) {
    return books.declined(given.reasons, flags);
  }
  plus(tx.requested, amount, total(price ?? given.price));
  addIncrement(book, tx, m, amount, given.t, total(given.price));
  const increment = tx.increments.at(-1);
  tx.fresh = { identity: book.identity, answerBy: book.answerBy, holds: 'hold', t: given.t, increment };
  charge(tx, book.now);
  applyAll(book, tx, undone);
  return books.approved(given.t, total(given.price), flags, given.partially);
}

/** Approved by us or by the network: it holds more, also after all was cleared. */
export function addIncrement(book: Book, tx: NaiveTransaction, m: NetworkMessage, asked: bigint, t: bigint, a: bigint) {
  plus(tx.approved, t, a);
  tx.increments.push({ message: m, asked, approved: t, left: t });
  tx.final &&= t === 0n;
  const { status } = tx;
  reopen(tx, t, a, books.expiryOf(book, m));
  if (t === 0n) tx.status = status;
}

export function inquiry(book: Book, m: NetworkMessage): Answer {
  const reasons = books.barred(book, m);
  if (reasons.length > 0) return books.declined(reasons);
  const answer = { decision: 'approved', code: '00', reasons: [], flags: [] };
  return m.type === 'balance_inquiry' ? { ...answer, spendable: books.spendable(book) } : answer;
}
