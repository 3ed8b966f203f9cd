// stay.ts: a hotel room or a rented car: an estimate is authorized, raised, and cleared at the end.

import { CHANCES, type StayFate } from '../balance.ts';
import { clearing, parts, type Step, shareOf, step } from '../step.ts';

/**
 * After an approval of `approved` minor units. The bill and a cancellation wait for every increment: one that comes after
 * a final clearing or a full reversal opens the purchase again.
 */
export function afterCheckIn(fate: StayFate, draws: readonly number[], approved: number): readonly Step[] {
  const draw = (index: number) => draws[index] ?? 0;
  const increment = (index: number) =>
    step(draw(index + 4) < CHANCES.incrementIsAdvice ? 'increment_advice' : 'increment', extra(index));
  const extra = (index: number) => shareOf(approved, 0.1 + 0.3 * draw(index));

  switch (fate) {
    case 'extended': {
      const count = 1 + Math.floor(draw(8) * 3);
      const increments = Array.from({ length: count }, (_, index) => increment(index));
      const total = increments.reduce((sum, { amount = 0 }) => sum + amount, approved);
      const bill =
        draw(9) < 0.3 ? total + shareOf(total, 0.02 + 0.06 * draw(7)) : shareOf(total, 0.85 + 0.15 * draw(7));
      return [...increments, clearing(bill, { inAll: true, after: increments.map((_, index) => index + 1) })];
    }
    case 'settled_by_advice': {
      const total = shareOf(approved + extra(0), 0.8 + 0.4 * draw(7));
      return [
        increment(0),
        step('authorization_advice', total, { inAll: true }),
        clearing(total, { inAll: true, after: [1] }),
      ];
    }
    case 'shortened': {
      const [part] = parts(extra(0), [draw(6)]);
      const back = draw(7) < 0.5 || part === undefined || part === extra(0) ? undefined : part;
      const type = draw(9) < CHANCES.reversalIsAdvice ? 'reversal_advice' : 'reversal';
      return [
        increment(0),
        step(type, back, { of: 1 }),
        clearing(approved + extra(0) - (back ?? extra(0)), { inAll: true, after: [1] }),
      ];
    }
    case 'cancelled':
      return [increment(0), step('reversal', undefined, { after: [1] })];
    default:
      return fate satisfies never;
  }
}
