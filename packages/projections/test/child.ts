// child.ts: for tests: another process that projects, and what it says.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export type Child = {
  readonly process: ChildProcess;
  /** Why it makes the rows anew, or `went on`. */
  readonly beginning: Promise<string>;
  /** The name of the error that it failed with. */
  readonly failed: Promise<string>;
  /** Resolves when it is no more. */
  readonly ended: Promise<unknown>;
  commits(): number;
};

const script = new URL('./projectInChild.ts', import.meta.url).pathname;

/** Killed when the test ends. */
export function startChild(directory: string): Child {
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const beginning = Promise.withResolvers<string>();
  const failed = Promise.withResolvers<string>();
  let commits = 0;
  createInterface(child.stdout).on('line', (line) => {
    if (/^[0-9]+$/.test(line)) commits += 1;
    else if (line.startsWith('failed: ')) failed.resolve(line.slice('failed: '.length));
    else beginning.resolve(line);
  });
  const ended = once(child, 'close');
  return { process: child, beginning: beginning.promise, failed: failed.promise, ended, commits: () => commits };
}
