// clearings.ts: what is presented and posted, whatever was approved, and what of it is posted back.

import type { NetworkMessage } from '../../authorization/message.ts';
import { least, type Money, plus, priceOf, share, total } from './amounts.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { find, isOriginal } from './originals.ts';
import { confirmed } from './reversals.ts';
import { charge, isAdvised, type NaiveTransaction, type Posted, take, unconfirmed } from './transaction.ts';

/** Nobody's yet: the network is paid (or pays, `back`) and a correction will say for whom. */
export function suspend(book: Book, m: NetworkMessage, back: boolean, flag: string): Answer {
  const { amountMinor = 0n, currency } = m;
  const sum: Money = m.settlement ?? m.billing ?? { amountMinor, currency };
  const settlement = `settlement:${m.network}`;
  if (m.type === 'clearing') book.suspended.push(m);
  books.move(book, back ? settlement : 'suspense', back ? 'suspense' : settlement, sum);
  return books.accepted(undefined, [flag]);
}

export function clearing(book: Book, m: NetworkMessage): Answer {
  const price = priceOf(book, m, true);
  if (price === undefined) return suspend(book, m, false, 'no_rate');
  const { tx: found, flags } = find(book, m);
  if (cameBefore(book, m)) flags.push('possible_duplicate');
  if (price.stale) flags.push('stale_rate');
  const amount = m.amountMinor ?? 0n;
  const a = total(price);
  const final = m.final !== false;
  const tx = found ?? books.open(book, m, 'pending');
  if (found !== undefined) books.touch(book, tx, m);
  const same = m.currency === tx.currency;
  const openBefore = tx.open.t;
  const financial = unconfirmed(tx);
  const takenOf = (open: bigint, held: bigint) => {
    const asked = same ? amount : a >= held ? open : share(open, a, held);
    return final ? open : least(open, asked);
  };
  const taken = takenOf(tx.open.t, tx.held);
  let added = same ? amount : taken;
  let left = added;
  take(tx, taken);
  if (financial !== undefined) {
    const confirms = takenOf(financial.left, financial.base + financial.markup);
    const part = confirmed(financial, confirms);
    books.pay(book, m.network, books.minus(part));
    plus(tx.cleared, 0n, -total(part));
    added = same ? amount - confirms : taken;
    left = same ? amount : taken + confirms;
  }
  books.pay(book, m.network, price);
  plus(tx.cleared, added, a);
  tx.posted.push({ message: m, kind: 'clearing', number: book.turn, left, ...price });
  flags.push(...flagsOf(tx, openBefore, same, financial !== undefined));
  flags.push(...books.chargeFact(book, tx), ...books.overdrawn(book));
  tx.final ||= final;
  tx.status = final || tx.open.t === 0n ? 'settled' : 'partially_settled';
  return books.accepted(a, flags);
}

/** The same presentment under another identity. */
export function cameBefore({ transactions }: Book, { arn, amountMinor, type }: NetworkMessage): boolean {
  const isSame = (one: NetworkMessage) => one.type === type && one.arn === arn && one.amountMinor === amountMinor;
  return arn !== undefined && transactions.some(({ messages }) => messages.some(isSame));
}

function flagsOf(tx: NaiveTransaction, openBefore: bigint, same: boolean, confirms: boolean): string[] {
  const { granted, asked, status, refused, approved, reversed, cleared } = tx;
  if (!granted && status === 'voided' && isAdvised(tx)) return ['late'];
  if (!granted) return [asked || refused ? 'after_decline' : 'force_post'];
  const flags: string[] = [];
  const currency = same ? 't' : 'a';
  const stands = approved[currency] - reversed[currency];
  if (approved[currency] > 0n && openBefore === 0n && !confirms) flags.push('late');
  const isGone = approved[currency] > 0n && stands === 0n;
  if (!isGone && cleared[currency] > stands) flags.push('over_capture');
  return flags;
}

