// natsProcess.ts: for tests: a nats-server with JetStream in a process of its own, on files of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';
import { freePort } from '../../../../tools/freePort.ts';

export type NatsProcess = {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL: its files stay. */
  kill(): Promise<void>;
  /** Ends it and removes its files. */
  destroy(): Promise<void>;
};

export async function natsProcess(program: string): Promise<NatsProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-nats-'));
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  return {
    url,
    kill,
    async start() {
      const started = spawn(program, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory], {
        stdio: 'ignore',
      });
      const end = (): unknown => started.kill('SIGKILL');
      process.once('exit', end);
      started.once('exit', () => process.off('exit', end));
      child = started;
      for (;;) {
        try {
          await (await connect({ servers: url })).close();
          return;
        } catch {
          await sleep(20);
        }
      }
    },
    async destroy() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
