// eventStoreProcess.ts: for tests: an event store in a process of its own, to be killed and started again.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LogLocation } from '@holdfast/journal';
import { openReaderAt } from '@holdfast/journal';
import { freePort } from '../../../../tools/freePort.ts';
import { type Environment, HOLDFAST, plainEnvironment } from './holdfastProcess.ts';

export type EventStoreProcess = {
  /** For a Holdfast that uses it. */
  readonly environment: Environment;
  readonly log: LogLocation;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
};

const PREFIX_LETTERS = 8;

/**
 * The development event store on a log in `data`; or, when HOLDFAST_TEST_EVENTSTORE_COMMAND is set, what that shell
 * command starts in the foreground, reached by the connection string in HOLDFAST_TEST_EVENTSTORE.
 */
export async function eventStoreProcess(data: string): Promise<EventStoreProcess> {
  const { HOLDFAST_TEST_EVENTSTORE_COMMAND: command, HOLDFAST_TEST_EVENTSTORE: named } = process.env;
  const port = await freePort();
  const ours = [process.execPath, HOLDFAST, 'eventstore', '--data', data, '--port', String(port)];
  const args = command === undefined ? ours : ['sh', '-c', `exec ${command}`];
  const connectionString = (command === undefined ? undefined : named) ?? `esdb://127.0.0.1:${port}?tls=false`;
  const streamPrefix = `t${Math.random()
    .toString(36)
    .slice(2, 2 + PREFIX_LETTERS)}`;
  const log: LogLocation = { eventStore: { connectionString, streamPrefix } };
  let child: ChildProcess | undefined;
  return {
    environment: { HOLDFAST_EVENTSTORE: connectionString, HOLDFAST_STREAM_PREFIX: streamPrefix },
    log,
    async start() {
      const [file = '', ...rest] = args;
      const started = spawn(file, rest, { env: plainEnvironment(), stdio: 'ignore' });
      const kill = (): unknown => started.kill('SIGKILL');
      process.once('exit', kill);
      started.once('exit', () => process.off('exit', kill));
      child = started;
      const reader = await openReaderAt({ eventStore: { connectionString, streamPrefix, patienceMs: 60_000 } });
      await reader.head();
      await reader.close();
    },
    async kill() {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
