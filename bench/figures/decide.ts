// decide.ts: decide + evolve on one core, and whether a long history makes it slower.

import { against, type Figure, itself, line, type Series } from '../figure.ts';
import type { Plan } from '../plan.ts';
import { runChild } from '../support/child.ts';
import type { DecideGiven, DecideRun } from './decideRun.ts';

const SHORT = 1_000;
const LONG = 100_000;
/** As many as one round decides, on an account that is made anew for it. */
const EACH = 10_000;

export async function decide(plan: Plan): Promise<readonly Figure[]> {
  plan.say('deciding');
  const rounds = plan.quick ? 3 : 9;
  const given: DecideGiven = { history: [SHORT, LONG], rounds, each: EACH };
  const [short = [], long = []] = await runChild<DecideRun>(new URL('./decideRun.ts', import.meta.url), given, [
    '--expose-gc',
  ]);
  const first: Series = { label: `after ${SHORT.toLocaleString('en')} decisions`, unit: '/s', values: short };
  const later: Series = { label: `after ${LONG.toLocaleString('en')} decisions`, unit: '/s', values: long };
  return [
    {
      name: 'decide',
      title: 'Decide and evolve, one core: an approved authorization, a card with a daily limit',
      lines: [
        line(first, itself(first, { atLeast: 150_000 })),
        line(
          later,
          itself(later, { atLeast: 150_000 }),
          against('of the short history', long, short, { atLeast: 0.8 }),
        ),
      ],
      notes: [
        'a second is one of processor time, the collector included',
        'all of the history is in memory and on one account; the messages are parsed and their ids made beforehand',
      ],
    },
  ];
}
