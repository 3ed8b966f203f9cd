// message.ts: arbitraries for network messages: good ones of every kind, and good ones with something done to them.

import type { CardId, NetworkMessage } from '@holdfast/domain';
import { MESSAGE_TYPES } from '@holdfast/domain';
import fc from 'fast-check';
import { toNetworkMessage } from '../wire/convert.ts';
import { MAX_WIRE_AMOUNT, WIRE_LIMITS } from '../wire/fields.ts';
import { networkMessageSchema, type WireMessage } from '../wire/networkMessage.ts';
import { passesLuhn } from '../wire/refine.ts';
import { currency, expiry, ids, instant, mcc, object } from './fields.ts';

const amount = fc.oneof(fc.constantFrom(0, 1, MAX_WIRE_AMOUNT), fc.integer({ min: 0, max: MAX_WIRE_AMOUNT }));
const token = fc.constantFrom('visa', 'mastercard', 'none', 'a_1', '0', 'x'.repeat(20));
/** As `'000123'`: from a number, since generating strings by pattern is slow. */
const digits = (length: number) => fc.nat(10 ** length - 1).map((each) => String(each).padStart(length, '0'));
const visible = (most: number) => fc.string({ minLength: 1, maxLength: most }).map((each) => each.replaceAll(' ', '_'));
const text = (most: number) =>
  fc.string({ unit: 'binary', maxLength: most }).map((each) => each.replace(/[\p{Cc}\p{Cs}]/gu, '') || 'é');
/** Also without milliseconds, and with fewer than three digits of them. */
const time = fc
  .tuple(instant, fc.constantFrom('', '.0', '.25', '.125'))
  .map(([at, fraction]) => `${new Date(at).toISOString().slice(0, 19)}${fraction}Z`);
const country = fc.constantFrom('DE', 'FR', 'US', 'JP');
const converted = object(
  { amount, currency },
  { rate: fc.constantFrom('1.0900', '0', '1', '999999999999.999999999999') },
);

/** 12 to 19 digits that stand nowhere else by chance, the last of which makes the check come out. */
const number = fc
  .tuple(fc.integer({ min: 11, max: 18 }), digits(15))
  .map(([length, some]) => `476173${some}`.slice(0, length))
  .map((start) => [...'0123456789'].map((check) => start + check).find(passesLuhn) ?? '');

const card = fc.oneof(object({ id: ids.card }), object({ number }, { expiry, cvv2: fc.oneof(digits(3), digits(4)) }));
const merchant = object(
  { id: visible(WIRE_LIMITS.merchantId), mcc },
  { name: text(WIRE_LIMITS.merchantName), city: text(WIRE_LIMITS.merchantCity), country },
);
const privateData = fc.dictionary(
  fc.oneof(fc.constantFrom('de48', 'DE-48.71', 'amountMinor', 'constructor', 'toString')),
  text(WIRE_LIMITS.privateDataValue),
  { maxKeys: 4, noNullPrototype: true },
);
const network = { acquirer_id: visible(11), terminal_id: visible(8), stan: digits(6), transmitted_at: time };

const details = {
  repeat: fc.boolean(),
  network_transaction_id: visible(20),
  billing: converted,
  settlement: converted,
  cash_amount: amount,
  surcharge_amount: amount,
  interchange: amount,
  acquirer_country: country,
  rrn: fc.oneof(digits(12), fc.constantFrom('A', 'z9')),
  authorization_code: fc.oneof(digits(6), fc.constantFrom('A1B2C3', '7')),
  arn: digits(15).map((some) => `74${some}000000`),
  answer_by: time,
  entry_mode: token,
  card_present: fc.boolean(),
  wallet: token,
  partial_approval: fc.boolean(),
  verification: object<object, object>({}, { avs: token, three_ds: token, pin: token }),
  original: object({
    type: fc.constantFrom(...MESSAGE_TYPES),
    stan: digits(6),
    transmitted_at: time,
    acquirer_id: visible(11),
  }),
  network_decision: fc.constantFrom('approved', 'declined'),
  reason: text(WIRE_LIMITS.reason),
  private_data: privateData,
};

