// decide.ts: what a network message does to an account. Pure: the same state, message and context, the same events.

import type { Account } from '../accounts/account.ts';
import { messagesBy } from '../accounts/messageIndex.ts';
import { withOverdraft } from '../accounts/overdraft.ts';
import type { CommandRecord, MessageRecord } from '../accounts/records.ts';
import type { AccountEvent } from '../events.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import { decideAuthorizationAdvice, decideIncrementAdvice, recordDeclined } from './advice.ts';
import type { Answer } from './answer.ts';
import { decideAuthorization } from './authorization.ts';
import { decideClearing } from './clearing.ts';
import { decideClearingReversal } from './clearingReversal.ts';
import type { MessageContext } from './context.ts';
import { decideFinancialAuthorization } from './financialAuthorization.ts';
import { decideIncrement } from './increment.ts';
import { decideInquiry } from './inquiry.ts';
import { type DecidableMessage, declinedByNetwork, kindOf } from './message.ts';
import { reasons } from './reasons.ts';
import { conflictId, REPEAT_WINDOW_MS } from './references.ts';
import { decideRefund, decideRefundReversal } from './refund.ts';
import { decideRefundAuthorization } from './refundAuthorization.ts';
import { decideReversal } from './reversal.ts';

export type MessageDecision =
  /** `commandId` stands for the events, under which the answer will be remembered. */
  | { readonly kind: 'decided'; readonly commandId: CommandId; readonly events: readonly AccountEvent[] }
  /**
   * It was here before: the same answer. `events` is empty, or notes that a late approval was repeated; it is appended
   * under a command id of its own, without a content hash.
   */
  | {
      readonly kind: 'repeated';
      readonly answer: Answer;
      /** Of the event that gave the answer. */
      readonly revision: number;
      readonly events: readonly AccountEvent[];
    }
  /** It was recorded in another stream before the card was issued: that stream has the answer. */
  | { readonly kind: 'recorded_elsewhere'; readonly stream: string };

export function decideMessage(account: Account, message: DecidableMessage, context: MessageContext): MessageDecision {
  const known = findRecord(account, message, context.commandId, context.now);
  if (known === undefined) {
    const events = withOverdraft(account, decideNew(account, message, context));
    return { kind: 'decided', commandId: context.commandId, events };
  }
  if (known.contentHash === context.contentHash) return repeat(account, known, context);
  const commandId = conflictId(context.commandId, context.contentHash);
  const before = account.commands.get(commandId);
  if (before?.answer !== undefined) return repeated(before.answer, before.revision);
  return { kind: 'decided', commandId, events: [conflict(known, message, context)] };
}

function decideNew(account: Account, message: DecidableMessage, context: MessageContext): readonly AccountEvent[] {
  if (declinedByNetwork(message)) return recordDeclined(account, message, context);
  switch (message.type) {
    case 'authorization':
      return decideAuthorization(account, message, context);
    case 'financial_authorization':
      return decideFinancialAuthorization(account, message, context);
    case 'increment':
      return decideIncrement(account, message, context);
    case 'authorization_advice':
      return decideAuthorizationAdvice(account, message, context);
    case 'increment_advice':
      return decideIncrementAdvice(account, message, context);
    case 'reversal':
    case 'reversal_advice':
      return decideReversal(account, message, context);
    case 'clearing':
      return decideClearing(account, message, context);
    case 'clearing_reversal':
      return decideClearingReversal(account, message, context);
    case 'refund_authorization':
      return decideRefundAuthorization(account, message, context);
    case 'refund':
      return decideRefund(account, message, context);
    case 'refund_reversal':
      return decideRefundReversal(account, message, context);
    case 'balance_inquiry':
    case 'account_verification':
      return decideInquiry(account, message, context);
    default:
      return message satisfies never;
  }
}

/**
 * By identity; or by the rrn that stands in for its time, when this message is marked as a repeat, or was sent before
 * the one that is here and that one is.
 */
