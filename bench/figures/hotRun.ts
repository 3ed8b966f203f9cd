// hotRun.ts: the process that submits authorizations to an engine, to one account or to many.

import type { LogLocation } from '@holdfast/journal';
import { openOn } from '../support/engine.ts';
import { given, serve } from '../support/parent.ts';
import { processorMs } from '../support/processorTime.ts';
import { authorizationMessage, submissionOf } from '../support/submissions.ts';
import { cardAt, makeWorld } from '../support/world.ts';

export type HotGiven = {
  readonly directory: string;
  readonly accounts: number;
  /** Left out: the embedded one, in the directory. */
  readonly log?: LogLocation;
};
export type HotQuestion = { readonly accounts: number; readonly seconds: number };
export type HotMeasured = { readonly perSecond: number; readonly processorUsEach: number };

const { directory, accounts, ...options } = given<HotGiven>();
const UNDER_WAY = 256;

await serve(async () => {
  const opened = await openOn(directory, options);
  await makeWorld(opened.engine, accounts);
  const cards = Array.from({ length: accounts }, (_, at) => cardAt(at).cardId);
  let n = 0;
  return {
    ready: {},
    async answer({ accounts: used, seconds }: HotQuestion): Promise<HotMeasured> {
      const chosen = cards.slice(0, used);
      const [processorBegun, begun, first] = [processorMs(), performance.now(), n];
      const end = begun + seconds * 1_000;
      async function decide(): Promise<void> {
        const now = Date.now();
        const cardId = chosen[n % used];
        if (cardId === undefined) throw new RangeError(`there are ${accounts} accounts`);
        const { answer } = await opened.engine.submit(submissionOf(authorizationMessage(cardId, n++, now), now));
        if (answer.decision !== 'approved') throw new Error(`declined: ${answer.reasons.join(', ')}`);
      }
      await Promise.all(
        Array.from({ length: UNDER_WAY }, async () => {
          while (performance.now() < end) await decide();
        }),
      );
      const count = n - first;
      const perSecond = (count / (performance.now() - begun)) * 1_000;
      return { perSecond, processorUsEach: ((processorMs() - processorBegun) / count) * 1_000 };
    },
    stop: opened.close,
  };
});
