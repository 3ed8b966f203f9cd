// processes.ts: running `appendingProcess.ts` and reading what it says.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export type Acknowledged = {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly ids: readonly string[];
};
export type Stopped = { readonly stopped: string; readonly later: string; readonly unanswered: number };

export type Appending = {
  readonly process: ChildProcess;
  readonly acknowledged: readonly Acknowledged[];
  readonly stopped: () => Stopped | undefined;
  /** Resolves when it has printed so many acknowledgements. */
  reached(count: number): Promise<void>;
  /** Resolves when it has ended and everything that it printed was read. */
  readonly ended: Promise<void>;
};

const SCRIPT = fileURLToPath(new URL('./appendingProcess.ts', import.meta.url));

/** Starts the process; with `maxFileBlocks`, no file that it writes may grow beyond so many blocks of 512 or 1024 bytes. */
export function startAppending(directory: string, seed: string, maxFileBlocks?: number): Appending {
  const node = [process.execPath, SCRIPT, directory, seed];
  const command =
    maxFileBlocks === undefined ? node : ['sh', '-c', `ulimit -f ${maxFileBlocks}; exec "$@"`, 'sh', ...node];
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const acknowledged: Acknowledged[] = [];
  let stopped: Stopped | undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // The last line may be cut off by a kill: nobody has read that answer.
    if (!line.endsWith('}')) return;
    const said: Acknowledged | Stopped = JSON.parse(line);
    if ('stopped' in said) stopped = said;
    else acknowledged.push(said);
  });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(() => {});
  const reached = (count: number): Promise<void> =>
    Promise.race([
      ended,
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (acknowledged.length >= count) resolve();
        };
        lines.on('line', check);
        check();
      }),
    ]);
  return { process: child, acknowledged, stopped: () => stopped, reached, ended };
}
