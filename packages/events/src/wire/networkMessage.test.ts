import { MESSAGE_TYPES } from '@holdfast/domain';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hostileWireMessage, wireMessage } from '../arbitraries.ts';
import { encode } from '../codec.ts';
import { cardId, commandIdOf } from '../ids.ts';
import { toNetworkMessage } from './convert.ts';
import { MAX_WIRE_AMOUNT, WIRE_LIMITS } from './fields.ts';
import { networkMessageJsonSchema, networkMessageSchema, type WireMessage } from './networkMessage.ts';
import { parseNetworkMessage } from './parse.ts';
import { refineNetworkMessage } from './refine.ts';

const ajv = new Ajv({ discriminator: true, coerceTypes: false, removeAdditional: false });
const shapeIsRight = ajv.compile<WireMessage>(networkMessageJsonSchema);
const ajvAccepts = (input: unknown) => shapeIsRight(input) && refineNetworkMessage(input).length === 0;
const zodAccepts = (input: unknown) => networkMessageSchema.safeParse(input).success;

/** Accepted or refused, by both; and if refused, which fields are at fault with which codes. */
function outcome(input: unknown): string {
  const parsed = parseNetworkMessage(input);
  expect(ajvAccepts(input)).toBe('wire' in parsed);
  if ('wire' in parsed) return 'accepted';
  return parsed.issues.map(({ field, code }) => (code === 'invalid_field' ? field : `${field}: ${code}`)).join(', ');
}

