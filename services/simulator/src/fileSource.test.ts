import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource, outgoingOf } from './fileSource.ts';
import { type Result, resultsFile } from './results.ts';
import type { Outgoing } from './source.ts';
import { answered } from './testing/answers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-simulate-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string | Uint8Array, expectRecorded = false): Promise<Outgoing[]> {
  const path = join(folder, 'messages.ndjson');
  await writeFile(path, text);
  return all(path, expectRecorded);
}

async function all(path: string, expectRecorded = false): Promise<Outgoing[]> {
  const source = await fileSource({ path, expectRecorded });
  const found: Outgoing[] = [];
  try {
    for (;;) {
      const next = await source.next(0);
      if (next === undefined) return found;
      found.push(next);
    }
  } finally {
    source.close();
  }
}

describe('a file of messages', () => {
  test('is read in order, empty lines left out', async () => {
    const messages = (await read('{"stan":"1"}\n\n{"stan":"2"}\r\n{"stan":"3"}')).map(({ message }) => message);
    expect(messages).toEqual([{ stan: '1' }, { stan: '2' }, { stan: '3' }]);
  });

  test.each([
    ['text', 'hello', 2],
    ['a list', '[1]', 2],
    ['a number', '5', 2],
    ['null', 'null', 2],
    ['half an object', '{"stan":', 2],
  ])('with %s on a line is refused, naming the line', async (_case, line) => {
    await expect(read(`{"stan":"1"}\n${line}\n`)).rejects.toThrow(
      /^Line 2 of .*messages.ndjson is not a JSON object\.$/,
    );
  });

  test('with a line beyond the limit is refused, naming the line', async () => {
    await expect(read(`{}\n${'x'.repeat(1_048_577)}\n`)).rejects.toThrow(
      /^Line 2 of .* is longer than 1048576 bytes\.$/,
    );
  });

  test.each([
    ['that does not exist', 'missing.ndjson', /cannot be read: there is no such file\.$/],
    ['that is a folder', '', /is a folder, not a file of messages\.$/],
  ])('%s is refused', async (_case, name, sentence) => {
    await expect(fileSource({ path: join(folder, name), expectRecorded: false })).rejects.toThrow(sentence);
  });

  test('expects no particular answer, unless the recorded one is asked for', () => {
    const answer = answered({ transaction_id: 'txn_1' });
    const line = JSON.stringify({ message: { stan: '1' }, status: 200, answer });
    expect(outgoingOf(line, false)?.expectation).toEqual({ of: 'any' });
    expect(outgoingOf(line, true)?.expectation).toEqual({ of: 'same', answer });
    expect(outgoingOf('{"message":{"stan":"1"},"status":null,"answer":null}', true)?.expectation).toEqual({
      of: 'any',
    });
  });

  test('that was written as results is read as the messages that were sent', async () => {
    const json = fc.jsonValue({ maxDepth: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), json), { maxLength: 20 }), async (messages) => {
        const path = join(folder, 'results.ndjson');
        const results = await resultsFile(path);
        for (const message of messages) await results.write(result(message));
        await results.close();
        const sentAgain = (await all(path)).map(({ message }) => message);
        expect(JSON.stringify(sentAgain)).toBe(JSON.stringify(messages));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a file of results', () => {
  test('has one line a message, also where the disk is slower than the network', async () => {
    const path = join(folder, 'many.ndjson');
    const results = await resultsFile(path);
    // More than a stream buffers.
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => results.write(result({ n }))));
    await results.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).message.n)).toEqual([...Array(2_000).keys()]);
    expect(Object.keys(JSON.parse(lines[0] ?? ''))).toEqual(['sent_at', 'latency_ms', 'message', 'status', 'answer']);
  });

  test('in a folder that does not exist is refused', async () => {
    await expect(resultsFile(join(folder, 'no', 'results.ndjson'))).rejects.toThrow(/cannot be written: /);
  });

  test.skipIf(process.platform !== 'linux')('that cannot be written further fails in one sentence', async () => {
    const results = await resultsFile('/dev/full');
    const write = async () => {
      for (let n = 0; n < 100; n += 1) {
        await results.write(result({ n }));
        await new Promise(setImmediate);
      }
      await results.close();
    };
    await expect(write()).rejects.toThrow(/^\/dev\/full cannot be written further: /);
  });
});

function result(message: Result['message']): Result {
  return { sent_at: '2026-03-01T12:00:00.000Z', latency_ms: 1.5, message, status: 200, answer: answered() };
}
