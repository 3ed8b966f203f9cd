// cardIdOf.ts: which card a message from the outside means.

import type { CardId } from '@holdfast/domain';
import { cardReferenceOf, typeId, type WireMessage } from '@holdfast/events';
import type { Vault } from '@holdfast/vault';

/** A number is known by its keyed fingerprint from here on. */
export function cardIdOf(wire: WireMessage, vault: Pick<Vault, 'fingerprint'>): CardId {
  const reference = cardReferenceOf(wire);
  return reference.by === 'id' ? reference.id : typeId('card', vault.fingerprint(reference.number));
}