const NUMBER = '4761739001010119';
const merchant = { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' };
const authorization = {
  type: 'authorization',
  network: 'visa',
  card: { number: NUMBER, expiry: '2811', cvv2: '123' },
  amount: 4000,
  currency: 'EUR',
  merchant,
  acquirer_id: '400123',
  terminal_id: 'TERM0001',
  stan: '000123',
  transmitted_at: '2026-03-01T12:00:00Z',
};
const { amount: _, merchant: __, ...bare } = authorization;
const reversal = { ...bare, type: 'reversal' };
const without = (field: keyof typeof authorization) => ({ ...authorization, [field]: undefined });
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const long = (most: number) => 'x'.repeat(most);

describe('zod and ajv', () => {
  test.each(MESSAGE_TYPES)('accept every good %s', (type) => {
    fc.assert(
      fc.property(wireMessage([type]), (wire) => zodAccepts(wire) && ajvAccepts(wire)),
      { numRuns: 30 },
    );
  });

  test('agree on messages that something was done to', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(hostileWireMessage, (input) => {
        const accepted = zodAccepts(input);
        expect(ajvAccepts(input)).toBe(accepted);
        seen[accepted ? 'accepted' : 'refused'] += 1;
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  });

  test('agree on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => !zodAccepts(input) && !ajvAccepts(input)),
      { numRuns: 300 },
    );
  });

  test('agree on any value under the name of any field', () => {
    const names = fc.constantFrom(...Object.keys(shapeOf('authorization')), 'final', 'remaining_amount', '__proto__');
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        const input = json(authorization);
        if (typeof input === 'object' && input !== null) {
          Object.defineProperty(input, name, { value, enumerable: true, configurable: true, writable: true });
        }
        expect(ajvAccepts(input)).toBe(zodAccepts(input));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the schema', () => {
  test('knows every kind of message', () => {
    const kinds = z.object({
      oneOf: z.array(z.object({ properties: z.object({ type: z.object({ const: z.string() }) }) })),
    });
    expect(kinds.parse(networkMessageJsonSchema).oneOf.map(({ properties }) => properties.type.const)).toEqual([
      ...MESSAGE_TYPES,
    ]);
  });

  test.each([
    ['the example of the documentation', authorization, 'accepted'],
    ['a card by id', { ...authorization, card: { id: cardId('c') } }, 'accepted'],
    ['no type', { ...authorization, type: undefined }, 'type'],
    ['an unknown type', { ...authorization, type: 'authorisation' }, 'type'],
    ['a text', 'authorization', ''],
    ['a list', [authorization], ''],
    ['an unknown field', { ...authorization, tip: 1 }, 'tip: unknown_field'],
    [
      'an unknown field of the merchant',
      { ...authorization, merchant: { ...merchant, mid: 1 } },
      'merchant.mid: unknown_field',
    ],
    ['private data for what is not listed', { ...authorization, private_data: { de48: 'x' } }, 'accepted'],

    ['an amount of zero', { ...authorization, amount: 0 }, 'accepted'],
    ['the largest amount', { ...authorization, amount: MAX_WIRE_AMOUNT }, 'accepted'],
    ['one more', { ...authorization, amount: 1_000_000_000_000 }, 'amount'],
    ['an amount below zero', { ...authorization, amount: -1 }, 'amount'],
    ['a fraction', { ...authorization, amount: 40.5 }, 'amount'],
    ['an amount as text', { ...authorization, amount: '4000' }, 'amount'],
    ['no amount', without('amount'), 'amount'],
    ['an amount of null', { ...authorization, amount: null }, 'amount'],
    ['cash below zero', { ...authorization, cash_amount: -1 }, 'cash_amount'],
    ['billing without a currency', { ...authorization, billing: { amount: 1 } }, 'billing.currency'],
    ['a rate as a number', { ...authorization, billing: { amount: 1, currency: 'EUR', rate: 1 } }, 'billing.rate'],

    ['an unknown currency', { ...authorization, currency: 'EUX' }, 'currency: unknown_currency'],
    ['gold', { ...authorization, currency: 'XAU' }, 'currency: unknown_currency'],
    ['a currency in lower case', { ...authorization, currency: 'eur' }, 'currency'],
    [
      'an unknown currency of billing',
      { ...authorization, billing: { amount: 1, currency: 'AAA' } },
      'billing.currency: unknown_currency',
    ],
    [
      'an unknown currency of settlement',
      { ...authorization, settlement: { amount: 1, currency: 'AAA' } },
      'settlement.currency: unknown_currency',
    ],

    ['no card', without('card'), 'card'],
    ['a card of nothing', { ...authorization, card: {} }, 'card: card_ambiguous'],
    ['a number and an id', { ...authorization, card: { number: NUMBER, id: cardId('c') } }, 'card: card_ambiguous'],
    ['an id with an expiry', { ...authorization, card: { id: cardId('c'), expiry: '2811' } }, 'card: card_ambiguous'],
    ['an id with a CVV2', { ...authorization, card: { id: cardId('c'), cvv2: '123' } }, 'card: card_ambiguous'],
    ['an id that is none', { ...authorization, card: { id: 'card_1' } }, 'card.id'],
    [
      'a wrong check digit',
      { ...authorization, card: { number: '4761739001010118' } },
      'card.number: card_number_invalid',
    ],
    ['11 digits', { ...authorization, card: { number: '47617390010' } }, 'card.number'],
    ['12 digits', { ...authorization, card: { number: '476173900103' } }, 'accepted'],
    ['19 digits', { ...authorization, card: { number: '4761739001010119005' } }, 'accepted'],
    ['20 digits', { ...authorization, card: { number: '47617390010101190000' } }, 'card.number'],
    ['month 00', { ...authorization, card: { number: NUMBER, expiry: '2800' } }, 'card.expiry'],
    ['month 13', { ...authorization, card: { number: NUMBER, expiry: '2813' } }, 'card.expiry'],
    ['a CVV2 of 2 digits', { ...authorization, card: { number: NUMBER, cvv2: '12' } }, 'card.cvv2'],

    ['no merchant', without('merchant'), 'merchant'],
    ['an MCC of 3 digits', { ...authorization, merchant: { id: '1', mcc: '581' } }, 'merchant.mcc'],
    ['an MCC as a number', { ...authorization, merchant: { id: '1', mcc: 5812 } }, 'merchant.mcc'],
    ['a country in lower case', { ...authorization, merchant: { ...merchant, country: 'de' } }, 'merchant.country'],
    ['a merchant named in any script', { ...authorization, merchant: { ...merchant, name: '寿司 💳' } }, 'accepted'],
    ['a control character', { ...authorization, merchant: { ...merchant, name: 'A\nB' } }, 'merchant.name'],
    ['half of an emoji', { ...authorization, merchant: { ...merchant, name: '\ud83d' } }, 'merchant.name'],

    ['no network', without('network'), 'network'],
    ['a network with a hyphen', { ...authorization, network: 'visa-eu' }, 'network'],
    ['a STAN of 5 digits', { ...authorization, stan: '00012' }, 'stan'],
    ['a STAN in other digits', { ...authorization, stan: '٠٠٠١٢٣' }, 'stan'],
    ['milliseconds', { ...authorization, transmitted_at: '2026-03-01T12:00:00.123Z' }, 'accepted'],
    ['microseconds', { ...authorization, transmitted_at: '2026-03-01T12:00:00.123456Z' }, 'transmitted_at'],
    ['another time zone', { ...authorization, transmitted_at: '2026-03-01T12:00:00+01:00' }, 'transmitted_at'],
    ['29 February of a leap year', { ...authorization, transmitted_at: '2024-02-29T12:00:00Z' }, 'accepted'],
    ['29 February of another year', { ...authorization, transmitted_at: '2026-02-29T12:00:00Z' }, 'transmitted_at'],
    ['31 April', { ...authorization, transmitted_at: '2026-04-31T12:00:00Z' }, 'transmitted_at'],
    ['hour 24', { ...authorization, transmitted_at: '2026-03-01T24:00:00Z' }, 'transmitted_at'],

    ['no identity', without('stan'), ': identity_missing'],
    ['a message id in place of a STAN', { ...without('stan'), message_id: 'm-1' }, 'accepted'],
    ['repeat as a text', { ...authorization, repeat: 'true' }, 'repeat'],

    ['final of an authorization', { ...authorization, final: true }, 'final: unknown_field'],
    ['final of a clearing', { ...authorization, type: 'clearing', final: false }, 'accepted'],
    [
      'a remaining amount of an authorization',
      { ...authorization, remaining_amount: 1 },
      'remaining_amount: unknown_field',
    ],
    ['a reversal of all', reversal, 'accepted'],
    ['a reversal of an amount', { ...reversal, amount: 1 }, 'accepted'],
    ['a reversal to what remains', { ...reversal, remaining_amount: 0 }, 'accepted'],
    ['a reversal of both', { ...reversal, amount: 1, remaining_amount: 1 }, 'remaining_amount: amount_ambiguous'],
    ['a verification without an amount', { ...bare, type: 'account_verification', merchant }, 'accepted'],
    ['a clearing without an amount', { ...bare, type: 'clearing', merchant }, 'amount'],
    ['a refund without a merchant', { ...bare, type: 'refund', amount: 1 }, 'merchant'],
    [
      'an original without its STAN',
      { ...reversal, original: { type: 'authorization' } },
      'original.stan, original.transmitted_at, original.acquirer_id',
    ],
  ])('on %s', (__, input, expected) => {
    expect(outcome(json(input))).toBe(expected);
  });
});

describe('the longest text that a field takes, and one character more', () => {
  test.each<[string, number, (text: string) => object]>([
    ['message_id', WIRE_LIMITS.messageId, (text) => ({ message_id: text })],
    ['network', WIRE_LIMITS.network, (text) => ({ network: text })],
    ['network_transaction_id', WIRE_LIMITS.networkTransactionId, (text) => ({ network_transaction_id: text })],
    ['merchant.id', WIRE_LIMITS.merchantId, (text) => ({ merchant: { ...merchant, id: text } })],
    ['merchant.name', WIRE_LIMITS.merchantName, (text) => ({ merchant: { ...merchant, name: text } })],
    ['merchant.city', WIRE_LIMITS.merchantCity, (text) => ({ merchant: { ...merchant, city: text } })],
    ['acquirer_id', WIRE_LIMITS.acquirerId, (text) => ({ acquirer_id: text })],
    ['terminal_id', WIRE_LIMITS.terminalId, (text) => ({ terminal_id: text })],
    ['rrn', WIRE_LIMITS.rrn, (text) => ({ rrn: text })],
    ['authorization_code', WIRE_LIMITS.authorizationCode, (text) => ({ authorization_code: text })],
    ['arn', WIRE_LIMITS.arn, (text) => ({ arn: text })],
    ['entry_mode', WIRE_LIMITS.token, (text) => ({ entry_mode: text })],
    ['wallet', WIRE_LIMITS.token, (text) => ({ wallet: text })],
    ['verification.three_ds', WIRE_LIMITS.token, (text) => ({ verification: { three_ds: text } })],
    ['reason', WIRE_LIMITS.reason, (text) => ({ reason: text })],
    ['private_data', WIRE_LIMITS.privateDataKey, (text) => ({ private_data: { [text]: '' } })],
    ['private_data.x', WIRE_LIMITS.privateDataValue, (text) => ({ private_data: { x: text } })],
  ])('%s: %i', (field, most, change) => {
    expect(outcome({ ...authorization, ...change(long(most)) })).toBe('accepted');
    expect(outcome({ ...authorization, ...change(long(most + 1)) })).toBe(field);
  });

  test('characters outside the basic plane count once', () => {
    const named = (name: string) => outcome({ ...authorization, merchant: { ...merchant, name } });
    expect(named('💳'.repeat(WIRE_LIMITS.merchantName))).toBe('accepted');
    expect(named('💳'.repeat(WIRE_LIMITS.merchantName + 1))).toBe('merchant.name');
  });

  test('private data takes 32 entries', () => {
    const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (__, at) => [`de${at}`, 'x']));
    expect(outcome({ ...authorization, private_data: entries(32) })).toBe('accepted');
    expect(outcome({ ...authorization, private_data: entries(33) })).toBe('private_data');
  });

  test('private data is an object with plain names', () => {
    for (const value of [[], 'x', 1, null])
      expect(outcome({ ...authorization, private_data: value })).toBe('private_data');
    for (const name of ['', ' ', 'é', '.x']) {
      expect(outcome({ ...authorization, private_data: { [name]: 'x' } })).toBe('private_data');
    }
    const poisoned: unknown = JSON.parse('{"__proto__":"x"}');
    expect(outcome({ ...authorization, private_data: poisoned })).toBe('private_data');
  });
});

