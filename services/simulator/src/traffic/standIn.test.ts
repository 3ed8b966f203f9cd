import { describe, expect, test } from 'vitest';
import type { Fate, SingleFate, StayFate } from './balance.ts';
import { stoodIn } from './standIn.ts';
import { type Kind, stepsOf } from './steps.ts';

const DRAWS = [0.5, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

function told(kind: Kind, requestArrives = false): string[] {
  const plan = { kind, amount: 4_000, afterwards: 'refund', link: 'rrn', draws: DRAWS } as const;
  return stoodIn(stepsOf(plan), requestArrives).map(({ type, amount }) => [type, amount].join(' ').trim());
}

const ordinary = (fate: Fate): Kind => ({ of: 'ordinary', fate });
const stay = (fate: StayFate): Kind => ({ of: 'stay', fate });
const single = (fate: SingleFate): Kind => ({ of: 'single', fate, cash: 4_000, surcharge: 0 });

describe('what the network tells of a purchase that it has decided', () => {
  test.each<[string, Kind, string[]]>([
    ['an authorization', ordinary('cleared_exactly'), ['authorization_advice 4000', 'clearing 4000', 'refund 2000']],
    ['a reversal', ordinary('reversed'), ['authorization_advice 4000', 'reversal_advice 4000']],
    [
      'increments',
      stay('extended'),
      ['authorization_advice 4000', 'increment_advice 1000', 'increment_advice 1480', 'clearing 5994', 'refund 2997'],
    ],
    ['cash, by a clearing', single('unconfirmed'), ['clearing 4000']],
    ['cash, by the clearing that follows anyhow', single('confirmed'), ['clearing 4000', 'refund 2000']],
    ['cash that did not come, not at all', single('undone'), []],
    ['cash of which some came, for that', single('undone_in_part'), ['clearing 2000', 'refund 1000']],
    ['a force post, which asks nothing', { of: 'force_post' }, ['clearing 4000', 'refund 2000']],
    [
      'a question about a refund, asked later',
      { of: 'refund_called_off' },
      ['refund_authorization 4000', 'reversal_advice'],
    ],
    ['a question without money, not at all', { of: 'balance_inquiry' }, []],
  ])('%s', (_case, kind, messages) => {
    expect(told(kind)).toEqual(messages);
  });

  test('and the request that arrives after all was sent before its advice', () => {
    expect(told(ordinary('cleared_exactly'), true).at(-1)).toBe('authorization 4000');
    const steps = stoodIn(
      stepsOf({ kind: ordinary('reversed'), amount: 5, afterwards: 'nothing', link: 'rrn', draws: DRAWS }),
      true,
    );
    expect(steps.at(-1)).toMatchObject({ overtaken: true, after: [0] });
  });

  test('waits for the same as before, and names the same', () => {
    const plan = {
      kind: single('confirmed'),
      amount: 4_000,
      afterwards: 'clearing_reversal',
      link: 'rrn',
      draws: DRAWS,
    } as const;
    expect(stoodIn(stepsOf(plan), false)).toMatchObject([
      { type: 'clearing', flags: ['force_post'] },
      { type: 'clearing_reversal', of: 0, after: [0] },
    ]);
  });

  test('a cancellation waits for the advice of what it cancels, once that was raised', () => {
    const plan = { kind: stay('cancelled'), amount: 4_000, afterwards: 'nothing', link: 'rrn', draws: DRAWS } as const;
    expect(stoodIn(stepsOf(plan), false).at(-1)).toMatchObject({ type: 'reversal_advice', after: [0, 1] });
  });
});
