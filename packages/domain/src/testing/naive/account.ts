// account.ts: the rules of the network message again, as slowly and plainly as they can be said, to test the domain by.

import type { NetworkMessage } from '../../authorization/message.ts';
import type { HoldExpiryDays } from '../../programs/holdExpiry.ts';
import { advice, declinedAdvice } from './advices.ts';
import type { Answer, Book } from './book.ts';
import * as books from './book.ts';
import { clearing, clearingReversal } from './clearings.ts';
import { kindOf } from './originals.ts';
import { refund, refundAuthorization, refundReversal } from './refunds.ts';
import { authorization, increment, inquiry } from './requests.ts';
import { dropCredit, release, reversal, undo } from './reversals.ts';
import { charge, close, type NaiveTransaction, take, unconfirmed } from './transaction.ts';

type Known = {
  content: string;
  answer: Answer;
  at: number;
  answerBy: number;
  message: NetworkMessage;
  identity: string;
};
/** Where a message comes from, until when its sender waits, and the code that it gets if it is approved. */
export type Receipt = { identity: string; content: string; answerBy: number; authorizationCode: string };

export function naiveAccount(currency: string, holdDays: HoldExpiryDays) {
  const known = new Map<string, Known>();
  const repeats = new Map<string, Known>();
  const book: Book = {
    ...{ currency, holdDays, now: 0, turn: 0, identity: '', answerBy: 0, authorizationCode: '' },
    ...{ transactions: [], parked: [], suspended: [], ledger: new Map(), cards: new Map(), controls: new Map() },
    ...{ creditLine: 0n, rates: [], markupBasisPoints: 0n, programPaused: false, accountClosed: false },
  };

  function decide(m: NetworkMessage): Answer {
    if (m.networkDecision === 'declined' && m.type.endsWith('_advice')) return declinedAdvice(book, m);
    switch (m.type) {
      case 'authorization':
      case 'financial_authorization':
        return authorization(book, m);
      case 'increment':
        return increment(book, m);
      case 'authorization_advice':
      case 'increment_advice':
        return advice(book, m);
      case 'reversal':
      case 'reversal_advice':
        return reversal(book, m);
      case 'clearing':
        return clearing(book, m);
      case 'clearing_reversal':
        return clearingReversal(book, m);
      case 'refund_authorization':
        return refundAuthorization(book, m);
      case 'refund':
        return refund(book, m);
      case 'refund_reversal':
        return refundReversal(book, m);
      case 'balance_inquiry':
      case 'account_verification':
        return inquiry(book, m);
      default:
        return m.type satisfies never;
    }
  }

  const isAsked = ({ type }: NetworkMessage) =>
    /^(authorization|financial_authorization|increment|refund_authorization|balance_inquiry|account_verification)$/.test(
      type,
    );

  /** The same message again: the same answer, unless its approval was released because it came too late. */
  function again(m: NetworkMessage, before: Known, content: string): Answer {
    if (before.content !== content) {
      return isAsked(m) ? books.declined(['identity_conflict']) : books.accepted(undefined, [], 'identity_conflict');
    }
    const { identity } = before;
    if (book.transactions.some(({ released }) => released.includes(identity))) return books.declined(['answered_late']);
    const waiting = book.transactions.find(({ fresh }) => fresh?.identity === identity && book.now > fresh.answerBy);
    if (waiting !== undefined) waiting.fresh = undefined;
    return before.answer;
  }

  return {
    book,
    receive(m: NetworkMessage, now: number, { identity, content, ...receipt }: Receipt): Answer {
      Object.assign(book, { now, identity, ...receipt, turn: book.turn + 1 });
      const alias = [kindOf(m.type), m.cardId, m.stan, m.rrn].join();
      const standing = m.rrn === undefined ? undefined : repeats.get(alias);
      const isRecent = standing !== undefined && now - standing.at <= 7 * books.DAY;
      const isEarlier =
        standing?.message.repeat === true && (m.transmittedAt ?? '') < (standing.message.transmittedAt ?? '');
      const before = known.get(identity) ?? (isRecent && (m.repeat === true || isEarlier) ? standing : undefined);
      if (before !== undefined) return again(m, before, content);
      const one = { content, answer: decide(m), at: now, message: m, identity, answerBy: receipt.answerBy };
      known.set(identity, one);
      if (m.rrn !== undefined) repeats.set(alias, one);
      return one.answer;
    },
    /** Of the hold, the pending credit, or both, that are due then. */
    expire(tx: NaiveTransaction, now: number, due: number): void {
      book.now = now;
      if (now < due) return;
      if (due === tx.expiresAt && ['pending', 'partially_settled'].includes(tx.status)) {
        take(tx, tx.open.t);
        close(tx, 'expired');
        charge(tx, now);
        tx.fresh = undefined;
      }
      if (due === tx.creditExpiresAt && tx.pendingCredit.t > 0n) {
        dropCredit(tx, tx.pendingCredit.t, 'expired');
        tx.fresh = undefined;
      }
    },
    releaseLate(tx: NaiveTransaction, now: number): void {
      book.now = now;
      const { fresh } = tx;
      if (fresh === undefined) return;
      const posted = unconfirmed(tx);
      if (fresh.holds === 'credit')
        dropCredit(tx, fresh.t < tx.pendingCredit.t ? fresh.t : tx.pendingCredit.t, 'voided');
      else if (fresh.holds === 'hold') release(book, tx, fresh.t < tx.open.t ? fresh.t : tx.open.t);
      else if (posted !== undefined) undo(book, tx, posted, posted.left, posted.message.network);
      tx.increments = tx.increments.filter((one) => one !== fresh.increment);
      tx.fresh = undefined;
      tx.released.push(fresh.identity);
    },
  };
}
