// folders.ts: where logs are written: in this folder, on the disk that holds the project, since /tmp may be memory.

import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const CACHE = join(import.meta.dirname, '..', '.cache');

const made = new Set<string>();

/** A new folder, gone at the end of the run. */
export async function scratch(name: string): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, `run-${process.pid}-${name}-`));
  made.add(folder);
  return folder;
}

export async function removeScratch(): Promise<void> {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
  made.clear();
}

/** Folders of runs that were killed. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(CACHE, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
