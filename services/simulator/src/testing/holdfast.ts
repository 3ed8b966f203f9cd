// holdfast.ts: for tests: Holdfast as a process on a folder of its own, and calls of its API with the sandbox's key.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOLDFAST = fileURLToPath(new URL('../../../standalone/bin/holdfast.js', import.meta.url));

/** Runs a command of this workspace, without the environment of whoever runs the tests. */
export function start(command: string, args: readonly string[]): ChildProcess {
  const { HOLDFAST_URL: _url, HOLDFAST_API_KEY: _key, HOLDFAST_DATA: _data, NODE_OPTIONS: _node, ...env } = process.env;
  return spawn(process.execPath, [command, ...args], {
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** To its end. */
export async function run(command: string, ...args: readonly string[]) {
  const child = start(command, args);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, out };
}

export type Server = { readonly process: ChildProcess; readonly url: string };

/** Resolves when the server has printed its address. */
export async function startServer(data: string, port = '0'): Promise<Server> {
  const child = start(HOLDFAST, ['start', '--data', data, '--port', port]);
  let out = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', (status) => reject(new Error(`the server ended with ${status} before it served: ${out}`)));
  });
  return { process: child, url };
}

export async function stopServer({ process }: Server, signal: NodeJS.Signals): Promise<void> {
  const ended = once(process, 'exit');
  process.kill(signal);
  await ended;
}

export function verify(data: string) {
  return run(HOLDFAST, 'verify', '--data', data);
}

export async function sandboxKey(data: string): Promise<string> {
  return (await readFile(join(data, 'sandbox-key'), 'utf8')).trim();
}
