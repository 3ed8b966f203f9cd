// hotRun.ts: the process that submits authorizations to an engine on the embedded log, to one account or to many.

import { openOn } from '../support/engine.ts';
import { flow } from '../support/flow.ts';
import { given, serve } from '../support/parent.ts';
import { authorizationMessage, submissionOf } from '../support/submissions.ts';
import { cardAt, makeWorld } from '../support/world.ts';

export type HotGiven = { readonly directory: string; readonly accounts: number };
export type HotQuestion = { readonly accounts: number; readonly count: number };

const { directory, accounts } = given<HotGiven>();
const UNDER_WAY = 256;

await serve(async () => {
  const opened = await openOn(directory);
  await makeWorld(opened.engine, accounts);
  const cards = Array.from({ length: accounts }, (_, at) => cardAt(at).cardId);
  let n = 0;
  return {
    ready: {},
    /** Decisions a second. */
    async answer({ accounts: used, count }: HotQuestion) {
      const chosen = cards.slice(0, used);
      const begun = performance.now();
      await flow(count, UNDER_WAY, async () => {
        const now = Date.now();
        const cardId = chosen[n % used];
        if (cardId === undefined) throw new RangeError(`there are ${accounts} accounts`);
        const { answer } = await opened.engine.submit(submissionOf(authorizationMessage(cardId, n++, now), now));
        if (answer.decision !== 'approved') throw new Error(`declined: ${answer.reasons.join(', ')}`);
      });
      return (count / (performance.now() - begun)) * 1_000;
    },
    stop: opened.close,
  };
});
