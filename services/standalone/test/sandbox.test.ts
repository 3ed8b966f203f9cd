import { verifyLog } from '@holdfast/audit';
import { type Engine, openEngine, openSqliteAccountIndex, sourceHash } from '@holdfast/engine';
import { openSqliteJournal } from '@holdfast/journal';
import { openVault } from '@holdfast/vault';
import { describe, expect, test, vi } from 'vitest';
import { makeSandbox, sandboxState } from '../src/sandbox.ts';
import { temporaryFolder } from './support/folder.ts';

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const vault = openVault({ key: new Uint8Array(32).fill(3) });
const now = Date.UTC(2026, 2, 1);

/** Runs `use` with an engine on the log in `directory`. */
async function withEngine<T>(directory: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  const journal = await openSqliteJournal({ directory });
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: sourceHash() });
  const engine = await openEngine({ journal, index });
  try {
    return await use(engine);
  } finally {
    await engine.close();
    await index.close();
    await journal.close();
  }
}

async function contents(directory: string) {
  const journal = await openSqliteJournal({ directory });
  const { events, accounts, cards, eventsByType, trialBalance, problems } = await verifyLog(journal);
  const state = await sandboxState(journal);
  await journal.close();
  return { events, accounts, cards, eventsByType, trialBalance, problems, state };
}

describe('the sandbox', () => {
  test('is the same when its making is broken off and begun again', async () => {
    const whole = temporaryFolder();
    const steps = await withEngine(whole, async (engine) => {
      let count = 0;
      await makeSandbox(
        limited(engine, () => void count++),
        vault,
        { now, secretHash: 'secret' },
      );
      return count;
    });
    const expected = await contents(whole);
    expect(expected).toMatchObject({ state: 'made', accounts: 4, cards: 6, problems: [] });

    const broken = temporaryFolder();
    for (const stopAfter of [0, 1, 4, 7, 12, steps - 1]) {
      let left = stopAfter;
      await withEngine(broken, async (engine) => {
        const making = makeSandbox(
          limited(engine, () => {
            if (left-- <= 0) throw new Error('killed');
          }),
          vault,
          { now, secretHash: 'secret' },
        );
        await expect(making).rejects.toThrow('killed');
      });
      expect((await contents(broken)).state).toBe(stopAfter === 0 ? 'none' : 'unfinished');
    }
    await withEngine(broken, (engine) => makeSandbox(engine, vault, { now, secretHash: 'secret' }));
    expect(await contents(broken)).toEqual(expected);
  });
});

/** The engine, with something that happens before each of its commands. */
function limited(engine: Engine, before: () => void): Engine {
  return {
    ...engine,
    ready: engine.ready,
    counters: engine.counters,
    execute: async (command, context) => {
      before();
      return engine.execute(command, context);
    },
  };
}
