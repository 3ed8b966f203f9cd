import { DAY_MS } from '@holdfast/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkMessage, wireMessage } from '../arbitraries.ts';
import { contentHashOfMessage, identityOf } from '../identity.ts';
import { cardId } from '../ids.ts';
import { ANSWER_WITHIN_MS, answerByOf, cardReferenceOf, toNetworkMessage, toWire } from './convert.ts';
import { networkMessageSchema, type WireMessage } from './networkMessage.ts';

const NUMBER = '4761739001010119';
const card = cardId('c');
const full = networkMessageSchema.parse({
  message_id: 'm-1',
  repeat: false,
  network: 'visa',
  type: 'reversal',
  network_transaction_id: '482913758201934',
  card: { number: NUMBER, expiry: '2811', cvv2: '947' },
  remaining_amount: 4000,
  currency: 'EUR',
  billing: { amount: 4360, currency: 'USD', rate: '1.0900' },
  settlement: { amount: 4351, currency: 'USD' },
  cash_amount: 0,
  surcharge_amount: 1,
  interchange: 2,
  merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
  acquirer_id: '400123',
  acquirer_country: 'DE',
  terminal_id: 'TERM0001',
  stan: '000123',
  rrn: '630112000123',
  authorization_code: 'A1B2C3',
  arn: '74',
  transmitted_at: '2026-03-01T12:00:00Z',
  answer_by: '2026-03-01T12:00:05Z',
  entry_mode: 'ecommerce',
  card_present: false,
  wallet: 'none',
  partial_approval: true,
  verification: { avs: 'match', three_ds: 'authenticated', pin: 'not_present' },
  original: { type: 'authorization', stan: '000122', transmitted_at: '2026-03-01T12:00:00.5Z', acquirer_id: '400123' },
  network_decision: 'approved',
  reason: 'customer_cancellation',
  private_data: { de48: 'x' },
});

describe('a message on its way in', () => {
  test('keeps every field but the number, the CVV2 and the deadline', () => {
    expect(toNetworkMessage(full, card)).toStrictEqual({
      messageId: 'm-1',
      repeat: false,
      network: 'visa',
      type: 'reversal',
      networkTransactionId: '482913758201934',
      cardId: card,
      cardExpiry: '2811',
      remainingAmountMinor: 4000n,
      currency: 'EUR',
      billing: { amountMinor: 4360n, currency: 'USD', rate: '1.0900' },
      settlement: { amountMinor: 4351n, currency: 'USD' },
      cashAmountMinor: 0n,
      surchargeAmountMinor: 1n,
      interchangeMinor: 2n,
      merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
      acquirerId: '400123',
      acquirerCountry: 'DE',
      terminalId: 'TERM0001',
      stan: '000123',
      rrn: '630112000123',
      authorizationCode: 'A1B2C3',
      arn: '74',
      transmittedAt: '2026-03-01T12:00:00.000Z',
      entryMode: 'ecommerce',
      cardPresent: false,
      wallet: 'none',
      partialApproval: true,
      verification: { avs: 'match', threeDs: 'authenticated', pin: 'not_present' },
      original: {
        type: 'authorization',
        stan: '000122',
        transmittedAt: '2026-03-01T12:00:00.500Z',
        acquirerId: '400123',
      },
      networkDecision: 'approved',
      reason: 'customer_cancellation',
      privateData: { de48: 'x' },
    });
  });

  test('has neither number nor CVV2 in anything that is kept of it', () => {
    fc.assert(
      fc.property(wireMessage(), (wire) => {
        const message = toNetworkMessage(wire, card);
        const { number = NUMBER } = wire.card;
        const kept = JSON.stringify(toWire(message)) + JSON.stringify(identityOf(message, 's'));
        expect(kept).not.toContain(number);
        expect(Object.keys(message)).not.toContain('card');
      }),
    );
  });

  test.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.1Z', '2026-03-01T12:00:00.100Z'],
    ['2026-03-01T12:00:00.12Z', '2026-03-01T12:00:00.120Z'],
    ['2026-03-01T12:00:00.123Z', '2026-03-01T12:00:00.123Z'],
  ])('has %s as %s, so that one moment is one identity', (sent, kept) => {
    expect(toNetworkMessage({ ...full, transmitted_at: sent }, card).transmittedAt).toBe(kept);
  });
});

describe('a message read back', () => {
  test('is one that can be sent again, and is the same message then', () => {
    fc.assert(
      fc.property(networkMessage(), (message) => {
        const again = toNetworkMessage(networkMessageSchema.parse(toWire(message)), message.cardId);
        const { cardExpiry: _, ...rest } = message;
        expect(again).toStrictEqual(rest);
        expect(identityOf(again, 's')).toEqual(identityOf(message, 's'));
        expect(contentHashOfMessage(again)).toBe(contentHashOfMessage(message));
      }),
    );
  });

  test('has its card by id', () => {
    expect(toWire(toNetworkMessage(full, card))).toMatchObject({ card: { id: card }, remaining_amount: 4000 });
  });
});

describe('the deadline', () => {
  const receivedAt = Date.UTC(2026, 2, 1, 11);
  const { answer_by: _, ...unsaid } = full;

  test('is what the message says', () => {
    expect(answerByOf(full, receivedAt)).toBe(Date.UTC(2026, 2, 1, 12, 0, 5));
  });

  test('is 5 s after receipt when the message says nothing', () => {
    expect(answerByOf(unsaid, receivedAt)).toBe(receivedAt + 5_000);
    expect(ANSWER_WITHIN_MS).toBeLessThan(DAY_MS);
  });
});

describe('the card of a message', () => {
  const of = (sent: WireMessage['card']) => cardReferenceOf({ ...full, card: sent });

  test('is meant by number or by id', () => {
    expect(of({ number: NUMBER, cvv2: '123', expiry: '2811' })).toEqual({ by: 'number', number: NUMBER, cvv2: '123' });
    expect(of({ number: NUMBER })).toEqual({ by: 'number', number: NUMBER });
    expect(of({ id: card })).toEqual({ by: 'id', id: card });
  });

  test('is there, or the message has not passed the schema', () => {
    expect(() => of({})).toThrow(TypeError);
    expect(() => of({ id: 'acct_1' })).toThrow(TypeError);
  });
});
