// memoryRun.ts: the process that loads accounts from the log into an engine, and says how large its heap is then.

import { setTimeout as sleep } from 'node:timers/promises';
import { openOn } from '../support/engine.ts';
import { flow } from '../support/flow.ts';
import { given, serve } from '../support/parent.ts';
import { makeWorld, setControls } from '../support/world.ts';

export type MemoryGiven = { readonly directory: string; readonly accounts: number };
/** Bytes on the heap with so many accounts loaded. */
export type MemoryQuestion = { readonly loaded: number };

const { directory, accounts } = given<MemoryGiven>();

async function heapBytes(): Promise<number> {
  // Twice, with time between them for what is freed by finalizers.
  for (let n = 0; n < 2; n++) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

await serve(async () => {
  const first = await openOn(directory);
  await makeWorld(first.engine, accounts);
  await first.close();
  const { engine, close } = await openOn(directory);
  return {
    ready: {},
    async answer({ loaded }: MemoryQuestion) {
      const from = engine.counters.accountsInMemory;
      await flow(loaded - from, 16, (n) => setControls(engine, from + n));
      return heapBytes();
    },
    stop: close,
  };
});
