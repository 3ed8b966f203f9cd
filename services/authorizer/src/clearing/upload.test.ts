// upload.test.ts: files as they come over a real connection: in pieces, too long, too many, or cut off.

import { request } from 'node:http';
import { CLEARING_FILE_LIMITS } from '@holdfast/events';
import { clearingFile, clearingMessage } from '@holdfast/events/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';
import { CLEARING_FILES_AT_ONCE } from './clearingRoutes.ts';

let stack: Stack;
let url: URL;
beforeAll(async () => {
  stack = await openStack();
  url = new URL('/v1/network/clearing_files', await stack.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => stack.close());

type Answered = { readonly status: number | undefined; readonly body: Readonly<Record<string, unknown>> };

function upload() {
  const sending = request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.keys.network}`, 'content-type': 'application/x-ndjson' },
  });
  const answered = new Promise<Answered>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
  });
  answered.catch(() => undefined);
  return { sending, answered };
}

const file = (sequence: number) =>
  clearingFile([{ id: '1', message: clearingMessage({ id: stack.card.id }, { amount: 1 }) }], { sequence });

test('a file that comes byte by byte is the same file', async () => {
  const { sending, answered } = upload();
  for (const byte of Buffer.from(file(1))) sending.write(Buffer.of(byte));
  sending.end();
  expect(await answered).toMatchObject({ status: 200, body: { records: 1, status: 'applied' } });
});

test('a file that is cut off leaves nothing', async () => {
  const head = await stack.journal.head();
  const { sending, answered } = upload();
  sending.write(file(2).slice(0, -10));
  sending.flushHeaders();
  await new Promise((resolve) => setTimeout(resolve, 50));
  sending.destroy();
  await expect(answered).rejects.toThrow();
  expect(await stack.journal.head()).toBe(head);
  const { sending: again, answered: whole } = upload();
  again.end(file(2));
  expect(await whole).toMatchObject({ status: 200 });
});

test('a file with more bytes than it may have is refused where it goes beyond', async () => {
  const { sending, answered } = upload();
  const chunk = Buffer.alloc(1024 * 1024, 'x\n');
  sending.on('error', () => undefined);
  for (let sent = 0; sent <= CLEARING_FILE_LIMITS.fileBytes && !sending.destroyed; sent += chunk.length) {
    if (!sending.write(chunk)) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await answered).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
});

test('one file more than are taken at once is told to wait', async () => {
  const waiting = Array.from({ length: CLEARING_FILES_AT_ONCE }, (_, at) => {
    const each = upload();
    each.sending.write(file(10 + at).slice(0, 10));
    return { ...each, rest: file(10 + at).slice(10) };
  });
  let answer: Answered;
  // The others may still be on their way.
  for (let sequence = 20; ; sequence += 1) {
    const { sending, answered } = upload();
    sending.end(file(sequence));
    answer = await answered;
    if (answer.status !== 200) break;
  }
  expect(answer).toMatchObject({ status: 503, body: { code: 'too_many_clearing_files' } });
  for (const { sending: each, rest } of waiting) each.end(rest);
  for (const { answered: each } of waiting) expect(await each).toMatchObject({ status: 200 });
  const { sending: again, answered: now } = upload();
  again.end(file(9));
  expect(await now).toMatchObject({ status: 200 });
});
