// afterwards.ts: what comes after a purchase was cleared: money back, and what takes that back.

import type { Afterwards } from '../balance.ts';
import { type Step, shareOf, step } from '../step.ts';

/** After `steps`, the whole life so far; nothing where nothing was cleared. */
export function afterClearing(after: Afterwards, draws: readonly number[], steps: readonly Step[]): readonly Step[] {
  const draw = (index: number) => draws[index] ?? 0;
  const last = steps.findLastIndex(({ type }) => type === 'clearing');
  const cleared = steps.reduce((sum, { type, amount = 0 }) => (type === 'clearing' ? sum + amount : sum), 0);
  if (last === -1) return [];
  const part = (whole: number) => (draw(10) < 0.4 ? whole : shareOf(whole, 0.1 + 0.8 * draw(11)));
  const all = steps.map((_, index) => index);

  switch (after) {
    case 'nothing':
      return [];
    case 'refund':
      return [step('refund', part(cleared), { inAll: true })];
    case 'announced_refund':
      // A refund that comes before its announcement leaves the credit of another purchase pending.
      return [
        step('refund_authorization', part(cleared), { inAll: true, after: all }),
        step('refund', part(cleared), { inAll: true, after: [...all, all.length] }),
      ];
    case 'reversed_refund':
      return [step('refund', part(cleared), { inAll: true }), step('refund_reversal', part(cleared), { inAll: true })];
    case 'clearing_reversal':
      // One that comes before its clearing is money of nobody: it goes to suspense.
      return [step('clearing_reversal', part(steps[last]?.amount ?? 0), { of: last, inAll: true, after: [last] })];
    default:
      return after satisfies never;
  }
}
