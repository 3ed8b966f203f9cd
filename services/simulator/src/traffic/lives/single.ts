// single.ts: a single message: cash with its surcharge, or a purchase with cashback. It is posted when it is approved.

import type { SingleFate } from '../balance.ts';
import { clearing, parts, type Step, shareOf, step } from '../step.ts';

/** After an approval of `approved` minor units. */
export function afterSingle(fate: SingleFate, draws: readonly number[], approved: number): readonly Step[] {
  const draw = (index: number) => draws[index] ?? 0;
  const undone = step('reversal', draw(1) < 0.5 ? undefined : approved);

  switch (fate) {
    case 'unconfirmed':
      return [];
    case 'confirmed':
      return [clearing(approved)];
    case 'confirmed_differently':
      return [clearing(shareOf(approved, 0.9 + 0.2 * draw(0)))];
    case 'undone':
      return [undone];
    case 'undone_in_part': {
      const [back, given] = parts(approved, [draw(0)]);
      if (back === undefined || given === undefined) return [undone];
      return [step('reversal', back), clearing(given)];
    }
    default:
      return fate satisfies never;
  }
}
