import { describe, expect, test } from 'vitest';
import type { SimulatedMessage } from './message.ts';
import type { Purchase } from './purchase.ts';
import { clearing, type Step, step } from './step.ts';
import { type Thread, written } from './written.ts';

const PURCHASE: Purchase = {
  number: 7,
  cardId: 'card_1',
  accountCurrency: 'USD',
  currency: 'EUR',
  shop: {
    merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
    currency: 'EUR',
    acquirerId: '400123',
    terminalIds: ['TERM0001'],
    medianEuros: 30,
    sigma: 1,
    presentShare: 1,
    takes: 'ordinary',
  },
  network: 'visa',
  terminalId: 'TERM0001',
  entryMode: 'chip',
  present: true,
  takesPartialApproval: true,
  unknownCard: false,
  doubtful: false,
  plan: {
    kind: { of: 'ordinary', fate: 'cleared_exactly' },
    amount: 4_000,
    afterwards: 'nothing',
    link: 'network_transaction_id',
    draws: [],
  },
};

const SENT = Date.UTC(2026, 2, 1, 12);
const [FIRST, LATER, LAST] = [1, 2, 3].map((n) => ({ stan: `00000${n}`, rrn: `63011200000${n}`, serial: n }));
if (FIRST === undefined || LATER === undefined || LAST === undefined) throw new Error('three stamps');
const NOTHING = { first: undefined, meant: undefined, authorizationCode: undefined };

const thread = (link: Thread['link'] = 'network_transaction_id'): Thread => ({
  purchase: PURCHASE,
  link,
  networkTransactionId: '482913758201934',
  rrn: FIRST.rrn,
});
const opening = written(thread(), step('authorization', 4_000), NOTHING, FIRST, SENT);
const naming = (link: Thread['link'], each: Step, meant?: SimulatedMessage) => {
  const known = { first: opening, meant, authorizationCode: 'A1B2C3' };
  return written(thread(link), each, known, LAST, SENT + 86_400_000);
};

describe('the message of a step', () => {
  test('that begins a purchase has everything a terminal knows', () => {
    expect(opening).toEqual({
      type: 'authorization',
      network: 'visa',
      network_transaction_id: '482913758201934',
      card: { id: 'card_1' },
      amount: 4_000,
      currency: 'EUR',
      billing: { amount: 4_336, currency: 'USD', rate: '1.084000' },
      merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
      acquirer_id: '400123',
      acquirer_country: 'DE',
      terminal_id: 'TERM0001',
      stan: '000001',
      rrn: '630112000001',
      transmitted_at: '2026-03-01T12:00:00.000Z',
      entry_mode: 'chip',
      card_present: true,
      partial_approval: true,
    });
  });

  test('that follows has a STAN of its own, the RRN and code of its authorization, and its own billing amount', () => {
    expect(naming('network_transaction_id', clearing(1_000, { final: false }))).toEqual({
      type: 'clearing',
      network: 'visa',
      network_transaction_id: '482913758201934',
      card: { id: 'card_1' },
      amount: 1_000,
      final: false,
      currency: 'EUR',
      billing: { amount: 1_084, currency: 'USD', rate: '1.084000' },
      merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
      acquirer_id: '400123',
      acquirer_country: 'DE',
      terminal_id: 'TERM0001',
      stan: '000003',
      rrn: '630112000001',
      authorization_code: 'A1B2C3',
      arn: expect.stringMatching(/^\d{23}$/),
      transmitted_at: '2026-03-02T12:00:00.000Z',
    });
  });

  const original = {
    type: 'authorization',
    stan: '000001',
    transmitted_at: '2026-03-01T12:00:00.000Z',
    acquirer_id: '400123',
  };
  test.each([
    ['network_transaction_id', { network_transaction_id: '482913758201934', rrn: '630112000001' }],
    ['original', { original, rrn: '630112000001' }],
    ['rrn', { rrn: '630112000001' }],
  ] as const)('names its original by %s', (link, fields) => {
    const { network_transaction_id, original, rrn } = naming(link, step('reversal_advice', undefined));
    expect({ network_transaction_id, original, rrn }).toEqual({
      network_transaction_id: undefined,
      original: undefined,
      ...fields,
    });
  });

  test('an increment has an RRN of its own, and what takes it back names it', () => {
    const known = { ...NOTHING, first: opening };
    const increment = written(thread(), step('increment', 500), known, LATER, SENT + 1);
    expect(increment.rrn).toBe('630112000002');
    expect(naming('network_transaction_id', step('reversal', undefined, { of: 1 }), increment).original).toEqual({
      type: 'increment',
      stan: '000002',
      transmitted_at: '2026-03-01T12:00:00.001Z',
      acquirer_id: '400123',
    });
  });

  test.each([
    ['network_transaction_id', undefined],
    ['original', expect.objectContaining({ type: 'clearing', stan: '000002' })],
  ] as const)('a clearing reversal has the reference number of its clearing, by %s', (link, original) => {
    const cleared = written(thread(), clearing(4_000), { ...NOTHING, first: opening }, LATER, SENT + 1);
    const back = naming(link, step('clearing_reversal', 4_000, { of: 1 }), cleared);
    expect({ arn: back.arn, original: back.original }).toEqual({ arn: cleared.arn, original });
  });

  test.each<[string, Step, Partial<SimulatedMessage>]>([
    [
      'cash says so',
      step('financial_authorization', 4_000, { cash: 3_800, surcharge: 200 }),
      { cash_amount: 3_800, surcharge_amount: 200 },
    ],
    [
      'a decline of the network says so',
      step('authorization_advice', 1, { declinedByNetwork: true }),
      { network_decision: 'declined' },
    ],
    [
      'a reversal says what stands',
      step('reversal', undefined, { remaining: 5 }),
      { remaining_amount: 5, reason: 'customer_cancellation' },
    ],
  ])('%s', (_case, each, fields) => {
    expect(written(thread(), each, NOTHING, FIRST, SENT)).toMatchObject(fields);
  });
});
