// messageFault.ts: what ajv found wrong with a message, as a field and what is expected of it.

import { MESSAGE_TYPES } from '@holdfast/domain';
import { WIRE_LIMITS } from '@holdfast/events';
import type { FieldError } from '@holdfast/http';
import type { ErrorObject } from 'ajv';

const TIME = 'must be a time in UTC with at most milliseconds, such as 2026-03-01T12:00:00Z';
const AMOUNT = `must be an integer of at most ${WIRE_LIMITS.amountDigits} digits, in minor units, not below 0`;

/** What a field with a pattern expects, in words. A test sees to it that every such field of the schema is here. */
export const EXPECTATIONS: Readonly<Record<string, string>> = {
  acquirer_country: 'must be an ISO 3166-1 country code, two capitals such as DE',
  acquirer_id: `must be 1 to ${WIRE_LIMITS.acquirerId} visible ASCII characters`,
  answer_by: TIME,
  arn: `must be 1 to ${WIRE_LIMITS.arn} letters or digits`,
  authorization_code: `must be 1 to ${WIRE_LIMITS.authorizationCode} letters or digits`,
  avs: `must be 1 to ${WIRE_LIMITS.token} lower-case letters, digits or underscores`,
  city: `must be 1 to ${WIRE_LIMITS.merchantCity} characters, without control characters`,
  country: 'must be an ISO 3166-1 country code, two capitals such as DE',
  currency: 'must be an ISO 4217 currency code, three capitals such as EUR',
  cvv2: 'must be 3 or 4 digits',
  entry_mode: `must be 1 to ${WIRE_LIMITS.token} lower-case letters, digits or underscores`,
  expiry: 'must be four digits, YYMM',
  'card.id': 'must be a card id, such as card_01h2xcejqtf2nbrexx3vqjhp41',
  'merchant.id': `must be 1 to ${WIRE_LIMITS.merchantId} printable ASCII characters`,
  mcc: 'must be a merchant category code, four digits such as 5812',
  message_id: `must be 1 to ${WIRE_LIMITS.messageId} visible ASCII characters`,
  name: `must be 1 to ${WIRE_LIMITS.merchantName} characters, without control characters`,
  network: `must be 1 to ${WIRE_LIMITS.network} lower-case letters, digits or underscores`,
  network_transaction_id: `must be 1 to ${WIRE_LIMITS.networkTransactionId} visible ASCII characters`,
  number: 'must be a card number, 12 to 19 digits',
  pin: `must be 1 to ${WIRE_LIMITS.token} lower-case letters, digits or underscores`,
  rate: 'must be a decimal with at most 12 digits before and 12 after the point, such as 1.09',
  reason: `must be 1 to ${WIRE_LIMITS.reason} characters, without control characters`,
  rrn: `must be 1 to ${WIRE_LIMITS.rrn} letters or digits`,
  stan: 'must be six digits',
  terminal_id: `must be 1 to ${WIRE_LIMITS.terminalId} printable ASCII characters`,
  three_ds: `must be 1 to ${WIRE_LIMITS.token} lower-case letters, digits or underscores`,
  transmitted_at: TIME,
  wallet: `must be 1 to ${WIRE_LIMITS.token} lower-case letters, digits or underscores`,
};

const PRIVATE_KEY = `has a key that is not 1 to ${WIRE_LIMITS.privateDataKey} letters, digits, dots, hyphens or underscores`;
const PRIVATE_VALUE = `must be a text of at most ${WIRE_LIMITS.privateDataValue} characters, without control characters`;

/** Never repeats the value that was sent. */
export function messageFault({ keyword, instancePath, params, propertyName, message }: ErrorObject): FieldError {
  const path = instancePath === '' ? [] : instancePath.slice(1).split('/').map(unescaped);
  const field = path.join('.') || 'body';
  if (propertyName !== undefined) return { field, message: PRIVATE_KEY };
  switch (keyword) {
    case 'additionalProperties':
      return { field: [...path, String(params.additionalProperty)].join('.'), message: 'is not a known field' };
    case 'required':
      return { field: [...path, String(params.missingProperty)].join('.'), message: 'is required' };
    case 'discriminator':
      return { field: 'type', message: `must be one of ${MESSAGE_TYPES.join(', ')}` };
    case 'enum':
      return { field, message: `must be one of ${[params.allowedValues].flat().join(', ')}` };
    case 'type':
    case 'minimum':
    case 'maximum':
      return { field, message: typeFault(params.type ?? 'integer', path) };
    case 'maxProperties':
      return { field, message: `must have at most ${params.limit} entries` };
    case 'pattern':
      return { field, message: expectation(path) ?? 'is not as expected' };
    default:
      return { field, message: message ?? 'is not as expected' };
  }
}

function typeFault(expected: unknown, path: readonly string[]): string {
  if (expected === 'integer') return AMOUNT;
  if (expected === 'object') return 'must be an object';
  return expectation(path) ?? `must be a ${String(expected)}`;
}

function expectation(path: readonly string[]): string | undefined {
  if (path[0] === 'private_data') return PRIVATE_VALUE;
  return EXPECTATIONS[path.slice(-2).join('.')] ?? EXPECTATIONS[path.at(-1) ?? ''];
}

/** JSON Pointer, RFC 6901. */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
