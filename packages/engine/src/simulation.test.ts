import { describe, expect, test } from 'vitest';
import { simulate } from './testing/simulation.ts';

/** More of them: HOLDFAST_SIMULATION_SEEDS=3000. One again: HOLDFAST_SIMULATION_SEED=17. */
const SEEDS = Number(process.env.HOLDFAST_SIMULATION_SEEDS ?? 150);
const ONE = process.env.HOLDFAST_SIMULATION_SEED;
const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(ONE)];

describe('engines on one log, in a world that fails', () => {
  test('keep every promise', async () => {
    for (const seed of seeds) {
      const { complaints } = await simulate(seed);
      expect(complaints, `seed ${seed}: HOLDFAST_SIMULATION_SEED=${seed} runs it alone`).toEqual([]);
    }
  });
});
