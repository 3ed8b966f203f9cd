import type { Controls, DomainEvent, EventMetadata } from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyEvent, eventArbitraries, metadata } from './arbitraries.ts';
import { decode, encode, UndecodableEvent } from './codec.ts';
import { isoTime } from './encode.ts';
import { accountId, apiKeyId, cardId, commandIdOf, limitId, programId, transactionId } from './ids.ts';
import { isObject } from './stored.ts';
import { validate } from './validate.ts';
import { EVENT_TYPES } from './versions.ts';

const facts: EventMetadata = {
  occurredAt: Date.UTC(2026, 2, 1, 12),
  commandId: commandIdOf('a'),
  correlationId: 'req-1',
  actor: apiKeyId('k'),
};

const expired: DomainEvent = {
  type: 'AuthorizationExpired',
  data: {
    transactionId: transactionId('t'),
    expiresAt: '2026-03-08T12:00:00.000Z',
    taken: { openMinor: 4000n, openAccountMinor: 4360n, heldMinor: 4360n },
    spending: [{ at: '2026-03-01T12:00:00.000Z', amountMinor: -4360n }],
    status: 'expired',
    entry: [],
    balances: { availableMinor: 100_000n, heldMinor: 0n },
  },
};

describe.each(EVENT_TYPES)('%s', (type) => {
  test('is valid as encoded, and the same after decoding', () => {
    fc.assert(
      fc.property(eventArbitraries[type], metadata, fc.nat(), (event: DomainEvent, about, revision) => {
        const stored = encode(event, about);
        expect(validate(stored)).toEqual([]);
        expect(decode({ ...stored, revision })).toStrictEqual({ ...event, metadata: about, revision });
      }),
      { numRuns: 60 },
    );
  });

  test('has its amounts as decimal strings and is JSON as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(eventArbitraries[type], metadata, (event: DomainEvent, about) => {
        const stored = encode(event, about);
        const amountsAsText = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
        expect(stored.data).toBe(JSON.stringify(event.data, amountsAsText));
      }),
      { numRuns: 20 },
    );
  });

  test('with a piece dropped or replaced is decoded or refused as undecodable, never anything else', () => {
    fc.assert(
      fc.property(eventArbitraries[type], fc.nat(), fc.jsonValue(), (event: DomainEvent, pick, value) => {
        const stored = encode(event, facts);
        const data: unknown = JSON.parse(stored.data);
        const places = placesOf(data);
        const place = places[pick % places.length];
        if (place !== undefined) Reflect.set(place[0], place[1], value);
        decodesOrRefuses({ ...stored, data: JSON.stringify(data) });
      }),
      { numRuns: 60 },
    );
  });
});

describe('encoding', () => {
  test('leaves out what is undefined', () => {
    const event = { type: 'CardPaused', data: { cardId: cardId('c'), reason: undefined } };
    // The types forbid an undefined reason; spreads of untyped callers bring one all the same.
    expect(encode(event as unknown as DomainEvent, facts).data).toBe(`{"cardId":"${cardId('c')}"}`);
  });

  test('writes the metadata with its version and its time', () => {
    const about = { ...facts, programId: programId('p'), causationId: 'cause' };
    expect(JSON.parse(encode(expired, about).metadata)).toEqual({
      ...about,
      schemaVersion: 1,
      occurredAt: '2026-03-01T12:00:00.000Z',
    });
  });

  test.each([
    ['an amount that is a number', { taken: { openMinor: 4000 } }],
    ['a bigint that is no amount', { count: 1n }],
    ['a fraction', { holdExpiryDays: 1.5 }],
    ['not a number', { holdExpiryDays: Number.NaN }],
    ['null', { reason: null }],
    ['a function', { reason: () => 1 }],
  ])('refuses %s', (_, data) => {
    expect(() => encode({ type: 'CardPaused', data } as unknown as DomainEvent, facts)).toThrow(TypeError);
  });

  test('writes moments as Date does', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(-1, 0), max: Date.UTC(10_001, 0) }), (at) => {
        const text = new Date(at).toISOString();
        if (text.length === 24) expect(isoTime(at)).toBe(text);
        else expect(() => isoTime(at)).toThrow(RangeError);
      }),
    );
    for (const at of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) expect(() => isoTime(at)).toThrow(RangeError);
  });
});

