// fileSource.ts: messages out of a file, one JSON object a line: a message, or a line that --out wrote.

import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { answerSchema } from './answer.ts';
import type { Expectation } from './expectations.ts';
import { LineTooLong, linesOf, MOST_LINE_BYTES } from './lines.ts';
import { InputError, type JsonObject, type Outgoing, type Source } from './source.ts';

export type FileOptions = {
  /** `-` is standard input. */
  readonly path: string;
  /** Hold each answer against the one that was recorded with the message. */
  readonly expectRecorded: boolean;
};

/** Rejects with `InputError` when the file cannot be read. */
export async function fileSource({ path, expectRecorded }: FileOptions): Promise<Source> {
  const name = path === '-' ? 'standard input' : path;
  const chunks = path === '-' ? process.stdin : await opened(path);
  const lines = linesOf(chunks);
  let number = 0;

  return {
    async next() {
      for (;;) {
        const next = await lines.next().catch((error: unknown) => {
          throw new InputError(
            error instanceof LineTooLong
              ? `Line ${number + 1} of ${name} is longer than ${MOST_LINE_BYTES} bytes.`
              : `${name} cannot be read further: ${reasonOf(error)}.`,
          );
        });
        if (next.done === true) return undefined;
        number += 1;
        if (next.value.trim() === '') continue;
        const outgoing = outgoingOf(next.value, expectRecorded);
        if (outgoing === undefined) throw new InputError(`Line ${number} of ${name} is not a JSON object.`);
        return outgoing;
      }
    },
    waiting: 0,
    close: () => {
      chunks.destroy();
    },
  };
}

/** The message on one line, or undefined when it is not a JSON object. No network message has a field `message`. */
export function outgoingOf(line: string, expectRecorded: boolean): Outgoing | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  if (!isObject(parsed.message)) return { message: parsed, expectation: { of: 'any' } };
  return {
    message: parsed.message,
    expectation: expectRecorded ? recordedExpectation(parsed.answer) : { of: 'any' },
  };
}

function recordedExpectation(recorded: unknown): Expectation {
  const answer = answerSchema.safeParse(recorded);
  return answer.success ? { of: 'same', answer: answer.data } : { of: 'any' };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function opened(path: string): Promise<Readable> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw new InputError(`${path} is a folder, not a file of messages.`);
    }
    return handle.createReadStream();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : 'unknown failure';
}
