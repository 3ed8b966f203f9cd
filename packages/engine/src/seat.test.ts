import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { describe, expect, test } from 'vitest';
import { takeSeat } from './seat.ts';
import { settled, virtualClock } from './testing/virtualClock.ts';

const INSTANCE = '00000000-0000-4000-8000-000000000000';
const TICKS = Array.from({ length: 12 }, (_, ticks) => ticks);

async function seated(definite: () => Promise<void> = async () => {}) {
  const log = newMemoryLog();
  const plain = openMemoryJournal(log);
  let onAppended = (): void => {};
  const journal: typeof plain = {
    ...plain,
    append: async (...args) => {
      const appended = await plain.append(...args);
      onAppended();
      return appended;
    },
  };
  const seat = await takeSeat({ journal, clock: virtualClock(), name: 'a', instance: INSTANCE, definite });
  let lost: unknown;
  seat.lost.catch((error: unknown) => {
    lost = error;
  });
  return {
    seat,
    lost: () => lost,
    types: () => (log.streams.get('authorizer-a') ?? []).map(({ type }) => type),
    whenAppended: (callback: () => void) => {
      onAppended = callback;
    },
  };
}

const change = (n: number) => ({ stream: `program-${n}`, revision: 1, position: BigInt(n + 10) });

/** After so many steps of promises. */
async function after(ticks: number, callback: () => void): Promise<void> {
  for (let i = 0; i < ticks; i++) await undefined;
  callback();
}

describe('the changes that a seat confirms', () => {
  test('are more than the log takes at once, when many came while an append was under way', async () => {
    const definite = Promise.withResolvers<void>();
    const { seat, types, lost } = await seated(() => definite.promise);
    for (let n = 0; n < 1_200; n++) seat.confirm(change(n));
    await settled();
    definite.resolve();
    await settled();
    expect(lost()).toBeUndefined();
    expect(types().filter((type) => type === 'ChangeConfirmed')).toHaveLength(1_200);
  });

  test.each(TICKS)('are all confirmed, also one that comes %i steps after the one before', async (ticks) => {
    const { seat, types, whenAppended } = await seated();
    whenAppended(() => {
      whenAppended(() => {});
      void after(ticks, () => seat.confirm(change(2)));
    });
    seat.confirm(change(1));
    await settled();
    await settled();
    expect(types()).toEqual(['AuthorizerStarted', 'ChangeConfirmed', 'ChangeConfirmed']);
  });
});

test.each(TICKS)('a name is given back, also when a change comes %i steps later', async (ticks) => {
  const { seat, types, lost } = await seated();
  seat.confirm(change(1));
  const leaving = seat.leave();
  void after(ticks, () => seat.confirm(change(2)));
  await leaving;
  await settled();
  expect(lost()).toBeUndefined();
  expect(types().at(-1)).toBe('AuthorizerStopped');
});
