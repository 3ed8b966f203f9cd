// parent.ts: the child's half: what it was given, and how it answers.

import type { FromChild, ToChild } from './protocol.ts';

/** What the parent gave. The two are one program, so nothing is checked. */
export function given<Given>(): Given {
  return JSON.parse(process.argv[2] ?? '{}') as Given;
}

export type Serving<Ready> = {
  readonly ready: Ready;
  readonly answer?: (question: never) => Promise<unknown>;
  readonly stop?: () => Promise<unknown>;
};

/** Begins, says that it is ready, answers one question at a time, and ends when the parent says so or is gone. */
export async function serve<Ready>(begin: () => Promise<Serving<Ready>>): Promise<void> {
  process.once('disconnect', () => process.exit());
  process.on('unhandledRejection', (reason) => fail(reason));
  try {
    const { ready, answer, stop } = await begin();
    process.on('message', async (message: ToChild) => {
      try {
        if (message === 'stop') {
          await stop?.();
          process.exit();
        }
        say(await answer?.(message.question as never));
      } catch (error) {
        fail(error);
      }
    });
    say(ready);
  } catch (error) {
    fail(error);
  }
}

function say(said: unknown): void {
  send({ said });
}

function fail(error: unknown): void {
  send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function send(message: FromChild): void {
  process.send?.(message);
}
