// decide.ts: what a network message does to an account. Pure: the same state, message and context, the same events.

import type { Account } from '../accounts/account.ts';
import { each } from '../accounts/messageIndex.ts';
import { withOverdraft } from '../accounts/overdraft.ts';
import type { CommandRecord, MessageRecord } from '../accounts/records.ts';
import type { AccountEvent } from '../events.ts';
import type { CommandId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import type { Answer } from './answer.ts';
import { decideAuthorization } from './authorization.ts';
import { decideClearing } from './clearing.ts';
import type { MessageContext } from './context.ts';
import type { SupportedMessage } from './message.ts';
import { reasons } from './reasons.ts';
import { conflictId, kindOf, REPEAT_WINDOW_MS } from './references.ts';
import { decideReversal } from './reversal.ts';

export type MessageDecision =
  /** `commandId` stands for the events, under which the answer will be remembered. */
  | { readonly kind: 'decided'; readonly commandId: CommandId; readonly events: readonly AccountEvent[] }
  /**
   * It was here before: the same answer. `events` is empty, or notes that a late approval was repeated; it is appended
   * under a command id of its own, without a content hash.
   */
  | { readonly kind: 'repeated'; readonly answer: Answer; readonly events: readonly AccountEvent[] }
  /** It was recorded in another stream before the card was issued: that stream has the answer. */
  | { readonly kind: 'recorded_elsewhere'; readonly stream: string };

export function decideMessage(account: Account, message: SupportedMessage, context: MessageContext): MessageDecision {
  const known = findRecord(account, message, context.commandId, context.now);
  if (known === undefined) {
    const events = withOverdraft(account, decideNew(account, message, context));
    return { kind: 'decided', commandId: context.commandId, events };
  }
  if (known.contentHash === context.contentHash) return repeat(account, known, message, context);
  const commandId = conflictId(context.commandId, context.contentHash);
  const before = account.commands.get(commandId);
  if (before?.answer !== undefined) return { kind: 'repeated', answer: before.answer, events: [] };
  return { kind: 'decided', commandId, events: [conflict(known, message, context)] };
}

function decideNew(account: Account, message: SupportedMessage, context: MessageContext): readonly AccountEvent[] {
  switch (message.type) {
    case 'authorization':
      return decideAuthorization(account, message, context);
    case 'reversal':
    case 'reversal_advice':
      return decideReversal(account, message, context);
    case 'clearing':
      return decideClearing(account, message, context);
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
  message: SupportedMessage,
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
function newestSimilar(account: Account, message: SupportedMessage): MessageRecord | undefined {
  const { type, cardId, acquirerId, terminalId, stan, rrn, messageId } = message;
  if (messageId !== undefined || rrn === undefined || stan === undefined) return undefined;
  if (acquirerId === undefined || terminalId === undefined) return undefined;
  const kind = kindOf(type);
  return each(account.messages?.byRrn.get(rrn)).findLast(
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
  message: SupportedMessage,
  commandId: CommandId,
): TransactionId | undefined {
  return findRecord(account, message, commandId, account.lastOccurredAt)?.transactionId;
}

function conflict(known: CommandRecord, message: SupportedMessage, { commandId }: MessageContext): AccountEvent {
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
function repeat(
  account: Account,
  known: CommandRecord,
  message: SupportedMessage,
  context: MessageContext,
): MessageDecision {
  if (known.recordedIn !== undefined) return { kind: 'recorded_elsewhere', stream: known.recordedIn };
  const { answer, transactionId } = known;
  invariant(answer !== undefined, `${context.commandId} is a network message and a management command`);
  if (message.type !== 'authorization' || transactionId === undefined || answer.decision === 'declined') {
    return { kind: 'repeated', answer, events: [] };
  }
  const transaction = account.transactions.get(transactionId);
  invariant(transaction !== undefined, `a repeat of ${transactionId}, which is not in memory`);
  if (transaction.releasedLate) return { kind: 'repeated', answer: answeredLate(answer), events: [] };
  const late = transaction.answerBy !== undefined && context.now > transaction.answerBy;
  if (!transaction.undisturbed || !late) return { kind: 'repeated', answer, events: [] };
  return {
    kind: 'repeated',
    answer,
    events: [{ type: 'AnswerRepeated', data: { transactionId, repeats: context.commandId } }],
  };
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