describe('decoding refuses', () => {
  const stored = { ...encode(expired, facts), revision: 7, stream: 'account-1' };
  const withData = (change: object) => ({ data: JSON.stringify({ ...JSON.parse(stored.data), ...change }) });
  const withMetadata = (change: object) => ({
    metadata: JSON.stringify({ ...JSON.parse(stored.metadata), ...change }),
  });
  const leg = { account: 'held', currency: 'EUR', debitMinor: '1' };

  test.each([
    ['an unknown type', { type: 'AccountRenamed' }, 'type is unknown'],
    ['a name of Object’s', { type: 'constructor' }, 'type is unknown'],
    ['a newer version', withMetadata({ schemaVersion: 2 }), 'newer than 1'],
    ['version 0', withMetadata({ schemaVersion: 0 }), 'schemaVersion'],
    ['no version', withMetadata({ schemaVersion: undefined }), 'schemaVersion'],
    ['data that is not JSON', { data: '{"a":' }, 'not a JSON object'],
    ['data that is a list', { data: '[]' }, 'not a JSON object'],
    ['metadata that is null', { metadata: 'null' }, 'not a JSON object'],
    ['no time', withMetadata({ occurredAt: undefined }), 'occurredAt'],
    ['a time without a zone', withMetadata({ occurredAt: '2026-03-01T12:00:00.000' }), 'occurredAt'],
    ['a day that does not exist', withMetadata({ occurredAt: '2026-13-01T12:00:00.000Z' }), 'occurredAt'],
    ['no command', withMetadata({ commandId: undefined }), 'commandId'],
    ['no actor', withMetadata({ actor: '' }), 'actor'],
    ['no transaction', withData({ transactionId: undefined }), 'transactionId'],
    ['no balances', withData({ balances: undefined }), 'balances'],
    ['balances without one', withData({ balances: { availableMinor: '1' } }), 'heldMinor'],
    ['no entry', withData({ entry: undefined }), 'entry'],
    ['an entry of texts', withData({ entry: ['x'] }), 'entry'],
    ['a leg without an amount', withData({ entry: [{ ...leg, debitMinor: undefined }] }), 'creditMinor'],
    ['a leg with both', withData({ entry: [{ ...leg, creditMinor: '1' }] }), 'a debit and a credit'],
    ['a leg of zero', withData({ entry: [{ ...leg, debitMinor: '0' }] }), 'not above zero'],
    ['a leg below zero', withData({ entry: [{ ...leg, debitMinor: '-1' }] }), 'not above zero'],
    ['a leg of no currency', withData({ entry: [{ ...leg, currency: 'XXX' }] }), 'currency'],
    ['an amount as a number', withData({ balances: { availableMinor: 1, heldMinor: '0' } }), 'availableMinor'],
    ['an amount with a plus', withData({ balances: { availableMinor: '+1', heldMinor: '0' } }), 'availableMinor'],
    [
      'an amount with a zero before it',
      withData({ balances: { availableMinor: '01', heldMinor: '0' } }),
      'availableMinor',
    ],
    ['a hexadecimal amount', withData({ balances: { availableMinor: '0x1', heldMinor: '0' } }), 'availableMinor'],
    ['an amount of spaces', withData({ balances: { availableMinor: ' ', heldMinor: '0' } }), 'availableMinor'],
    ['minus zero', withData({ balances: { availableMinor: '-0', heldMinor: '0' } }), 'availableMinor'],
    ['32 digits', withData({ balances: { availableMinor: '1'.repeat(32), heldMinor: '0' } }), 'availableMinor'],
  ])('%s', (_, change, what) => {
    expect(() => decode(stored)).not.toThrow();
    expect(() => decode({ ...stored, ...change })).toThrow(UndecodableEvent);
    expect(() => decode({ ...stored, ...change })).toThrow(what);
  });

  test('and says which event it was, but not what it held', () => {
    const bad = { ...stored, ...withData({ balances: { availableMinor: '4761739001010119x', heldMinor: '0' } }) };
    expect(() => decode(bad)).toThrow(
      'event AuthorizationExpired at revision 7 of stream account-1 cannot be read: ' +
        '"availableMinor" is not a decimal string of minor units',
    );
  });
});