const identity = fc.oneof(
  object<object, object>({ message_id: visible(WIRE_LIMITS.messageId) }, network),
  object<object, object>(network, { message_id: visible(WIRE_LIMITS.messageId) }),
);
const common = fc
  .tuple(identity, object<object, object>({ network: token, card, currency }, details))
  .map(([who, what]) => ({ ...who, ...what }));

function kind(type: WireMessage['type']): fc.Arbitrary<object> {
  switch (type) {
    case 'reversal':
    case 'reversal_advice':
      return fc
        .tuple(
          fc.oneof(fc.constant({}), object({ amount }), object({ remaining_amount: amount })),
          object<object, object>({}, { merchant }),
        )
        .map(([sum, rest]) => ({ ...sum, ...rest }));
    case 'clearing':
      return object<object, object>({ amount, merchant }, { final: fc.boolean() });
    case 'clearing_reversal':
    case 'refund_reversal':
      return object<object, object>({ amount }, { merchant });
    case 'balance_inquiry':
      return object<object, object>({}, { amount, merchant });
    case 'account_verification':
      return object<object, object>({ merchant }, { amount });
    default:
      return object({ amount, merchant });
  }
}

/** A message that the schema accepts, of one of `types`. */
export function wireMessage(types: readonly WireMessage['type'][] = MESSAGE_TYPES): fc.Arbitrary<WireMessage> {
  return fc
    .constantFrom(...types)
    .chain((type) => fc.tuple(fc.constant(type), common, kind(type)))
    .map(([type, shared, own]) => networkMessageSchema.parse({ type, ...shared, ...own }));
}

/** A message as the domain sees it, for a card of its own or for `card`. */
export function networkMessage(card: fc.Arbitrary<CardId> = ids.card): fc.Arbitrary<NetworkMessage> {
  return fc.tuple(wireMessage(), card).map(([wire, id]) => toNetworkMessage(wire, id));
}

/** What bad senders put in a field, as JSON texts so that `__proto__` is a field like any other. */
const hostileValues = fc.constantFrom(
  ...['null', 'true', '-1', '-0', '0.5', '1e3', '1e21', '1000000000000', '9007199254740993', '""', '" "', '"0"', '[]'],
  ...['{}', '{"__proto__":{}}', '{"constructor":"x"}', '"EUR "', '"XXX"', '"eur"', '"ZZZ"', '"\\u0000"', '"\\ud800"'],
  ...['"2026-02-29T12:00:00Z"', '"2024-02-29T12:00:00Z"', '"2026-03-01T24:00:00Z"', '"2026-03-01T12:00:00+00:00"'],
  ...['"4761739001010119"', '"4761739001010118"', '"4761 7390 0101 0119"', '"00000000000"', '"authorization"'],
  ...[`"${'x'.repeat(300)}"`, `"${'💳'.repeat(100)}"`, '"\\u0661\\u0662\\u0663"', '"clearing"', '"reversal"'],
);
const hostileNames = fc.constantFrom(
  '__proto__',
  'constructor',
  'Amount',
  'toString',
  'x',
  'final',
  'remaining_amount',
);

/** A good message with up to three fields, anywhere in it, dropped, added or given another value. Often still good. */
export const hostileWireMessage: fc.Arbitrary<unknown> = fc
  .tuple(
    wireMessage(),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'set', 'add'), hostileNames, hostileValues), { maxLength: 3 }),
  )
  .map(([wire, changes]) => {
    const message: unknown = JSON.parse(JSON.stringify(wire));
    for (const [pick, change, name, value] of changes) {
      const places = placesOf(message);
      const place = places[pick % places.length];
      if (place === undefined) break;
      const [holder, key] = place;
      if (change === 'drop') Reflect.deleteProperty(holder, key);
      else define(holder, change === 'set' ? key : name, JSON.parse(value));
    }
    return message;
  });

function placesOf(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesOf(inner)]);
}

function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
