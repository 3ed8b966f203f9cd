// cachedLog.ts: logs of many events, made once and kept until a source changes that says what is in them.

import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { CACHE } from '../support/folders.ts';
import type { BuildGiven, BuildProgress } from './buildRun.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = 'packages/{domain,engine,events,journal,money,projections}/src/**/*.ts';

/** The folder of a log of about so many events, with snapshots and read models. Takes a minute for a million. */
export async function cachedLog(events: number, plan: Plan): Promise<string> {
  const key = sourcesHash();
  await removeOthers(key);
  const directory = join(CACHE, `log-${key}-${events}`);
  if (existsSync(join(directory, 'complete'))) return directory;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const given: BuildGiven = { directory, events };
  const builder = await startChild(new URL('./buildRun.ts', import.meta.url), given);
  for (;;) {
    const { what, done } = await builder.ask<BuildProgress>({});
    if (done) break;
    plan.say(`making a log of ${events.toLocaleString('en')} events: ${what}`);
    await sleep(500);
  }
  await builder.stop();
  return directory;
}

/** What was made from other sources would be made anew on opening, and that is not what is measured. */
async function removeOthers(key: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of await readdir(CACHE)) {
    if (name.startsWith('log-') && !name.startsWith(`log-${key}-`)) {
      await rm(join(CACHE, name), { recursive: true, force: true });
    }
  }
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = [...globSync(SOURCES, { cwd: ROOT }), 'bench/logs/buildRun.ts', 'bench/support/world.ts'];
  for (const file of files.sort()) {
    if (!file.endsWith('.test.ts')) hash.update(file).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
