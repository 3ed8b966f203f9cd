// fuel.ts: one unit of currency is authorized before anyone knows the sum; an advice tells it; the clearing follows.

import { clearing, type Step, step } from '../step.ts';

const WITHOUT_ADVICE = 0.12;
const NOT_FILLED = 0.06;

/** After an approval of one unit; `pumped` minor units is what it came to. */
export function afterUnit(draws: readonly number[], pumped: number): readonly Step[] {
  const [drawn = 0] = draws;
  if (drawn < NOT_FILLED) return [step('reversal', undefined)];
  if (drawn < NOT_FILLED + WITHOUT_ADVICE) return [clearing(pumped)];
  return [step('authorization_advice', pumped), clearing(pumped)];
}
