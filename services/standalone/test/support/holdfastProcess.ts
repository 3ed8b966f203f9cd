// holdfastProcess.ts: for tests: holdfast as a user runs it, a process of its own with an environment of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const HOLDFAST = fileURLToPath(new URL('../../bin/holdfast.js', import.meta.url));

export type Ended = { readonly status: number | null; readonly signal: NodeJS.Signals | null };

/** What a process wrote so far. */
type Written = { out: string; err: string };

export type Environment = Readonly<Record<string, string>>;

/** Runs to its end. */
export async function holdfast(
  args: readonly string[],
  environment: Environment = {},
): Promise<Ended & { readonly out: string; readonly err: string }> {
  const { child, written } = run([process.execPath, HOLDFAST, ...args], environment);
  await once(child, 'close');
  return { status: child.exitCode, signal: child.signalCode, ...written };
}

export type RunningHoldfast = {
  readonly address: string;
  /** Everything that it wrote, on both streams. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
  /** Asks it to stop and waits for the end. */
  stop(): Promise<Ended>;
};

export type StartOptions = {
  readonly data: string;
  readonly flags?: readonly string[];
  readonly environment?: Environment;
  /** Run through this shell text, which must end in `exec "$@"`. */
  readonly shell?: string;
};

/** A start that may be killed before it serves: `address` rejects when the process ends first. */
export function launch({ data, flags = [], environment = {}, shell }: StartOptions) {
  const command = [process.execPath, HOLDFAST, 'start', '--data', data, '--port', '0', ...flags];
  const { child, written } = run(shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command], environment);
  const ended = once(child, 'close').then((): Ended => ({ status: child.exitCode, signal: child.signalCode }));
  const address = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /Address +(http:\S+)[\s\S]*\n\n/.exec(written.out)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(({ status, signal }) => reject(new Error(`ended with ${status ?? signal}: ${written.err}`)));
  });
  address.catch(() => undefined);
  return { child, address, ended, output: () => written.out + written.err };
}

/** Resolves when it serves. */
export async function startHoldfastProcess(options: StartOptions): Promise<RunningHoldfast> {
  const { child, address, ended, output } = launch(options);
  return {
    address: await address,
    output,
    signal: (name) => void child.kill(name),
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function run(command: readonly string[], environment: Environment): { child: ChildProcess; written: Written } {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that is cut off takes what it started with it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const written: Written = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  return { child, written };
}

/** This process's environment without its settings of Holdfast. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_')));
}
