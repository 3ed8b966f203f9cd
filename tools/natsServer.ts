// natsServer.ts: finds a nats-server for the tests before they run: on the PATH, or from Debian's package, unpacked into
// a folder of the project. Where none can be had, tests that need one are skipped and say so.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The program's path; empty when there is none. */
    natsServer: string;
  }
}

const CACHE = join(import.meta.dirname, '../node_modules/.cache/holdfast/nats-server');

export default function setup(project: TestProject): void {
  const found = natsServer() ?? download();
  if (found === undefined && process.env.NATS_URL === undefined) {
    const sentence = 'no nats-server was found or could be downloaded, and NATS_URL names none';
    if (process.env.HOLDFAST_REQUIRE_NATS === '1') throw new Error(`${sentence}: HOLDFAST_REQUIRE_NATS asks for one`);
    console.warn(`${sentence}: the tests of the feed are skipped`);
  }
  project.provide('natsServer', found ?? '');
}

/** The program, if it is on this machine. */
export function natsServer(): string | undefined {
  return onPath() ?? unpacked();
}

function onPath(): string | undefined {
  // Debian's package puts it where a user's PATH does not look.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, 'nats-server')).find((file) => existsSync(file));
}

function unpacked(): string | undefined {
  const file = join(CACHE, 'usr/sbin/nats-server');
  return existsSync(file) ? file : undefined;
}

/** Needs no root: nothing is installed. */
function download(): string | undefined {
  mkdirSync(CACHE, { recursive: true });
  const run = (file: string, ...args: readonly string[]): void => {
    execFileSync(file, args, { cwd: CACHE, stdio: 'ignore', timeout: 120_000 });
  };
  const get = (): void => run('apt-get', 'download', 'nats-server');
  try {
    try {
      get();
    } catch {
      // A new machine has no list of packages yet.
      run('apt-get', 'update');
      get();
    }
    const [deb] = readdirSync(CACHE).filter((name) => name.endsWith('.deb'));
    if (deb !== undefined) run('dpkg-deb', '-x', deb, '.');
    return unpacked();
  } catch {
    return undefined;
  }
}
