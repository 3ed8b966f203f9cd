// results.ts: what was sent and what came back, one JSON object a line; --file takes such a file again.

import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { InputError, type JsonObject } from './source.ts';

export type Result = {
  /** ISO 8601 in UTC: the moment the message was first sent. */
  readonly sent_at: string;
  /** From the moment it should have been sent. */
  readonly latency_ms: number;
  /** Its number within the seed; absent of a file. */
  readonly purchase?: number;
  readonly message: JsonObject;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly answer: unknown;
};

export type Results = {
  /** Waits while the disk is slower than the network. Rejects with `InputError` when the file cannot be written. */
  write(result: Result): Promise<void>;
  close(): Promise<void>;
};

export const noResults: Results = { write: async () => undefined, close: async () => undefined };

/** Replaces the file at `path`. Rejects with `InputError` when it cannot be written. */
export async function resultsFile(path: string): Promise<Results> {
  const handle = await open(path, 'w').catch((error: unknown) => {
    throw new InputError(`${path} cannot be written: ${error instanceof Error ? error.message : 'unknown failure'}.`);
  });
  const stream = handle.createWriteStream();
  let failure: Error | undefined;
  /** One wait for all connections. */
  let drained: Promise<unknown> | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  const failed = () => new InputError(`${path} cannot be written further: ${failure?.message}.`);

  return {
    async write(result) {
      if (failure !== undefined) throw failed();
      if (stream.write(`${JSON.stringify(result)}\n`)) return;
      drained ??= once(stream, 'drain').finally(() => {
        drained = undefined;
      });
      await drained.catch(() => {
        throw failed();
      });
    },
    async close() {
      if (failure !== undefined) throw failed();
      stream.end();
      await once(stream, 'close').catch(() => {
        throw failed();
      });
    },
  };
}
