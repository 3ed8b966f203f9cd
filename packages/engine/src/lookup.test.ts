import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, virtualClock } from './testing/virtualClock.ts';

const clock = virtualClock();
const { card } = given.another('later');
let log: MemoryLog;
let issuing: Engine;
let authorizer: Engine;
/** The look for the card that was begun before it was issued comes back when this is called. */
let comeBack: () => void;
let looks = 0;

beforeEach(async () => {
  log = newMemoryLog();
  const journal = openMemoryJournal(log);
  issuing = await openEngine({ journal, index: memoryIndex(), clock, shared: {} });
  await given.openProgram(issuing);
  const slow = Promise.withResolvers<void>();
  comeBack = slow.resolve;
  looks = 0;
  const slowly: typeof journal = {
    ...journal,
    readStream: async function* (stream, options) {
      const pages = await Array.fromAsync(journal.readStream(stream, options));
      if (stream.startsWith('card-') && looks++ === 0) await slow.promise;
      yield* pages;
    },
  };
  authorizer = await openEngine({ journal: slowly, index: memoryIndex(), clock, shared: { authorizer: 'a' } });
});

describe('a card that another engine has issued, while a look for it from before is under way', () => {
  test('is known to a message that comes now: a request is approved, a fact happens once', async () => {
    const early = given.send(authorizer, given.authorization(1, 1n, { cardId: card }));
    await settled();
    await given.issue(issuing, card);
    const request = given.send(authorizer, given.authorization(2, 1n, { cardId: card }));
    const clearing = given.clearing(3, 3, 1n, { cardId: card });
    const fact = given.send(authorizer, clearing);
    await settled();
    comeBack();
    await early;
    await expect(request).resolves.toMatchObject({ decision: 'approved' });
    await fact;
    await given.send(authorizer, clearing);
    const ofFact = log.events.filter(({ data }) => data.includes('"type":"clearing"') || data.includes('NT3'));
    expect(ofFact.map(({ type, stream }) => `${type} ${stream.split('-')[0]}`)).toHaveLength(1);
  });

  test('is known to a command that comes now', async () => {
    const early = given.send(authorizer, given.authorization(1, 1n, { cardId: card }));
    await settled();
    await given.issue(issuing, card);
    const paused = given.execute(authorizer, { type: 'pauseCard', cardId: card });
    await settled();
    comeBack();
    await early;
    await expect(paused).resolves.toMatchObject({ done: true });
  });

  test('is looked for once more, for all who came since', async () => {
    const early = given.send(authorizer, given.authorization(1, 1n, { cardId: card }));
    await settled();
    const later = [2, 3, 4].map((n) => given.send(authorizer, given.authorization(n, 1n, { cardId: card })));
    comeBack();
    await Promise.all([early, ...later]);
    expect(looks).toBe(2);
  });
});
