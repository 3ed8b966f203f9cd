// ordinary.ts: an authorization and what usually follows it: clearings and reversals that never exceed what was approved,
// unless the fate is to be cleared above it.

import { CHANCES, type Fate } from '../balance.ts';
import { clearing, parts, type Step, shareOf, step } from '../step.ts';

/** After an approval of `approved` (above zero) of the `requested` minor units, in the order they are sent. */
export function afterApproval(
  fate: Fate,
  draws: readonly number[],
  requested: number,
  approved: number,
): readonly Step[] {
  const draw = (index: number) => draws[index] ?? 0;
  const type = draw(1) < CHANCES.reversalIsAdvice ? 'reversal_advice' : 'reversal';
  // A full reversal is sent either way: without an amount, or with the one that was first requested.
  const whole = step(type, draw(0) < 0.5 ? undefined : requested);

  switch (fate) {
    case 'never_cleared':
      return [];
    case 'cleared_exactly':
      return [clearing(approved)];
    case 'cleared_below':
      return [clearing(shareOf(approved, 0.6 + 0.39 * draw(0)))];
    case 'cleared_above': {
      const tip = Math.max(1, Math.floor(approved * (0.05 + 0.15 * draw(0))));
      return [clearing(approved + tip, { flags: ['over_capture'] })];
    }
    case 'cleared_in_parts':
      return parts(approved, draw(0) < 0.6 ? [draw(2)] : [draw(2), draw(3)]).map((amount, index, all) =>
        clearing(amount, { final: index === all.length - 1 }),
      );
    case 'cleared_in_part': {
      const [shipped, rest] = parts(approved, [draw(0)]);
      if (shipped === undefined || rest === undefined) return [clearing(approved)];
      return [clearing(shipped, { final: false }), step(type, undefined)];
    }
    case 'reversed':
      return [whole];
    case 'reversed_by_amount': {
      const [released, kept] = parts(approved, [draw(0)]);
      if (released === undefined || kept === undefined) return [step(type, undefined)];
      return [step(type, released), clearing(kept)];
    }
    case 'reversed_to_remaining': {
      const [released, kept] = parts(approved, [draw(0)]);
      if (released === undefined || kept === undefined) return [step(type, undefined)];
      return [step(type, undefined, { remaining: kept }), clearing(kept)];
    }
    case 'cleared_after_reversal':
      return [whole, clearing(approved, { flags: ['late'] })];
    default:
      return fate satisfies never;
  }
}
