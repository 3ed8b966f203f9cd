import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AFTERWARDS, type Afterwards, FATES, type Fate, SINGLES, STAYS } from './balance.ts';
import type { Step } from './step.ts';
import { type Kind, type Plan, stepsOf } from './steps.ts';

const DRAWS = [0.5, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

function plan(kind: Kind, fields: Partial<Plan> = {}): Plan {
  return { kind, amount: 4_000, afterwards: 'nothing', link: 'network_transaction_id', draws: DRAWS, ...fields };
}

/** `type amount`, and what else it says. */
function told({ type, amount, remaining, final, of, cash, surcharge }: Step): string {
  return [
    type,
    ...(amount === undefined ? [] : [amount]),
    ...(remaining === undefined ? [] : [`remaining ${remaining}`]),
    ...(cash === undefined ? [] : [`cash ${cash}`]),
    ...(surcharge === undefined ? [] : [`surcharge ${surcharge}`]),
    ...(final === false ? ['not final'] : []),
    ...(of === undefined ? [] : [`of ${of}`]),
  ].join(' ');
}

const life = (of: Plan, approved?: number) => stepsOf(of, approved).map(told);
const ordinary = (fate: Fate, fields: Partial<Plan> = {}) => plan({ of: 'ordinary', fate }, fields);

describe('an ordinary authorization of 4000', () => {
  test.each<[Fate, string[]]>([
    ['never_cleared', []],
    ['cleared_exactly', ['clearing 4000']],
    ['cleared_below', ['clearing 3180']],
    ['cleared_above', ['clearing 4500']],
    ['cleared_in_parts', ['clearing 2000 not final', 'clearing 2000']],
    ['cleared_in_part', ['clearing 2000 not final', 'reversal']],
    ['reversed', ['reversal 4000']],
    ['reversed_by_amount', ['reversal 2000', 'clearing 2000']],
    ['reversed_to_remaining', ['reversal remaining 2000', 'clearing 2000']],
    ['cleared_after_reversal', ['reversal 4000', 'clearing 4000']],
  ])('%s', (fate, steps) => {
    expect(life(ordinary(fate))).toEqual(['authorization 4000', ...steps]);
  });

  test('reversed in full after a partial approval has the amount first requested, or none', () => {
    expect(life(ordinary('reversed'), 1_834)).toEqual(['authorization 4000', 'reversal 4000']);
    const [, undone] = life(ordinary('reversed', { draws: [0.1, 0.1] }), 1_834);
    expect(undone).toBe('reversal_advice');
  });

  test('of a single minor unit is not divided', () => {
    expect(life(ordinary('cleared_in_parts'), 1)).toEqual(['authorization 4000', 'clearing 1']);
    expect(life(ordinary('cleared_in_part'), 1)).toEqual(['authorization 4000', 'clearing 1']);
    expect(life(ordinary('reversed_by_amount'), 1)).toEqual(['authorization 4000', 'reversal']);
    expect(life(ordinary('reversed_to_remaining'), 1)).toEqual(['authorization 4000', 'reversal']);
  });

  test.each<[Afterwards, string[]]>([
    ['nothing', []],
    ['refund', ['refund 2000']],
    ['announced_refund', ['refund_authorization 2000', 'refund 2000']],
    ['reversed_refund', ['refund 2000', 'refund_reversal 2000']],
    ['clearing_reversal', ['clearing_reversal 2000 of 1']],
  ])('cleared, and then %s', (afterwards, steps) => {
    expect(life(ordinary('cleared_exactly', { afterwards }))).toEqual([
      'authorization 4000',
      'clearing 4000',
      ...steps,
    ]);
    expect(life(ordinary('reversed', { afterwards }))).toEqual(['authorization 4000', 'reversal 4000']);
  });
});

describe('other lives of 4000', () => {
  const single = (fate: (typeof SINGLES)[number]['fate']) => plan({ of: 'single', fate, cash: 3_800, surcharge: 200 });
  const asked = 'financial_authorization 4000 cash 3800 surcharge 200';

  test.each<[string, Plan, string[]]>([
    [
      'a hotel room, extended twice',
      plan({ of: 'stay', fate: 'extended' }),
      ['authorization 4000', 'increment 1000', 'increment 1480', 'clearing 5994'],
    ],
    [
      'a hotel room, its total by advice',
      plan({ of: 'stay', fate: 'settled_by_advice' }),
      ['authorization 4000', 'increment 1000', 'authorization_advice 5000', 'clearing 5000'],
    ],
    [
      'a rented car, brought back early',
      plan({ of: 'stay', fate: 'shortened' }),
      ['authorization 4000', 'increment 1000', 'reversal 500 of 1', 'clearing 4500'],
    ],
    [
      'a hotel room, cancelled',
      plan({ of: 'stay', fate: 'cancelled' }),
      ['authorization 4000', 'increment 1000', 'reversal'],
    ],
    ['fuel', plan({ of: 'fuel', unit: 100 }), ['authorization 100', 'authorization_advice 4000', 'clearing 4000']],
    [
      'fuel without an advice',
      plan({ of: 'fuel', unit: 100 }, { draws: [0.1] }),
      ['authorization 100', 'clearing 4000'],
    ],
    ['fuel, not filled', plan({ of: 'fuel', unit: 100 }, { draws: [0] }), ['authorization 100', 'reversal']],
    ['cash', single('unconfirmed'), [asked]],
    ['cash, confirmed', single('confirmed'), [asked, 'clearing 4000']],
    ['cash, confirmed for another sum', single('confirmed_differently'), [asked, 'clearing 4000']],
    ['cash that did not come', single('undone'), [asked, 'reversal 4000']],
    ['cash of which some came', single('undone_in_part'), [asked, 'reversal 2000', 'clearing 2000']],
    ['a force post', plan({ of: 'force_post' }), ['clearing 4000']],
    ['a refund of nothing known', plan({ of: 'refund' }), ['refund 4000']],
    ['a refund, asked first', plan({ of: 'refund_announced' }), ['refund_authorization 4000', 'refund 4000']],
    ['a refund, asked and called off', plan({ of: 'refund_called_off' }), ['refund_authorization 4000', 'reversal']],
    ['what the network declined', plan({ of: 'declined_by_network' }), ['authorization_advice 4000']],
    ['a balance inquiry', plan({ of: 'balance_inquiry' }), ['balance_inquiry']],
    ['an account verification', plan({ of: 'account_verification' }), ['account_verification']],
  ])('%s', (_case, of, steps) => {
    expect(life(of)).toEqual(steps);
  });
});

describe('every life', () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const kinds = fc.oneof(
    fc.constantFrom(...FATES).map(({ fate }): Kind => ({ of: 'ordinary', fate })),
    fc.constantFrom(...STAYS).map(({ fate }): Kind => ({ of: 'stay', fate })),
    fc.constantFrom(...SINGLES).map(({ fate }): Kind => ({ of: 'single', fate, cash: 1, surcharge: 0 })),
    fc.constant<Kind>({ of: 'fuel', unit: 1 }),
    fc.constant<Kind>({ of: 'force_post' }),
  );
  const plans = fc.record({
    kind: kinds,
    amount: fc.integer({ min: 1, max: 99_999_999_999 }),
    afterwards: fc.constantFrom(...AFTERWARDS.map(({ after }) => after)),
    link: fc.constant('original' as const),
    draws: fc.array(unit, { minLength: 12, maxLength: 12 }),
  });

  test('has whole amounts above zero, one final clearing at most, and nothing that raises it after that', () => {
    fc.assert(
      fc.property(plans, (each) => {
        const steps = stepsOf(each);
        for (const { amount } of steps) {
          if (amount !== undefined) expect(Number.isSafeInteger(amount) && amount >= 1).toBe(true);
        }
        const finals = steps.filter(({ type, final }) => type === 'clearing' && final === true);
        expect(finals.length).toBeLessThanOrEqual(1);
        const last = steps.findIndex((step) => finals.includes(step));
        const late = steps.slice(last + 1).map(({ type }) => type);
        if (last !== -1) expect(late.filter((type) => /^(authorization|increment|clearing$)/.test(type))).toEqual([]);
      }),
    );
  });

  test('waits only for what comes before, and names only that', () => {
    fc.assert(
      fc.property(plans, (each) => {
        for (const [index, { after, of }] of stepsOf(each).entries()) {
          for (const place of [...after, ...(of === undefined ? [] : [of])]) expect(place).toBeLessThan(index);
        }
      }),
    );
  });

  test('gives back at most what was cleared, and clears more than was approved only above it or for fuel', () => {
    fc.assert(
      fc.property(plans, (each) => {
        const steps = stepsOf(each);
        const sum = (...types: string[]) =>
          steps.reduce((total, { type, amount = 0 }) => (types.includes(type) ? total + amount : total), 0);
        expect(sum('refund', 'clearing_reversal')).toBeLessThanOrEqual(sum('clearing'));
        if (each.kind.of === 'ordinary' && each.kind.fate !== 'cleared_above') {
          expect(sum('clearing')).toBeLessThanOrEqual(each.amount);
        }
      }),
    );
  });
});
