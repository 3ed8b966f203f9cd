// serviceProcess.ts: for tests: one of the services, alone in a process, as a user runs it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type Environment, HOLDFAST, plainEnvironment } from './holdfastProcess.ts';

export type ServiceProcess = {
  readonly address: string;
  /** Everything that it wrote, on both streams. */
  output(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  readonly ended: Promise<Ended>;
};

const LOOK_MS = 25;

/** `args` with a port of its own, which must be free. Resolves when it is ready; rejects when it ends before. */
export async function startService(
  args: readonly string[],
  port: number,
  environment: Environment,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [HOLDFAST, ...args, '--port', String(port)], {
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that is cut off takes what it started with it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then((): Ended => ({ status: child.exitCode, signal: child.signalCode }));
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${args[0]} ended:\n${output}`);
    await sleep(LOOK_MS);
  }
  return {
    address,
    output: () => output,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

export function isReady(address: string): Promise<boolean> {
  return fetch(`${address}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
