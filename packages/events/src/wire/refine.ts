// refine.ts: what a network message must keep and JSON Schema cannot say. Plain code, since the hot route runs it.

import { isCurrencyCode } from '@holdfast/money';
import type { WireMessage } from './networkMessage.ts';

export const REFINEMENT_CODES = [
  'card_ambiguous',
  'card_number_invalid',
  'card_number_elsewhere',
  'unknown_currency',
  'identity_missing',
  'amount_ambiguous',
] as const;
export type RefinementCode = (typeof REFINEMENT_CODES)[number];

export type Refinement = {
  readonly code: RefinementCode;
  readonly path: readonly string[];
  readonly message: string;
};

const NONE: readonly Refinement[] = [];

/** What is wrong with a message of the right shape; empty when nothing is. */
export function refineNetworkMessage(wire: WireMessage): readonly Refinement[] {
  const found: Refinement[] = [];
  refineCard(wire, found);
  if (!isCurrencyCode(wire.currency)) found.push(unknownCurrency(['currency']));
  if (wire.billing !== undefined && !isCurrencyCode(wire.billing.currency)) {
    found.push(unknownCurrency(['billing', 'currency']));
  }
  if (wire.settlement !== undefined && !isCurrencyCode(wire.settlement.currency)) {
    found.push(unknownCurrency(['settlement', 'currency']));
  }
  if (!hasIdentity(wire)) {
    found.push({
      code: 'identity_missing',
      path: [],
      message: 'a message needs message_id, or acquirer_id, terminal_id, stan and transmitted_at',
    });
  }
  if ('remaining_amount' in wire && wire.remaining_amount !== undefined && wire.amount !== undefined) {
    found.push({
      code: 'amount_ambiguous',
      path: ['remaining_amount'],
      message: 'a reversal has amount (to release), or remaining_amount (what stands), or neither, not both',
    });
  }
  return found.length === 0 ? NONE : found;
}

function hasIdentity(wire: WireMessage): boolean {
  return (
    wire.message_id !== undefined ||
    (wire.acquirer_id !== undefined &&
      wire.terminal_id !== undefined &&
      wire.stan !== undefined &&
      wire.transmitted_at !== undefined)
  );
}

function refineCard(wire: WireMessage, found: Refinement[]): void {
  const { number, id, expiry, cvv2 } = wire.card;
  if ((number === undefined) === (id === undefined)) {
    found.push({ code: 'card_ambiguous', path: ['card'], message: 'a card is given by number or by id, one of them' });
  } else if (id !== undefined && (expiry !== undefined || cvv2 !== undefined)) {
    found.push({ code: 'card_ambiguous', path: ['card'], message: 'expiry and cvv2 go with a number, not with an id' });
  }
  if (number === undefined) return;
  if (!passesLuhn(number)) {
    found.push({ code: 'card_number_invalid', path: ['card', 'number'], message: 'the check digit is wrong' });
  }
  refuseNumberElsewhere(wire, number, found);
}

/** A card number in any other field would get into the log in clear, for ever. */
function refuseNumberElsewhere(wire: WireMessage, number: string, found: Refinement[]): void {
  const refuseIn = (text: string | undefined, path: readonly string[]) => {
    if (text === undefined || text.length < number.length || !holds(text, number)) return;
    found.push({ code: 'card_number_elsewhere', path, message: 'a card number may stand in card.number only' });
  };
  refuseIn(wire.message_id, ['message_id']);
  refuseIn(wire.network, ['network']);
  refuseIn(wire.network_transaction_id, ['network_transaction_id']);
  refuseIn(wire.acquirer_id, ['acquirer_id']);
  refuseIn(wire.terminal_id, ['terminal_id']);
  refuseIn(wire.rrn, ['rrn']);
  refuseIn(wire.arn, ['arn']);
  refuseIn(wire.entry_mode, ['entry_mode']);
  refuseIn(wire.wallet, ['wallet']);
  refuseIn(wire.reason, ['reason']);
  refuseIn(wire.billing?.rate, ['billing', 'rate']);
  refuseIn(wire.settlement?.rate, ['settlement', 'rate']);
  refuseIn(wire.merchant?.id, ['merchant', 'id']);
  refuseIn(wire.merchant?.name, ['merchant', 'name']);
  refuseIn(wire.merchant?.city, ['merchant', 'city']);
  refuseIn(wire.verification?.avs, ['verification', 'avs']);
  refuseIn(wire.verification?.three_ds, ['verification', 'three_ds']);
  refuseIn(wire.verification?.pin, ['verification', 'pin']);
  refuseIn(wire.original?.acquirer_id, ['original', 'acquirer_id']);
  if (wire.private_data === undefined) return;
  for (const [key, value] of Object.entries(wire.private_data)) {
    refuseIn(value, ['private_data', key]);
    // The path of a key that holds the number would show it.
    refuseIn(key, ['private_data']);
  }
}

/** Also when its digits are grouped, as in `4761 7390 0101 0119`. */
function holds(text: string, number: string): boolean {
  return text.includes(number) || text.replace(/[^0-9]/g, '').includes(number);
}

function unknownCurrency(path: readonly string[]): Refinement {
  return { code: 'unknown_currency', path, message: 'not a currency code of ISO 4217, such as EUR, USD or JPY' };
}

/** ISO/IEC 7812-1, annex B: from the right, every second digit doubled, digits summed, a multiple of ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at -= 1, doubled = !doubled) {
    const digit = digits.charCodeAt(at) - 48;
    sum += !doubled ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}
