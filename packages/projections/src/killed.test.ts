import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { dump, newWorld, projectAll } from '../test/readModels.ts';
import { startTraffic } from '../test/traffic.ts';
import { openQueries } from './index.ts';

const script = new URL('../test/projectInChild.ts', import.meta.url).pathname;

type Child = { readonly process: ChildProcess; readonly beginning: Promise<string>; commits(): number };

function startChild(directory: string): Child {
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const beginning = Promise.withResolvers<string>();
  let commits = 0;
  createInterface(child.stdout).on('line', (line) => {
    if (/^[0-9]+$/.test(line)) commits += 1;
    else beginning.resolve(line);
  });
  return { process: child, beginning: beginning.promise, commits: () => commits };
}

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
    await once(child.process, 'exit');
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
