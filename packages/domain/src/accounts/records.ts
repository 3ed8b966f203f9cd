// records.ts: what is remembered of commands, for ever: so that the same one again has no second effect and the same
// answer, and a later message finds the one that it means.

import { type Answer, answerOf } from '../authorization/answer.ts';
import { kindOf, type MessageType, type NetworkMessage } from '../authorization/message.ts';
import { isUnparked } from '../authorization/references.ts';
import { transactionIdOf } from '../authorization/transaction.ts';
import type { AccountEvent, Recorded } from '../events.ts';
import type { CardId, ContentHash, TransactionId } from '../ids.ts';
import type { Instant } from '../time.ts';
import type { Account } from './account.ts';
import { indexMessage, newMessageIndex } from './messageIndex.ts';
import { isOverdraft } from './overdraft.ts';

export type CommandRecord = {
  /** Of a message. That of a management command stands in its event, from which its answer is built. */
  readonly contentHash?: ContentHash;
  readonly revision: number;
  readonly transactionId?: TransactionId | undefined;
  /** Of a network message. */
  readonly answer?: Answer | undefined;
  /** A message recorded in another stream before its card was issued: what is to be answered stands there. */
  readonly recordedIn?: string;
};

/** A network message as later ones may name it: its fields as they were sent. */
export type MessageRecord = CommandRecord & {
  readonly contentHash: ContentHash;
  /** Absent: it belongs to none, or waits for it. */
  readonly transactionId: TransactionId | undefined;
  /** Absent: it was applied by another one's command, and its own has its answer. */
  readonly answer: Answer | undefined;
  readonly at: Instant;
  readonly repeat: boolean;
  /** A request and its advice are one kind. */
  readonly kind: MessageType;
  readonly cardId: CardId;
  readonly network: string;
  /** It has a message id: nothing else makes another message the same. */
  readonly named: boolean;
  readonly networkTransactionId: string | undefined;
  readonly rrn: string | undefined;
  readonly stan: string | undefined;
  readonly acquirerId: string | undefined;
  readonly terminalId: string | undefined;
  readonly transmittedAt: string | undefined;
  readonly arn: string | undefined;
  readonly amountMinor: bigint | undefined;
};

/**
 * The first event of a command stands for it. The others of the same append are reversals that waited for it, which are
 * remembered by the events that parked them, or say what it did to what is spendable. Once or many times, in any order: the same is remembered.
 */
export function rememberCommand(account: Account, event: Recorded<AccountEvent>): void {
  const { commands } = account;
  const { commandId, contentHash } = event.metadata;
  const { revision } = event;
  if (event.type === 'CardIssued') {
    for (const { commandId: carried, contentHash: hash, recordedIn } of event.data.carried) {
      commands.set(carried, { contentHash: hash, revision, recordedIn });
    }
  }
  if (contentHash === undefined || isOverdraft(event)) return;
  const known = commands.get(commandId);
  if (event.type === 'MessageConflicted' || !('message' in event.data)) {
    if (known === undefined) commands.set(commandId, plainRecord(event, contentHash));
    return;
  }
  const unparked = isUnparked(event);
  const record = messageRecord(event, event.data.message, contentHash, unparked ? undefined : answerOf(event));
  if (!unparked && known === undefined) commands.set(commandId, record);
  account.messages ??= newMessageIndex();
  indexMessage(account.messages, record);
}

function plainRecord(event: Recorded<AccountEvent>, contentHash: ContentHash): CommandRecord {
  const { revision } = event;
  if (event.type !== 'MessageConflicted') return managementRecord(revision);
  return { contentHash, revision, transactionId: transactionIdOf(event), answer: answerOf(event) };
}

/** Of a management command whose event stands at `revision`. It says no more, so all streams share those of their beginning. */
export function managementRecord(revision: number): CommandRecord {
  return FIRST_RECORDS[revision] ?? { revision };
}
const FIRST_RECORDS: readonly CommandRecord[] = Array.from({ length: 256 }, (_, revision) => ({ revision }));

function messageRecord(
  event: Recorded<AccountEvent>,
  message: NetworkMessage,
  contentHash: ContentHash,
  answer: Answer | undefined,
): MessageRecord {
  return {
    contentHash,
    revision: event.revision,
    transactionId: transactionIdOf(event),
    answer,
    at: event.metadata.occurredAt,
    repeat: message.repeat === true,
    kind: kindOf(message.type),
    cardId: message.cardId,
    network: message.network,
    named: message.messageId !== undefined,
    networkTransactionId: message.networkTransactionId,
    rrn: message.rrn,
    stan: message.stan,
    acquirerId: message.acquirerId,
    terminalId: message.terminalId,
    transmittedAt: message.transmittedAt,
    arn: message.arn,
    amountMinor: message.amountMinor,
  };
}
