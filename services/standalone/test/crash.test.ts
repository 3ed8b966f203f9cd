import { describe, expect, onTestFinished, test } from 'vitest';
import { crashRun } from './crash/crashRun.ts';
import { eventStoreProcess } from './support/eventStoreProcess.ts';
import { temporaryFolder } from './support/folder.ts';

describe('a server that is killed at random instants, under load from many connections', () => {
  test('has every answer it gave in its log, once, and gives it again', { timeout: 300_000 }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const report = await crashRun({ data: temporaryFolder(), seed, kills: 5 });
    // On a failure the seed is in the comparison.
    expect(report).toMatchObject({ seed, problems: [], kills: 5 });
    expect(report.answered).toBeGreaterThan(100);
    expect(report.answered).toBe(report.operations);
  });

  test('and so it is with its log on an event store that is killed too', { timeout: 300_000 }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const eventStore = await eventStoreProcess(temporaryFolder());
    await eventStore.start();
    onTestFinished(() => eventStore.kill());
    const report = await crashRun({ data: temporaryFolder(), seed, kills: 3, eventStore });
    expect(report).toMatchObject({ seed, problems: [], kills: 3, eventStoreKills: 3 });
    expect(report.answered).toBeGreaterThan(100);
    expect(report.answered).toBe(report.operations);
  });
});
