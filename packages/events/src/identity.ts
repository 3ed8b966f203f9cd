// identity.ts: when two network messages are one: who they are, and what is compared when they come again.

import type { CommandId, ContentHash, ConvertedAmount, NetworkMessage } from '@holdfast/domain';
import { kindOf } from '@holdfast/domain';
import { commandIdOf, contentHashOf, delimited } from './ids.ts';

export type MessageIdentity = { readonly commandId: CommandId };

/**
 * Who the message is: its `messageId` with `sender` (the API key's id), else type, card, acquirer, terminal, STAN and
 * time of transmission. Another card is another message. Throws `TypeError` for a message with neither, which the
 * message schema has refused before.
 */
export function identityOf(message: NetworkMessage, sender: string): MessageIdentity {
  const { messageId, acquirerId, terminalId, stan, transmittedAt, cardId } = message;
  if (messageId !== undefined) return { commandId: commandIdOf('message', sender, cardId, messageId) };
  if (acquirerId === undefined || terminalId === undefined || stan === undefined || transmittedAt === undefined) {
    throw new TypeError('a network message without an identity');
  }
  const type = kindOf(message.type);
  const commandId = commandIdOf('network', type, cardId, acquirerId, terminalId, stan, transmittedAt);
  return { commandId };
}

/** Who a record of a clearing file is: its file and its id in it, whatever its message says of itself. */
export function identityOfRecord(sender: string, sequence: number, recordId: string): MessageIdentity {
  return { commandId: commandIdOf('clearing_record', sender, String(sequence), recordId) };
}

/**
 * Hash of what a message says, to tell a repeat from another message under the same identity. What is left out counts
 * as its default: a clearing is final, the network's decision is approved, no cash was taken.
 */
export function contentHashOfMessage(message: NetworkMessage): ContentHash {
  const { original } = message;
  return contentHashOf(
    delimited([
      kindOf(message.type),
      amount(message.amountMinor),
      message.currency,
      converted(message.billing),
      converted(message.settlement),
      amount(message.cashAmountMinor ?? 0n),
      amount(message.remainingAmountMinor),
      message.final === false ? 'not final' : 'final',
      message.networkDecision ?? 'approved',
      message.merchant?.id ?? '',
      message.merchant?.mcc ?? '',
      message.networkTransactionId ?? '',
      original === undefined
        ? ''
        : delimited([original.type, original.stan, original.transmittedAt, original.acquirerId]),
    ]),
  );
}

/** Left out and zero differ for an amount: a reversal without one means all, one of zero nothing. */
function amount(minor: bigint | undefined): string {
  return minor === undefined ? '' : minor.toString();
}

/** The rate is left out: it is informative. */
function converted(amount: ConvertedAmount | undefined): string {
  return amount === undefined ? '' : `${amount.amountMinor} ${amount.currency}`;
}
