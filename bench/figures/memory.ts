// memory.ts: what a card that nobody uses costs in memory: by how much the heap grows with each account that has one.

import { type Figure, itself, line, type Series } from '../figure.ts';
import type { Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';
import type { MemoryGiven, MemoryQuestion } from './memoryRun.ts';

export async function memory(plan: Plan): Promise<readonly Figure[]> {
  const accounts = plan.quick ? 4_000 : 20_000;
  const given: MemoryGiven = { directory: await scratch('memory'), accounts };
  plan.say(`making ${accounts.toLocaleString('en')} accounts`);
  const child = await startChild(new URL('./memoryRun.ts', import.meta.url), given, ['--expose-gc']);
  const bytes = (loaded: number): Promise<number> => {
    plan.say(`loading ${loaded.toLocaleString('en')} accounts`);
    const question: MemoryQuestion = { loaded };
    return child.ask<number>(question);
  };
  // Sizes at which no table of the engine has just doubled more than another: a quarter of what there is and all of it.
  const few = accounts / 4;
  const fewBytes = await bytes(few);
  const allBytes = await bytes(accounts);
  await child.stop();
  const series: Series = {
    label: 'a card and its account',
    unit: 'bytes',
    values: [(allBytes - fewBytes) / (accounts - few)],
  };
  return [
    {
      name: 'memory',
      title: 'Memory of an idle card: an account with a deposit, one card with a daily limit',
      lines: [line(series, itself(series, { atMost: 2_048 }))],
      notes: [
        `heap and buffers after collection, from ${few.toLocaleString('en')} to ${accounts.toLocaleString('en')} loaded accounts`,
      ],
    },
  ];
}
