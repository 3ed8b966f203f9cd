import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hostileWireMessage } from '../arbitraries.ts';
import { parseNetworkMessage } from './parse.ts';
import { passesLuhn } from './refine.ts';

const NUMBER = '4761739001010119';
const merchant = { id: '527021000207953', mcc: '5812' };
const authorization = {
  type: 'authorization',
  message_id: 'm-1',
  network: 'visa',
  card: { number: NUMBER },
  amount: 4000,
  currency: 'EUR',
  merchant,
};
const original = {
  type: 'authorization',
  stan: '000123',
  transmitted_at: '2026-03-01T12:00:00Z',
  acquirer_id: '400123',
};

/** Fields at fault with their codes. */
function outcome(input: unknown): string {
  const parsed = parseNetworkMessage(input);
  return 'wire' in parsed ? 'accepted' : parsed.issues.map(({ field, code }) => `${field}: ${code}`).join(', ');
}

describe('a card number', () => {
  test.each<[string, object]>([
    ['message_id', { message_id: NUMBER }],
    ['network', { network: NUMBER }],
    ['network_transaction_id', { network_transaction_id: `x${NUMBER}` }],
    ['acquirer_id', { acquirer_id: NUMBER }],
    ['terminal_id', { terminal_id: NUMBER }],
    ['arn', { arn: `74${NUMBER}` }],
    ['entry_mode', { entry_mode: NUMBER }],
    ['wallet', { wallet: NUMBER }],
    ['reason', { reason: `card 4761 7390 0101 0119` }],
    ['billing.rate', { billing: { amount: 1, currency: 'EUR', rate: '476173900101.0119' } }],
    ['settlement.rate', { settlement: { amount: 1, currency: 'EUR', rate: '476173900101.0119' } }],
    ['merchant.id', { merchant: { ...merchant, id: NUMBER } }],
    ['merchant.name', { merchant: { ...merchant, name: `4761-7390-0101-0119` } }],
    ['merchant.city', { merchant: { ...merchant, city: NUMBER } }],
    ['verification.avs', { verification: { avs: NUMBER } }],
    ['verification.three_ds', { verification: { three_ds: NUMBER } }],
    ['verification.pin', { verification: { pin: NUMBER } }],
    ['original.acquirer_id', { original: { ...original, acquirer_id: NUMBER } }],
    ['private_data.de2', { private_data: { de2: NUMBER } }],
    ['private_data', { private_data: { [NUMBER]: 'x' } }],
  ])('is refused in %s', (field, change) => {
    expect(outcome({ ...authorization, ...change })).toBe(`${field}: card_number_elsewhere`);
  });

  test('of 12 digits is refused as an rrn', () => {
    const message = { ...authorization, card: { number: '476173900103' }, rrn: '476173900103' };
    expect(outcome(message)).toBe('rrn: card_number_elsewhere');
  });

  test('as the name of a field is not shown, and a name is cut', () => {
    const named = (name: string) => outcome({ ...authorization, [name]: 1 });
    expect(named(NUMBER)).toBe('…: unknown_field');
    expect(named('x'.repeat(100))).toBe(`${'x'.repeat(64)}: unknown_field`);
  });

  test('never stands in what an error says', () => {
    const holder = z.object({ card: z.object({ number: z.string().min(12) }) });
    fc.assert(
      fc.property(hostileWireMessage, (input) => {
        const sent = holder.safeParse(input);
        const parsed = parseNetworkMessage(input);
        if (!sent.success || 'wire' in parsed) return;
        expect(JSON.stringify(parsed.issues)).not.toContain(sent.data.card.number);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['4761739001010119', true],
    ['5555555555554444', true],
    ['378282246310005', true],
    ['4761739001010191', false], // two digits changed places
    ['4761739001010114', false], // off by five
    ['0', true],
    ['1', false],
  ])('%s passes the check of ISO/IEC 7812-1: %s', (digits, passes) => {
    expect(passesLuhn(digits)).toBe(passes);
  });
});
