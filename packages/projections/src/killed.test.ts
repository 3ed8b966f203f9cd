import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '../test/child.ts';
import { dump, newWorld, projectAll } from '../test/readModels.ts';
import { startTraffic } from '../test/traffic.ts';
import { openQueries } from './index.ts';

test('a projector that is killed at any moment goes on from its checkpoint to the rows of an undisturbed one', async () => {
  const world = await newWorld();
  const { directory } = world;
  const traffic = startTraffic(world, 5, 11);
  const beginnings: string[] = [];
  for (const commits of [1, 4, 7]) {
    const child = startChild(directory);
    while (child.commits() < commits) await traffic.run(10);
    const running = traffic.run(30);
    child.process.kill('SIGKILL');
    await child.ended;
    await running;
    beginnings.push(await child.beginning);
    const queries = openQueries({ directory });
    expect(queries.position()).toBeGreaterThan(0n);
    queries.close();
  }
  await projectAll(directory);
  const continued = dump(directory);

  for (const file of ['read.db', 'read.db-wal', 'read.db-shm']) await rm(join(directory, file), { force: true });
  await projectAll(directory);

  expect(beginnings).toEqual(['new', 'went on', 'went on']);
  expect(continued).toEqual(dump(directory));
});
