// decide.ts: what a network message does to an account. Pure: the same state, message and context, the same events.

import type { Account, CommandRecord } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import type { CommandId, ContentHash } from '../ids.ts';
import { invariant } from '../invariant.ts';
import type { Answer } from './answer.ts';
import { decideAuthorization } from './authorization.ts';
import { decideClearing } from './clearing.ts';
import type { MessageContext } from './context.ts';
import type { SupportedMessage } from './message.ts';
import { reasons } from './reasons.ts';
import { commandKey, REPEAT_WINDOW_MS, repeatKey } from './references.ts';
import { decideReversal } from './reversal.ts';

export type MessageDecision =
  /** `commandId` stands for the events, under which the answer will be remembered. */
  | { readonly kind: 'decided'; readonly commandId: CommandId; readonly events: readonly AccountEvent[] }
  /** It was here before: the same answer. `events` is empty, or notes that a late approval was repeated. */
  | { readonly kind: 'repeated'; readonly answer: Answer; readonly events: readonly AccountEvent[] }
  /** It was recorded in another stream before the card was issued: that stream has the answer. */
  | { readonly kind: 'recorded_elsewhere'; readonly stream: string };

export function decideMessage(account: Account, message: SupportedMessage, context: MessageContext): MessageDecision {
  const known = findRecord(account, message, context);
  if (known === undefined) {
    return { kind: 'decided', commandId: context.commandId, events: decideNew(account, message, context) };
  }
  if (known.contentHash === context.contentHash) return repeat(account, known, message, context);
  const commandId = conflictId(context.commandId, context.contentHash);
  const before = account.commands.get(commandKey(commandId));
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

/** By identity; or, when this message or the one before is marked as a repeat, by the rrn that stands in for its time. */
function findRecord(
  account: Account,
  message: SupportedMessage,
  { commandId, now }: MessageContext,
): CommandRecord | undefined {
  const exact = account.commands.get(commandKey(commandId));
  if (exact !== undefined) return exact;
  const alias = repeatKey(message);
  const similar = alias === undefined ? undefined : account.commands.get(alias);
  if (similar === undefined || !(similar.repeat || message.repeat === true)) return undefined;
  return now - similar.at <= REPEAT_WINDOW_MS ? similar : undefined;
}

/** The same content again under a conflicting identity is one more message of its own, remembered like any. */
export function conflictId(commandId: CommandId, contentHash: ContentHash): CommandId {
  return `${commandId}~${contentHash}` as CommandId;
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
  const transaction = transactionId === undefined ? undefined : account.transactions.get(transactionId);
  if (message.type !== 'authorization' || transaction === undefined) return { kind: 'repeated', answer, events: [] };
  if (transaction.releasedLate) return { kind: 'repeated', answer: answeredLate(answer), events: [] };
  const untouched = transaction.events === 1 && transaction.totals.openMinor > 0n;
  const late = transaction.answerBy !== undefined && context.now > transaction.answerBy;
  if (!untouched || !late) return { kind: 'repeated', answer, events: [] };
  const { transactionId: id } = transaction;
  return {
    kind: 'repeated',
    answer,
    events: [{ type: 'AnswerRepeated', data: { transactionId: id, repeats: context.commandId } }],
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