test('the largest message fits into an event of the log', () => {
  const value = '💳'.repeat(WIRE_LIMITS.privateDataValue);
  const name = (at: number) => String(at).padEnd(WIRE_LIMITS.privateDataKey, 'x');
  const largest = {
    ...authorization,
    message_id: '"'.repeat(WIRE_LIMITS.messageId),
    reason: '💳'.repeat(WIRE_LIMITS.reason),
    merchant: { ...merchant, name: '💳'.repeat(100), city: '💳'.repeat(100) },
    private_data: Object.fromEntries(Array.from({ length: 32 }, (__, at) => [name(at), value])),
  };
  expect(outcome(largest)).toBe('accepted');
  const { data } = encode(
    {
      type: 'ReversalParked',
      data: { message: toNetworkMessage(networkMessageSchema.parse(largest), cardId('c')), parkedUntil: 'x' },
    },
    { occurredAt: 0, commandId: commandIdOf('a'), correlationId: 'r', actor: 'system' },
  );
  expect(Buffer.byteLength(data)).toBeLessThan(40 * 1024);
});

function shapeOf(type: WireMessage['type']): object {
  const [sample] = fc.sample(wireMessage([type]), 1);
  return { ...sample, billing: 0, settlement: 0, original: 0, verification: 0, private_data: 0, arn: 0, rrn: 0 };
}
