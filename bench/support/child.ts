// child.ts: what is measured runs in a process of its own, which is told what to do and answers in JSON.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromChild, ToChild } from './protocol.ts';

export type Child<Ready> = {
  /** What it said when it had begun. */
  readonly ready: Ready;
  ask<Answer>(question: object): Promise<Answer>;
  /** Takes no more of the cores until it is resumed. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `script`, a module of this folder, and waits until it is ready. Rejects when it fails before. */
export async function startChild<Ready>(
  script: URL,
  given: object,
  flags: readonly string[] = [],
): Promise<Child<Ready>> {
  const child = fork(script, [JSON.stringify(given)], {
    execArgv: [...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const ready = await next<Ready>(child, script);
  const send = (message: ToChild): boolean => child.send(message);
  return {
    ready,
    ask(question) {
      send({ question });
      return next(child, script);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      if (!running.has(child)) return;
      child.kill('SIGCONT');
      send('stop');
      await once(child, 'exit');
    },
  };
}

/** Runs `script` to its end and returns the one thing that it says. */
export async function runChild<Result>(script: URL, given: object, flags: readonly string[] = []): Promise<Result> {
  const child = await startChild<Result>(script, given, flags);
  await child.stop();
  return child.ready;
}

function next<Message>(child: ChildProcess, script: URL): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromChild): void => {
      child.off('exit', onExit);
      if ('failed' in message) reject(new Error(`${script.pathname.split('/').at(-1)}: ${message.failed}`));
      else resolve(message.said as Message);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      child.off('message', onMessage);
      reject(new Error(`${script.pathname} ended with ${code ?? signal}`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}