describe('whatever the bytes are', () => {
  const bytes = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant(`${'['.repeat(200_000)}`));
  const types = fc.oneof(fc.constantFrom(...EVENT_TYPES), fc.string(), fc.constantFrom('__proto__', 'toString'));

  test('decoding gives an event or its own error, and validating never throws', () => {
    const goodMetadata = metadata.map((about) => encode(expired, about).metadata);
    fc.assert(
      fc.property(types, bytes, fc.oneof(bytes, goodMetadata), (type, data, about) => {
        decodesOrRefuses({ type, data, metadata: about });
      }),
      { numRuns: 500 },
    );
  });

  test('what is valid can be decoded', () => {
    fc.assert(
      fc.property(anyEvent, fc.nat(), fc.jsonValue(), (event, pick, value) => {
        const stored = encode(event, facts);
        const data: unknown = JSON.parse(stored.data);
        const place = placesOf(data)[pick % 20];
        if (place !== undefined) Reflect.set(place[0], place[1], value);
        const changed = { ...stored, data: JSON.stringify(data) };
        if (validate(changed).length === 0) expect(() => decode({ ...changed, revision: 0 })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

test('an event that a name of its private data calls an amount keeps it as text', () => {
  const event: DomainEvent = {
    type: 'ReversalParked',
    data: {
      message: {
        type: 'reversal',
        cardId: cardId('c'),
        network: 'visa',
        currency: currencyOf('EUR').code,
        privateData: { amountMinor: 'twelve', '"': '\\' },
      },
      parkedUntil: '2026-03-08T12:00:00.000Z',
    },
  };
  expect(decode({ ...encode(event, facts), revision: 0 }).data).toEqual(event.data);
});

describe('what many events say', () => {
  const eur = currencyOf('EUR').code;
  const opened = (program: string): DomainEvent => ({
    type: 'AccountOpened',
    data: { accountId: accountId('a'), programId: programId(program), currency: eur, creditLineMinor: 0n },
  });
  const limited = (merchantCategories: Controls['merchantCategories']): DomainEvent => ({
    type: 'AccountControlsSet',
    data: {
      controls: {
        limits: [{ id: limitId('l'), amountMinor: 1n, window: { kind: 'day', timeZone: 'UTC' } }],
        merchantCategories,
      },
    },
  });
  const readBack = (event: DomainEvent): DomainEvent => decode({ ...encode(event, facts), revision: 0 });

  test('is as each says it, however many different ones there are', () => {
    const programs = [...Array.from({ length: 10_001 }, (_, n) => String(n)), '0', '10000'];
    for (const program of programs) expect(readBack(opened(program)).data).toEqual(opened(program).data);
  });

  test('is in memory once: lists of no categories', () => {
    const events = [limited({ blocked: [], allowed: [] }), limited({ blocked: ['7995'], allowed: [] })].map(readBack);
    const [first, second] = events.map(({ data }) =>
      'controls' in data ? data.controls.merchantCategories : undefined,
    );
    expect(first?.blocked).toBe(first?.allowed);
    expect(second?.allowed).toBe(first?.allowed);
    expect([first, second]).toEqual([
      { blocked: [], allowed: [] },
      { blocked: ['7995'], allowed: [] },
    ]);
  });

  test('must be said: a day has a time zone', () => {
    const stored = encode(limited({ blocked: [], allowed: [] }), facts);
    const data = stored.data.replace(',"timeZone":"UTC"', '');
    expect(() => decode({ ...stored, data, revision: 0 })).toThrow('"timeZone" is not a text');
  });
});

function decodesOrRefuses(stored: { type: string; data: string; metadata: string }): void {
  expect(Array.isArray(validate(stored))).toBe(true);
  try {
    expect(isObject(decode({ ...stored, revision: 0 }).data)).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(UndecodableEvent);
  }
}

function placesOf(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesOf(inner)]);
}