function findRecord(
  account: Account,
  message: DecidableMessage,
  commandId: CommandId,
  now: Instant,
): CommandRecord | undefined {
  const exact = account.commands.get(commandId);
  if (exact !== undefined) return exact;
  const repeat = message.repeat === true;
  if (!repeat && (account.messages?.repeats ?? 0) === 0) return undefined;
  const similar = newestSimilar(account, message);
  if (similar === undefined || now - similar.at > REPEAT_WINDOW_MS) return undefined;
  if (repeat) return similar;
  return similar.repeat && wasSentBefore(message, similar) ? similar : undefined;
}

/** A message that does not say when it was sent was not sent before another one. */
function wasSentBefore(a: { readonly transmittedAt?: string }, b: MessageRecord): boolean {
  if (a.transmittedAt === undefined || b.transmittedAt === undefined) return false;
  return fromIso(a.transmittedAt) < fromIso(b.transmittedAt);
}

/** The last that is the same but for its time of transmission. */
function newestSimilar(account: Account, message: DecidableMessage): MessageRecord | undefined {
  const { type, cardId, acquirerId, terminalId, stan, rrn, messageId } = message;
  if (messageId !== undefined || rrn === undefined || stan === undefined) return undefined;
  if (acquirerId === undefined || terminalId === undefined) return undefined;
  const kind = kindOf(type);
  return messagesBy(account.messages, 'rrn', rrn).findLast(
    (record) =>
      record.stan === stan &&
      record.kind === kind &&
      record.cardId === cardId &&
      record.acquirerId === acquirerId &&
      record.terminalId === terminalId &&
      !record.named &&
      record.answer !== undefined,
  );
}

/** The transaction of what `message` repeats, if it does: it must be in memory when that is decided. */
export function repeatedTransaction(
  account: Account,
  message: DecidableMessage,
  commandId: CommandId,
): TransactionId | undefined {
  return findRecord(account, message, commandId, account.lastOccurredAt)?.transactionId;
}

function conflict(known: CommandRecord, message: DecidableMessage, { commandId }: MessageContext): AccountEvent {
  const { transactionId } = known;
  return {
    type: 'MessageConflicted',
    data: { message, conflictsWith: commandId, ...(transactionId === undefined ? {} : { transactionId }) },
  };
}

/**
 * The same answer, with one exception. An approval whose deadline has passed may have been answered 91, and is then
 * released: after the release a repeat gets 91, before it the approval, and `AnswerRepeated` keeps the hold.
 */
function repeat(account: Account, known: CommandRecord, context: MessageContext): MessageDecision {
  if (known.recordedIn !== undefined) return { kind: 'recorded_elsewhere', stream: known.recordedIn };
  const { answer, transactionId, revision } = known;
  invariant(answer !== undefined, `${context.commandId} is a network message and a management command`);
  const approved = answer.decision === 'approved' || answer.decision === 'partially_approved';
  if (transactionId === undefined || !approved) return repeated(answer, revision);
  const transaction = account.transactions.get(transactionId);
  invariant(transaction !== undefined, `a repeat of ${transactionId}, which is not in memory`);
  if (transaction.releasedLate.includes(revision)) return repeated(answeredLate(answer), revision);
  const { releasable } = transaction;
  const late = releasable?.revision === revision && context.now > releasable.answerBy;
  if (!late) return repeated(answer, revision);
  return repeated(answer, revision, [{ type: 'AnswerRepeated', data: { transactionId, repeats: context.commandId } }]);
}

function repeated(answer: Answer, revision: number, events: readonly AccountEvent[] = []): MessageDecision {
  return { kind: 'repeated', answer, revision, events };
}

/** What the network is told when a decision did not become durable in time. */
export function answeredLate({ currency, transactionId }: Answer): Answer {
  return {
    decision: 'declined',
    responseCode: reasons.answered_late.responseCode,
    currency,
    ...(transactionId === undefined ? {} : { transactionId }),
    reason: 'answered_late',
    reasons: ['answered_late'],
    flags: [],
  };
}
