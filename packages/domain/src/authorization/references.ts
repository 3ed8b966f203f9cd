// references.ts: the keys under which a message, and the transaction it belongs to, can be found again later.

import { isOverdraft } from '../accounts/overdraft.ts';
import type { AccountEvent, Recorded } from '../events.ts';
import type { CommandId, ContentHash, TransactionId } from '../ids.ts';
import { itemOf, suspenseKey } from '../ledger/suspense.ts';
import { DAY_MS, fromIso, type Instant } from '../time.ts';
import { kindOf, type NetworkMessage } from './message.ts';
import { transactionIdOf } from './transaction.ts';

/** `rrn` stands in for the time of transmission this long (identity of a repeat). */
export const REPEAT_WINDOW_MS = 7 * DAY_MS;

/** `rrn` with the same card finds an original this long. */
export const RRN_WINDOW_MS = 45 * DAY_MS;

export function commandKey(commandId: CommandId): string {
  return `c|${commandId}`;
}

export function transactionKey(transactionId: TransactionId): string {
  return `t|${transactionId}`;
}

/** By which a repeat with another time of transmission finds the first message. Undefined without the fields for it. */
export function repeatKey(message: NetworkMessage): string | undefined {
  const { type, cardId, acquirerId, terminalId, stan, rrn, messageId } = message;
  if (messageId !== undefined || rrn === undefined || stan === undefined) return undefined;
  if (acquirerId === undefined || terminalId === undefined) return undefined;
  return `r|${kindOf(type)}|${cardId}|${acquirerId}|${terminalId}|${stan}|${rrn}`;
}

export function networkTransactionKey({ network, networkTransactionId }: NetworkMessage): string | undefined {
  return networkTransactionId === undefined ? undefined : `n|${network}|${networkTransactionId}`;
}

export function rrnKey({ cardId, rrn }: NetworkMessage): string | undefined {
  return rrn === undefined ? undefined : `q|${cardId}|${rrn}`;
}

/** Whatever its amount: a clearing reversal may be for part of the clearing. */
export function arnKey({ arn }: NetworkMessage): string | undefined {
  return arn === undefined ? undefined : `a|${arn}`;
}

/** Under which a message is found by another one's `original`. */
export function originalKey({ type, cardId, stan, transmittedAt, acquirerId }: NetworkMessage): string | undefined {
  if (stan === undefined || transmittedAt === undefined || acquirerId === undefined) return undefined;
  return `o|${kindOf(type)}|${cardId}|${stan}|${transmittedAt}|${acquirerId}`;
}

/** The key that a message's `original` points to. */
export function originalTarget({ cardId, original }: NetworkMessage): string | undefined {
  if (original === undefined) return undefined;
  return `o|${kindOf(original.type)}|${cardId}|${original.stan}|${original.transmittedAt}|${original.acquirerId}`;
}

/** Keys of the transaction that a message belongs to. */
export function transactionKeysOf(message: NetworkMessage): readonly string[] {
  const keys: string[] = [];
  push(keys, networkTransactionKey(message));
  push(keys, rrnKey(message));
  push(keys, originalKey(message));
  if (hasPresentment(message)) push(keys, arnKey(message));
  return keys;
}

/** Of a kind that an acquirer presents under its reference number, or takes back under it. */
function hasPresentment({ type }: NetworkMessage): boolean {
  return type === 'clearing' || type === 'clearing_reversal' || type === 'refund';
}

/** Of a reversal that waited, and is applied by the command of what it means. */
export function isUnparked({ data }: AccountEvent): boolean {
  return 'unparked' in data && 'message' in data && kindOf(data.message.type) === 'reversal';
}

/** Every key under which an event can be needed again once it has left memory. */
export function keysOf(event: Recorded<AccountEvent>): readonly string[] {
  const keys: string[] = [];
  if (isOverdraft(event)) return keys;
  const unparked = isUnparked(event);
  if (event.metadata.contentHash !== undefined && !unparked) keys.push(commandKey(event.metadata.commandId));
  if (event.type === 'CardIssued') for (const { commandId } of event.data.carried) keys.push(commandKey(commandId));
  const transactionId = transactionIdOf(event);
  if (transactionId !== undefined) keys.push(transactionKey(transactionId));
  const item = itemOf(event);
  if (item !== undefined) keys.push(suspenseKey(item));
  if ('message' in event.data && event.type !== 'MessageConflicted') {
    if (!unparked) push(keys, repeatKey(event.data.message));
    if (transactionId !== undefined) keys.push(...transactionKeysOf(event.data.message));
  }
  return keys;
}

/** When its sender says that it was sent, if its identity rests on that. */
export function sentAtOf({ messageId, transmittedAt }: NetworkMessage): Instant | undefined {
  return messageId !== undefined || transmittedAt === undefined ? undefined : fromIso(transmittedAt);
}

/** Under which a repeat that keeps a late approval is recorded: once. */
export function repeatId(commandId: CommandId): CommandId {
  return `repeat:${commandId}` as CommandId;
}

/** The identity of a message that conflicts with `commandId`: the same content again is the same conflict. */
export function conflictId(commandId: CommandId, contentHash: ContentHash): CommandId {
  return `${commandId}~${contentHash}` as CommandId;
}

/**
 * The keys that must be in memory, or known to be nowhere, before a message is decided. A message that was sent after
 * everything that is absent cannot be among it, unless it says that it repeats something. What it repeats must be there
 * with its transaction: `repeatedTransaction`.
 */
export function keysNeededBy(
  message: NetworkMessage,
  commandId: CommandId,
  contentHash: ContentHash,
  absentTransmission: Instant,
): readonly string[] {
  const keys: string[] = [];
  const sentAt = sentAtOf(message);
  if (sentAt === undefined || sentAt <= absentTransmission || message.repeat === true) {
    keys.push(commandKey(commandId), commandKey(conflictId(commandId, contentHash)));
    push(keys, repeatKey(message));
  }
  const target = originalTarget(message);
  if (message.type === 'authorization' || message.type === 'financial_authorization') {
    push(keys, networkTransactionKey(message));
  } else if (target !== undefined) {
    keys.push(target);
  } else {
    push(keys, networkTransactionKey(message));
    push(keys, rrnKey(message));
  }
  if (hasPresentment(message)) push(keys, arnKey(message));
  return keys;
}

function push(keys: string[], key: string | undefined): void {
  if (key !== undefined) keys.push(key);
}
