// traffic.ts: steps that the network and time take: messages, expiry, late release.

import { each } from '../accounts/messageIndex.ts';
import type { SupportedMessage } from '../authorization/message.ts';
import type { Transaction } from '../authorization/transaction.ts';
import { fromIso, toIso } from '../time.ts';
import type { Step } from './given.ts';
import { authorizationMessage, clearingMessage, reversalMessage, type Said, type Usual } from './messages.ts';
import { type Story, send, time } from './story.ts';

/** What a message says, when it is received, and until when its sender waits (5 s if not said). */
export type Sent = Said & { readonly at?: string; readonly answerBy?: string };

export function authorization(amount: string, said: Sent = {}): Step {
  return message(said, (usual) => authorizationMessage(amount, said, usual));
}

export function clearing(amount: string, said: Sent = {}): Step {
  return message(said, (usual) => clearingMessage(amount, said, usual));
}

/** Of `amount`, or down to what `said.remaining` says, or of all. */
export function reversal(amount?: string, said: Sent = {}): Step {
  return message(said, (usual) => reversalMessage('reversal', amount, said, usual));
}

export function reversalAdvice(amount?: string, said: Sent = {}): Step {
  return message(said, (usual) => reversalMessage('reversal_advice', amount, said, usual));
}

function message({ at, answerBy }: Sent, build: (usual: Usual) => SupportedMessage): Step {
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
    story.last = time(story, { type: 'releaseLate', transactionId: purchase(story, of).transactionId });
  };
}

/** The newest transaction of a purchase. */
export function purchase({ account }: Story, of = 'purchase'): Transaction {
  const id = each(account.messages?.byNetworkTransaction.get(of)).at(-1)?.transactionId;
  const transaction = id === undefined ? undefined : account.transactions.get(id);
  if (transaction === undefined) throw new Error(`no transaction of ${of}`);
  return transaction;
}
