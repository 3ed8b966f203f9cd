import { type NetworkMessage, repeatKey } from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkMessage } from './arbitraries.ts';
import { contentHashOfMessage, identityOf } from './identity.ts';
import { apiKeyId, cardId } from './ids.ts';

const sender = apiKeyId('one');
const eur = currencyOf('EUR').code;

const message: NetworkMessage = {
  type: 'authorization',
  cardId: cardId('a'),
  network: 'visa',
  amountMinor: 4000n,
  currency: eur,
  billing: { amountMinor: 4360n, currency: eur, rate: '1.09' },
  merchant: { id: '527021000207953', name: 'ACME', mcc: '5812' },
  acquirerId: '400123',
  terminalId: 'TERM0001',
  stan: '000123',
  rrn: '630112000123',
  transmittedAt: '2026-03-01T12:00:00.000Z',
  networkTransactionId: '482913758201934',
};
const named: NetworkMessage = { ...message, messageId: 'm-1' };

describe('without a message id, a message is', () => {
  test.each<[string, Partial<NetworkMessage>, 'the same' | 'another']>([
    ['the same sum', {}, 'the same'],
    ['another amount', { amountMinor: 1n }, 'the same'],
    ['the mark of a repeat', { repeat: true }, 'the same'],
    ['another merchant', { merchant: { id: 'x', mcc: '0000' } }, 'the same'],
    ['another rrn', { rrn: '1' }, 'the same'],
    ['its advice', { type: 'authorization_advice' }, 'the same'],
    ['another type', { type: 'clearing' }, 'another'],
    ['another card', { cardId: cardId('b') }, 'another'],
    ['another acquirer', { acquirerId: '400124' }, 'another'],
    ['another terminal', { terminalId: 'TERM0002' }, 'another'],
    ['another STAN', { stan: '000124' }, 'another'],
    ['another time', { transmittedAt: '2026-03-01T12:00:00.001Z' }, 'another'],
    ['an id of its own', { messageId: 'm-1' }, 'another'],
  ])('with %s: %s', (_, change, expected) => {
    const same = identityOf({ ...message, ...change }, sender).commandId === identityOf(message, sender).commandId;
    expect(same ? 'the same' : 'another').toBe(expected);
  });

  test('the same whoever sends it', () => {
    expect(identityOf(message, apiKeyId('two'))).toEqual(identityOf(message, sender));
  });
});

describe('with a message id, a message is', () => {
  test.each<[string, Partial<NetworkMessage>, string, 'the same' | 'another']>([
    ['the same id', {}, sender, 'the same'],
    ['another time and STAN', { stan: '999999', transmittedAt: '2026-03-02T12:00:00.000Z' }, sender, 'the same'],
    ['another type', { type: 'clearing' }, sender, 'the same'], // and other content: a conflict
    ['another id', { messageId: 'm-2' }, sender, 'another'],
    ['another card', { cardId: cardId('b') }, sender, 'another'],
    ['another sender', {}, apiKeyId('two'), 'another'],
  ])('with %s: %s', (_, change, from, expected) => {
    const same = identityOf({ ...named, ...change }, from).commandId === identityOf(named, sender).commandId;
    expect(same ? 'the same' : 'another').toBe(expected);
  });
});

test.each([
  ['authorization', 'authorization_advice'],
  ['increment', 'increment_advice'],
  ['reversal', 'reversal_advice'],
] as const)('%s and %s are one kind of message', (request, advice) => {
  const asked = { ...message, type: request };
  const told = { ...message, type: advice };
  expect(identityOf(told, sender)).toEqual(identityOf(asked, sender));
  expect(contentHashOfMessage(told)).toBe(contentHashOfMessage(asked));
});

describe('a repeat key', () => {
  const keyOf = (change: Partial<NetworkMessage>) => repeatKey({ ...message, ...change });

  test('is the same for another time of transmission', () => {
    expect(keyOf({ transmittedAt: '2026-03-02T12:00:00.000Z' })).toBe(keyOf({}));
    expect(keyOf({})).toBeDefined();
  });

  test('is not the identity', () => {
    expect(keyOf({})).not.toBe(identityOf(message, sender).commandId);
  });

  test.each<[string, Partial<NetworkMessage>]>([
    ['type', { type: 'clearing' }],
    ['card', { cardId: cardId('b') }],
    ['acquirer', { acquirerId: 'x' }],
    ['terminal', { terminalId: 'x' }],
    ['STAN', { stan: '000124' }],
    ['rrn', { rrn: 'x' }],
  ])('is another one for another %s', (_, change) => {
    expect(keyOf(change)).not.toBe(keyOf({}));
  });

  test('is of messages with an rrn and no id only', () => {
    const { rrn: _, ...without } = message;
    expect(repeatKey(without)).toBeUndefined();
    expect(repeatKey(named)).toBeUndefined();
  });
});