export function clearingReversal(book: Book, m: NetworkMessage): Answer {
  const { posted, flags } = clearingMeant(book, m);
  if (posted === undefined) return suspend(book, m, true, 'no_original');
  const tx = book.transactions.find((one) => one.posted.includes(posted));
  if (tx === undefined) throw new Error('a clearing of no transaction');
  const { amountMinor: amount = 0n, billing, currency } = m;
  const said =
    billing?.currency === book.currency ? billing.amountMinor : currency === book.currency ? amount : undefined;
  const same = currency === tx.currency;
  const left = posted.base + posted.markup;
  let t = same && amount < posted.left ? amount : posted.left;
  let back: bigint;
  if (said === undefined) {
    const part = confirmed(posted, t);
    const tooMuch = same && t > 0n && amount > t;
    let { settled } = part;
    let excess: Money = { amountMinor: amount - t, currency };
    if (m.settlement !== undefined) {
      settled = {
        ...m.settlement,
        amountMinor: share(m.settlement.amountMinor, tooMuch ? t : 1n, tooMuch ? amount : 1n),
      };
      excess = { ...m.settlement, amountMinor: m.settlement.amountMinor - settled.amountMinor };
    }
    books.pay(book, m.network, books.minus({ ...part, settled }));
    back = total(part);
    if (tooMuch) {
      flags.push('over_reversal');
      books.move(book, `settlement:${m.network}`, 'suspense', excess);
    }
  } else {
    back = least(said, left);
    if (back === left) t = posted.left;
    else if (!same) t = share(posted.left, back, left);
    payBack(book, m, back, said - back);
    if (said > back) flags.push('over_reversal');
    posted.left -= t;
    const { settled } = posted;
    posted.settled = { ...settled, amountMinor: settled.amountMinor - share(settled.amountMinor, back, left) };
    const markup = share(posted.markup, back, left);
    posted.base -= back - markup;
    posted.markup -= markup;
  }
  plus(tx.cleared, -t, -back);
  books.touch(book, tx, m);
  charge(tx, book.now);
  return books.accepted(back, flags);
}

/** What is more than the clearing had posted is nobody's yet. */
function payBack(book: Book, m: NetworkMessage, back: bigint, excess: bigint): void {
  const { currency } = book;
  const settlement = `settlement:${m.network}`;
  const sum = back + excess;
  const settled = m.settlement ?? { amountMinor: sum, currency };
  const direct = settled.currency === currency && settled.amountMinor === sum;
  const from = direct ? settlement : 'fx';
  books.move(book, from, 'available', { amountMinor: back, currency });
  books.move(book, from, 'suspense', { amountMinor: excess, currency });
  if (!direct) books.move(book, settlement, 'fx', settled);
}

/** The clearing that is taken back, if something is left of it. */
function clearingMeant(book: Book, m: NetworkMessage): { posted: Posted | undefined; flags: string[] } {
  const any = book.transactions.flatMap(({ posted }) => posted);
  const all = any.filter(({ kind }) => kind === 'clearing');
  const sameArn = all.filter(({ message }) => m.arn !== undefined && message.arn === m.arn);
  let flags: string[] = [];
  let some = all.filter(({ message }) => isOriginal(m, message));
  if (m.original === undefined) {
    some = sameArn;
    const arns = [...book.suspended, ...all.map(({ message }) => message)].filter(({ arn }) => arn === m.arn);
    if (m.arn !== undefined && arns.length > 1) flags = ['ambiguous_original'];
    if (m.arn === undefined || arns.length === 0) {
      const found = find(book, m);
      flags = found.flags;
      some = found.tx?.posted.filter(({ kind }) => kind === 'clearing') ?? [];
    }
  }
  const standing = some
    .filter(({ base, markup, left }) => base + markup > 0n || left > 0n)
    .sort((a, b) => a.number - b.number);
  const equal = standing.filter(({ message: o }) => o.amountMinor === m.amountMinor && o.currency === m.currency);
  return { posted: equal.at(-1) ?? standing.at(-1), flags };
}
