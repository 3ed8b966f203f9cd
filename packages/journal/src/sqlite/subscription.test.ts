import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { event } from '../contract/subject.ts';
import { openMemoryJournal } from '../memory/memoryJournal.ts';

test('what comes while the user rests at the head is in one page', async () => {
  const journal = openMemoryJournal();
  const resting = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const all = Promise.withResolvers<readonly number[]>();
  const subscription = journal.subscribe({
    after: 0n,
    onPage: ({ events }) => all.resolve(events.map(({ revision }) => revision)),
    onCaughtUp: () => {
      resting.resolve();
      return enough.promise;
    },
  });
  await resting.promise;
  for (let count = 0; count < 5; count++) {
    await journal.append('account-a', count === 0 ? 'no_stream' : count - 1, [event()]);
    // So that a page could come of each.
    await setTimeout(2);
  }
  enough.resolve();
  expect(await all.promise).toEqual([0, 1, 2, 3, 4]);
  await subscription.close();
});