test.each(['acquirerId', 'terminalId', 'stan', 'transmittedAt'] as const)(
  'there is no identity without %s',
  (field) => {
    const { [field]: _, ...without } = message;
    expect(() => identityOf(without, sender)).toThrow(TypeError);
  },
);

describe('the content of a message', () => {
  const original = { type: 'authorization', stan: '000123', transmittedAt: 'x', acquirerId: 'y' } as const;
  const clearing = { ...message, type: 'clearing' } as const;

  test.each<[string, NetworkMessage, Partial<NetworkMessage>]>([
    ['its name', message, { messageId: 'm-1' }],
    ['the mark of a repeat', message, { repeat: true }],
    ['the card', message, { cardId: cardId('b') }],
    ['the expiry', message, { cardExpiry: '2811' }],
    ['STAN, rrn and time', message, { stan: '1', rrn: '2', transmittedAt: '3' }],
    ['the merchant’s name', message, { merchant: { id: '527021000207953', name: 'Acme Inc', mcc: '5812' } }],
    ['the rate', message, { billing: { amountMinor: 4360n, currency: eur, rate: '2' } }],
    ['the network’s approval said or left out', message, { networkDecision: 'approved' }],
    ['no cash said or left out', message, { cashAmountMinor: 0n }],
    ['final said or left out', clearing, { final: true }],
    ['private data', message, { privateData: { de48: 'x' } }],
    ['the reason', message, { reason: 'x' }],
  ])('does not depend on %s', (_, base, change) => {
    expect(contentHashOfMessage({ ...base, ...change })).toBe(contentHashOfMessage(base));
  });

  test.each<[string, NetworkMessage, Partial<NetworkMessage>]>([
    ['the type', message, { type: 'clearing' }],
    ['the amount', message, { amountMinor: 4001n }],
    ['the currency', message, { currency: currencyOf('USD').code }],
    ['the billing amount', message, { billing: { amountMinor: 4361n, currency: eur } }],
    ['the billing currency', message, { billing: { amountMinor: 4360n, currency: currencyOf('USD').code } }],
    [
      'billing moved to settlement',
      { ...message, settlement: { amountMinor: 1n, currency: eur } },
      { billing: { amountMinor: 1n, currency: eur }, settlement: { amountMinor: 4360n, currency: eur } },
    ],
    ['the settlement', message, { settlement: { amountMinor: 1n, currency: eur } }],
    ['the cash', message, { cashAmountMinor: 1n }],
    ['what remains', message, { remainingAmountMinor: 0n }],
    ['final', clearing, { final: false }],
    ['the network’s decision', message, { networkDecision: 'declined' }],
    ['the merchant’s id', message, { merchant: { id: 'x', mcc: '5812' } }],
    ['the merchant’s category', message, { merchant: { id: '527021000207953', mcc: '5813' } }],
    ['the network’s transaction', message, { networkTransactionId: 'x' }],
    ['an original', message, { original }],
    ['which original', { ...message, original }, { original: { ...original, stan: '000124' } }],
    ['when the original was sent', { ...message, original }, { original: { ...original, transmittedAt: 'z' } }],
  ])('depends on %s', (_, base, change) => {
    expect(contentHashOfMessage({ ...base, ...change })).not.toBe(contentHashOfMessage(base));
  });

  test('no amount is not an amount of zero: a reversal without one means all', () => {
    const { amountMinor: _, ...all } = { ...message, type: 'reversal' } as const;
    expect(contentHashOfMessage(all)).not.toBe(contentHashOfMessage({ ...all, amountMinor: 0n }));
  });
});

test('identity and content are hashes, whatever the message', () => {
  fc.assert(
    fc.property(networkMessage(), (any) => {
      const { commandId } = identityOf(any, sender);
      for (const hash of [commandId, contentHashOfMessage(any)]) expect(hash).toMatch(/^[\w-]{21}[AQgw]$/);
    }),
  );
});
