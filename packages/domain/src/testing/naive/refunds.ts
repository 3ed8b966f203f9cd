// refunds.ts: money that a merchant announces, gives back, and takes back again.

import type { NetworkMessage } from '../../authorization/message.ts';
import { free, least, most, plus, priceOf, share, total } from './amounts.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { cameBefore, suspend } from './clearings.ts';
import { comeFor, find, undoes } from './originals.ts';
import { applyAll, dropCredit } from './reversals.ts';
import { addCharge, isPurchase, sumOf } from './transaction.ts';

export function refundAuthorization(book: Book, m: NetworkMessage): Answer {
  const amount = m.amountMinor ?? 0n;
  const price = amount === 0n ? free(m) : priceOf(book, m, false, false);
  const waiting = comeFor(book, m);
  let { tx: found, flags } = find(book, m);
  const reasons: string[] = books.barred(book, m).filter((one) => ['account_closed', 'card_closed'].includes(one));
  if (waiting.some((reversal) => undoes(reversal, m))) reasons.unshift('reversed_before_arrival');
  if (price === undefined) reasons.push('fx_rate_missing');
  if (reasons.length > 0 || found?.currency !== m.currency) found = undefined;
  const tx = found ?? books.open(book, m, reasons.length > 0 ? 'declined' : 'pending');
  if (found !== undefined) books.touch(book, tx, m);
  if (reasons.length > 0) tx.refused = false;
  if (price === undefined || reasons.length > 0) return books.declined(reasons, flags);
  const [first] = tx.messages;
  const cameFirst = !isPurchase(tx) && !tx.credited && (m.transmittedAt ?? '') < (first?.transmittedAt ?? '');
  const t = cameFirst ? most(0n, amount - tx.refunded.t) : amount;
  tx.credited = true;
  tx.announced += amount;
  plus(tx.pendingCredit, t, cameFirst ? (t === 0n ? 0n : most(0n, total(price) - tx.refunded.a)) : total(price));
  tx.creditExpiresAt = books.expiryOf(book, m);
  tx.fresh = { identity: book.identity, answerBy: book.answerBy, holds: 'credit', t };
  applyAll(book, tx, waiting);
  return books.approved(amount, total(price), flags);
}

export function refund(book: Book, m: NetworkMessage): Answer {
  const price = priceOf(book, m, true, false);
  if (price === undefined) return suspend(book, m, true, 'no_rate');
  const { tx: found, flags } = find(book, m);
  if (cameBefore(book, m)) flags.push('possible_duplicate');
  if (price.stale) flags.push('stale_rate');
  if (found === undefined) flags.push('no_original');
  const tx = found ?? books.open(book, m, 'settled');
  if (found !== undefined) books.touch(book, tx, m);
  const amount = m.amountMinor ?? 0n;
  books.pay(book, m.network, books.minus(price));
  const { pendingCredit: due } = tx;
  const same = m.currency === tx.currency;
  const part = same ? amount : price.base >= due.a ? due.t : share(due.t, price.base, due.a);
  const t = same ? amount : tx.cleared.a > 0n ? share(tx.cleared.t, price.base, tx.cleared.a) : part;
  plus(tx.refunded, t, price.base);
  if (same ? tx.cleared.t > 0n && tx.refunded.t > tx.cleared.t : tx.cleared.a > 0n && tx.refunded.a > tx.cleared.a)
    flags.push('over_refund');
  dropCredit(tx, least(due.t, part), tx.status);
  if (!isPurchase(tx)) tx.status = 'settled';
  const back = least(price.base, sumOf(tx.charges));
  tx.givenBack += back;
  addCharge(tx, book.now, -back);
  return books.accepted(price.base, flags);
}

export function refundReversal(book: Book, m: NetworkMessage): Answer {
  const price = priceOf(book, m, true, false);
  if (price === undefined) return suspend(book, m, false, 'no_rate');
  const { tx: found, flags } = find(book, m);
  if (price.stale) flags.push('stale_rate');
  if (found === undefined) flags.push('no_original');
  const tx = found ?? books.open(book, m, 'settled');
  if (found !== undefined) books.touch(book, tx, m);
  const amount = m.amountMinor ?? 0n;
  books.pay(book, m.network, price);
  const { refunded } = tx;
  const part = price.base >= refunded.a && refunded.a > 0n ? refunded.t : share(refunded.t, price.base, refunded.a);
  const same = m.currency === tx.currency;
  const t = same ? amount : part;
  if (found !== undefined && (same ? t > refunded.t : price.base > refunded.a)) flags.push('over_reversal');
  plus(refunded, -least(t, refunded.t), -least(price.base, refunded.a));
  tx.givenBack -= least(price.base, tx.givenBack);
  flags.push(...books.chargeFact(book, tx), ...books.overdrawn(book));
  return books.accepted(price.base, flags);
}
