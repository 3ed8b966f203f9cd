// buildRun.ts: the process that makes a log of many events, as the engine writes them, with its snapshots and read models.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '@holdfast/engine';
import { startProjector } from '@holdfast/projector-service';
import { openOn } from '../support/engine.ts';
import { flow } from '../support/flow.ts';
import { given, serve } from '../support/parent.ts';
import { authorizationMessage, type LaterType, laterMessage, submissionOf } from '../support/submissions.ts';
import { cardAt, makeWorld } from '../support/world.ts';

export type BuildGiven = { readonly directory: string; readonly events: number };
export type BuildProgress = { readonly what: string; readonly done: boolean };

/** On average; each has a card. */
const EVENTS_OF_AN_ACCOUNT = 250;
/** Events that make an account and its card, one of them in the card's own stream. */
const BEGINNING = 5;
/** Below what the engine looks up at once of cards that it does not know yet. */
const UNDER_WAY = 200;

const { directory, events } = given<BuildGiven>();
const accounts = Math.ceil(events / EVENTS_OF_AN_ACCOUNT);

/** What follows on ten authorizations: three are left open. */
const LATER: readonly (readonly LaterType[])[] = [
  ['clearing'],
  ['clearing'],
  ['clearing'],
  ['reversal'],
  ['increment', 'clearing'],
  ['clearing', 'refund'],
  ['authorization_advice'],
  [],
  [],
  [],
];
const MESSAGES_OF_A_PURCHASE = 1 + LATER.flat().length / LATER.length;

async function traffic(engine: Engine, report: (written: number) => void): Promise<void> {
  const cards = Array.from({ length: accounts }, (_, at) => cardAt(at).cardId);
  const purchases = Math.ceil((events - accounts * BEGINNING) / MESSAGES_OF_A_PURCHASE);
  let written = accounts * BEGINNING;
  await flow(purchases, UNDER_WAY, async (n) => {
    const cardId = cards[n % accounts];
    if (cardId === undefined) throw new RangeError(`no card for ${n}`);
    const now = Date.now();
    await engine.submit(submissionOf(authorizationMessage(cardId, n, now), now));
    written++;
    for (const [at, type] of (LATER[n % LATER.length] ?? []).entries()) {
      await engine.submit(submissionOf(laterMessage(type, cardId, n, now + at + 1), now));
      written++;
    }
    if (n % 1_000 === 0) report(written);
  });
}

async function build(report: (what: string) => void): Promise<void> {
  // The index belongs to a log, which is told by its first event: so there must be one when the index is opened.
  const first = await openOn(directory);
  await makeWorld(first.engine, accounts);
  await first.close();
  const { engine, journal, close } = await openOn(directory);
  await traffic(engine, (written) =>
    report(`${written.toLocaleString('en')} of ${events.toLocaleString('en')} events`),
  );
  report('snapshots');
  const head = await journal.head();
  await engine.close();
  await close();
  const projector = await startProjector({ directory });
  while (projector.position() < head) {
    report(`read models: ${projector.position()} of ${head}`);
    await projector.waitFor(head, 1_000);
  }
  await projector.close();
  await writeFile(join(directory, 'complete'), '');
}

await serve(async () => {
  let what = 'accounts';
  let done = false;
  return {
    ready: {},
    async answer(): Promise<BuildProgress> {
      if (what === 'accounts') {
        what = 'accounts and cards';
        build((doing) => {
          what = doing;
        }).then(() => {
          done = true;
        });
      }
      return { what, done };
    },
  };
});
