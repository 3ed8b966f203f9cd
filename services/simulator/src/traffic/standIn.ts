// standIn.ts: a purchase as the network tells of it when it has answered in our place: advices instead of requests.

import { clearing, type Step, step } from './step.ts';

/**
 * The steps after an outage that took the whole purchase. A single message has no advice: what it came to is told as a
 * clearing, and when its clearing record tells it, by that alone. What asks nothing of money is not asked again.
 * `requestArrives`: the request of an advised authorization is delivered after all, behind the advice.
 */
export function stoodIn(steps: readonly Step[], requestArrives: boolean): readonly Step[] {
  const [first, ...rest] = steps;
  if (first === undefined) return [];
  switch (first.type) {
    case 'balance_inquiry':
    case 'account_verification':
      return [];
    case 'financial_authorization':
      return withoutRequest(first, rest);
    case 'authorization': {
      const advised = steps.map((each, index) =>
        index === 0
          ? step('authorization_advice', each.amount, { flags: ['stand_in'] })
          : afterItsAdvice(advice(each), steps),
      );
      const request = step('authorization', first.amount, { overtaken: true, after: [0] });
      return requestArrives && !isCalledOff(steps) ? [...advised, request] : advised;
    }
    default:
      return steps.map(advice);
  }
}

function advice(each: Step): Step {
  switch (each.type) {
    case 'increment':
      return { ...each, type: 'increment_advice' };
    case 'reversal':
      return { ...each, type: 'reversal_advice' };
    default:
      return each;
  }
}

/** Shipped in part, the rest reversed: a request behind all of it could only hold that rest again. */
function isCalledOff(steps: readonly Step[]): boolean {
  return steps.some(({ final }) => final === false) && steps.some(({ type }) => type.startsWith('reversal'));
}

/**
 * An advice replaces the reversals so far. One that comes before it waits for it, unless an increment advice has come and
 * it undoes that.
 */
function afterItsAdvice(each: Step, steps: readonly Step[]): Step {
  const raised = steps.some(({ type }) => type === 'increment' || type === 'increment_advice');
  const undoesAll = each.type === 'reversal_advice' && each.of === undefined && raised;
  return undoesAll ? { ...each, after: [0, ...each.after] } : each;
}

/** Its reversals have taken place before anything was told. */
function withoutRequest(first: Step, rest: readonly Step[]): readonly Step[] {
  const kept: (number | undefined)[] = [];
  const steps: Step[] = [];
  const keep = (index: number, each: Step) => {
    kept[index] = steps.length;
    const places = each.after.map((place) => kept[place]).filter((place) => place !== undefined);
    const of = each.of === undefined ? undefined : kept[each.of];
    const { of: _, ...said } = each;
    const flags = steps.length === 0 ? ['force_post'] : each.flags;
    steps.push({ ...said, flags, after: places, ...(of === undefined ? {} : { of }) });
  };
  if (!rest.some(({ type }) => type === 'clearing')) {
    const stands = rest.reduce(
      (left, { type, amount }) => (type === 'reversal' ? left - (amount ?? left) : left),
      first.amount ?? 0,
    );
    if (stands > 0) keep(0, clearing(stands));
  }
  for (const [index, each] of rest.entries()) if (each.type !== 'reversal') keep(index + 1, each);
  return steps;
}
