// traffic.ts: steps that the network and time take: messages, expiry, late release.

import { messagesBy } from '../accounts/messageIndex.ts';
import type { DecidableMessage } from '../authorization/message.ts';
import { type Transaction, transactionIdOf } from '../authorization/transaction.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import { fromIso, toIso } from '../time.ts';
import type { Step } from './given.ts';
import {
  anyMessage,
  authorizationMessage,
  clearingMessage,
  reversalMessage,
  type Said,
  type Usual,
} from './messages.ts';
import { type Story, send, time } from './story.ts';

/** What a message says, when it is received, and until when its sender waits (5 s if not said). */
export type Sent = Said & { readonly at?: string; readonly answerBy?: string };

export function authorization(amount: string, said: Sent = {}): Step {
  return message(said, (usual) => authorizationMessage(amount, said, usual));
}

export function clearing(amount: string, said: Sent = {}): Step {
  return message(said, (usual) => clearingMessage(amount, said, usual));
}

const any =
  (type: DecidableMessage['type']) =>
  (amount?: string, said: Sent = {}): Step =>
    message(said, (usual) => anyMessage(type, amount, said, usual));

export const authorizationAdvice = any('authorization_advice');
export const financialAuthorization = any('financial_authorization');
export const increment = any('increment');
export const incrementAdvice = any('increment_advice');
export const clearingReversal = any('clearing_reversal');
export const refundAuthorization = any('refund_authorization');
export const refund = any('refund');
export const refundReversal = any('refund_reversal');
export const balanceInquiry = any('balance_inquiry');
export const accountVerification = any('account_verification');

/** Of `amount`, or down to what `said.remaining` says, or of all. */
export function reversal(amount?: string, said: Sent = {}): Step {
  return message(said, (usual) => reversalMessage('reversal', amount, said, usual));
}

export function reversalAdvice(amount?: string, said: Sent = {}): Step {
  return message(said, (usual) => reversalMessage('reversal_advice', amount, said, usual));
}

function message({ at, answerBy }: Sent, build: (usual: Usual) => DecidableMessage): Step {
  return (story) => {
    if (at !== undefined) story.now = fromIso(at);
    story.messages++;
    const stan = story.messages.toString().padStart(6, '0');
    const built = build({ currency: story.currency, stan, sent: toIso(story.now) });
    story.last = send(story, built, answerBy === undefined ? undefined : fromIso(answerBy));
  };
}

/** The expiry of a purchase's hold: at its time, or asked for at another. */
export function expiry({ of, at }: { readonly of?: string; readonly at?: string } = {}): Step {
  return (story) => {
    const { transactionId, expiresAt } = purchase(story, of);
    if (expiresAt === undefined) throw new Error(`${transactionId} was never approved`);
    story.now = at === undefined ? Math.max(story.now, expiresAt) : fromIso(at);
    story.last = time(story, { type: 'expire', transactionId, expiresAt });
  };
}

/** The release of an approval that became durable too late. */
export function lateRelease(of?: string): Step {
  return (story) => {
    const { transactionId } = purchase(story, of);
    story.last = time(story, { type: 'releaseLate', transactionId, decision: newestApproval(story, transactionId) });
  };
}

const APPROVALS = ['AuthorizationApproved', 'IncrementApproved', 'FinancialAuthorizationApproved', 'RefundAuthorized'];

/** The command of a transaction's newest approval. */
export function newestApproval({ events }: Story, id: TransactionId): CommandId {
  const newest = events.findLast((event) => APPROVALS.includes(event.type) && transactionIdOf(event) === id);
  return newest?.metadata.commandId ?? ('none' as CommandId);
}

/** The newest transaction of a purchase. */
export function purchase({ account }: Story, of = 'purchase'): Transaction {
  const id = messagesBy(account.messages, 'networkTransaction', of).at(-1)?.transactionId;
  const transaction = id === undefined ? undefined : account.transactions.get(id);
  if (transaction === undefined) throw new Error(`no transaction of ${of}`);
  return transaction;
}
