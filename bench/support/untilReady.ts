// untilReady.ts: starts a service as a user does, and stops it as soon as it is ready.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { FINGERPRINT_KEY } from './world.ts';

const HOLDFAST = fileURLToPath(import.meta.resolve('../../services/standalone/bin/holdfast.js'));

/** Milliseconds from spawning the process to the first 200 of /ready. It has stopped cleanly when this resolves. */
export async function untilReady(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const port = await freePort();
  const key = Buffer.from(FINGERPRINT_KEY).toString('hex');
  const env = { ...process.env, HOLDFAST_FINGERPRINT_KEY: key, ...environment };
  const begun = performance.now();
  const child = spawn(process.execPath, [HOLDFAST, ...args, '--port', String(port)], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`holdfast ${args[0]} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const ms = performance.now() - begun;
  child.kill('SIGTERM');
  await ended;
  process.off('exit', kill);
  return ms;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { connection: 'close' } });
    return status === 200;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
