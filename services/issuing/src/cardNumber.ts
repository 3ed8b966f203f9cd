// cardNumber.ts: issues a card under a number that nobody has, without keeping the number.

import type { AccountId } from '@holdfast/domain';
import type { CommandContext, Engine } from '@holdfast/engine';
import { typeId } from '@holdfast/events';
import { ApiError } from '@holdfast/http';
import type { Vault } from '@holdfast/vault';
import { type Done, expectEvent } from './outcomes.ts';
import { available, MAX_NUMBER_ATTEMPTS, refused } from './writes.ts';

export type CardToIssue = { readonly accountId: AccountId; readonly expiry: string; readonly label?: string };

/**
 * Tries the command's first number, then its next ones while they are taken. The numbers follow from the command, so
 * a repeat comes to the same card, and shows its number again. Throws `ApiError`.
 */
export async function issueCard(
  engine: Engine,
  vault: Vault,
  card: CardToIssue,
  context: CommandContext,
): Promise<{ readonly done: Done; readonly number: string }> {
  for (let attempt = 0; attempt < MAX_NUMBER_ATTEMPTS; attempt++) {
    const { number, bin, last4 } = vault.generate(context.commandId, attempt);
    const cardId = typeId('card', vault.fingerprint(number));
    const outcome = await available(
      engine.execute({ type: 'issueCard', cardId, bin, last4, fingerprintKeyId: vault.keyId, ...card }, context),
    );
    if (outcome.done) return { done: outcome, number: numberOf(outcome, vault, context) };
    if (outcome.refusal !== 'card_number_taken') throw refused(outcome.refusal, { type: 'issueCard' });
  }
  throw refused('card_number_taken', { type: 'issueCard' });
}

/** The number behind the card that the event names: on a repeat it may be of a later attempt than the one just made. */
function numberOf({ event }: Done, vault: Vault, { commandId }: CommandContext): string {
  const { cardId } = expectEvent(event, 'CardIssued').data;
  for (let attempt = 0; attempt < MAX_NUMBER_ATTEMPTS; attempt++) {
    const { number } = vault.generate(commandId, attempt);
    if (typeId('card', vault.fingerprint(number)) === cardId) return number;
  }
  throw new ApiError('card_number_lost');
}

/** A card works through the last day of this month, UTC, three years on. YYMM. */
export function expiryAfter(now: number): string {
  const date = new Date(now);
  const year = (date.getUTCFullYear() + 3) % 100;
  return `${String(year).padStart(2, '0')}${String(date.getUTCMonth() + 1).padStart(2, '0')}`;
}
