import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FATES, type Fate, type Link } from './balance.ts';
import { followUp, stepsAfter } from './followUps.ts';
import type { Life } from './message.ts';

const DRAWS = [0.5, 0.9, 0.5, 0.5];

function life(fate: Fate, draws: readonly number[] = DRAWS, link: Link = 'network_transaction_id'): Life {
  return {
    message: {
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
      stan: '000123',
      rrn: '630112000123',
      transmitted_at: '2026-03-01T12:00:00.000Z',
    },
    accountCurrency: 'USD',
    plan: { fate, link, draws },
  };
}

describe('what follows an approval of 4000', () => {
  test.each([
    ['never_cleared', []],
    ['cleared_exactly', [{ kind: 'clearing', amount: 4_000, final: true }]],
    ['cleared_below', [{ kind: 'clearing', amount: 3_180, final: true }]],
    ['cleared_above', [{ kind: 'clearing', amount: 4_500, final: true }]],
    [
      'cleared_in_parts',
      [
        { kind: 'clearing', amount: 2_000, final: false },
        { kind: 'clearing', amount: 2_000, final: true },
      ],
    ],
    ['reversed', [{ kind: 'reversal', advice: false, amount: 4_000 }]],
    [
      'reversed_by_amount',
      [
        { kind: 'reversal', advice: false, amount: 2_000 },
        { kind: 'clearing', amount: 2_000, final: true },
      ],
    ],
    [
      'reversed_to_remaining',
      [
        { kind: 'reversal', advice: false, remainingAmount: 2_000 },
        { kind: 'clearing', amount: 2_000, final: true },
      ],
    ],
  ] as const)('%s', (fate, steps) => {
    expect(stepsAfter(life(fate), 4_000)).toEqual(steps);
  });

  test('a full reversal of a partial approval has the amount first requested, or none', () => {
    expect(stepsAfter(life('reversed'), 1_834)).toEqual([{ kind: 'reversal', advice: false, amount: 4_000 }]);
    expect(stepsAfter(life('reversed', [0.1, 0.1]), 1_834)).toEqual([{ kind: 'reversal', advice: true }]);
  });

  test('a single minor unit is not divided', () => {
    expect(stepsAfter(life('cleared_in_parts'), 1)).toEqual([{ kind: 'clearing', amount: 1, final: true }]);
    expect(stepsAfter(life('reversed_by_amount'), 1)).toEqual([{ kind: 'reversal', advice: false }]);
    expect(stepsAfter(life('reversed_to_remaining'), 1)).toEqual([{ kind: 'reversal', advice: false }]);
  });

  test('never takes more than was approved unless cleared above it, and nothing comes after the final clearing', () => {
    const fates = fc.constantFrom(...FATES.map(({ fate }) => fate));
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fates,
        fc.integer({ min: 1, max: 999_999_999_999 }),
        fc.array(unit, { minLength: 4 }),
        (fate, approved, draws) => {
          const steps = stepsAfter(life(fate, draws), approved);
          const clearings = steps.filter((step) => step.kind === 'clearing');
          const finals = clearings.filter(({ final }) => final);
          const cleared = clearings.reduce((sum, { amount }) => sum + amount, 0);
          const reversed = steps.reduce((sum, step) => {
            if (step.kind === 'clearing') return sum;
            if (step.remainingAmount !== undefined) return sum + approved - step.remainingAmount;
            return sum + (steps.length === 1 ? approved : (step.amount ?? approved));
          }, 0);
          expect(finals.length).toBe(clearings.length === 0 ? 0 : 1);
          if (finals.length === 1) expect(steps.at(-1)).toBe(finals[0]);
          expect(clearings.every(({ amount }) => Number.isInteger(amount) && amount >= 1)).toBe(true);
          if (fate === 'cleared_above') expect(cleared).toBeGreaterThan(approved);
          else expect(cleared + reversed).toBeLessThanOrEqual(approved);
        },
      ),
    );
  });
});

describe('the message of a follow-up', () => {
  const stamp = { stan: '000999', rrn: '630112000999', serial: 999 };
  const now = Date.UTC(2026, 2, 2);

  test('has a STAN of its own, the RRN and code of its authorization, and the clearing’s own billing amount', () => {
    const step = { kind: 'clearing', amount: 1_000, final: false } as const;
    expect(followUp(life('cleared_in_parts'), step, 'A1B2C3', stamp, now)).toEqual({
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
      stan: '000999',
      rrn: '630112000123',
      authorization_code: 'A1B2C3',
      arn: expect.stringMatching(/^\d{23}$/),
      transmitted_at: '2026-03-02T00:00:00.000Z',
    });
  });

  test.each([
    ['network_transaction_id', { network_transaction_id: '482913758201934', rrn: '630112000123' }],
    [
      'original',
      {
        original: {
          type: 'authorization',
          stan: '000123',
          transmitted_at: '2026-03-01T12:00:00.000Z',
          acquirer_id: '400123',
        },
        rrn: '630112000123',
      },
    ],
    ['rrn', { rrn: '630112000123' }],
  ] as const)('names its original by %s', (link, fields) => {
    const { network_transaction_id, original, rrn } = followUp(
      life('reversed', DRAWS, link),
      { kind: 'reversal', advice: true },
      undefined,
      stamp,
      now,
    );
    expect({ network_transaction_id, original, rrn }).toEqual({
      network_transaction_id: undefined,
      original: undefined,
      ...fields,
    });
  });
});
