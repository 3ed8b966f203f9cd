// fuzz.test.ts: whatever bytes come as a body, the answer is one of ours, and nothing but a decision is written.

import { ERROR_CODES } from '@holdfast/http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization } from './testing/authorization.ts';
import { openStack, type Stack } from './testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

/** A valid message with a stretch of it cut out and something else put there. */
const mutated = fc
  .tuple(fc.nat(), fc.nat({ max: 12 }), fc.oneof(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 2 })))
  .map(([at, length, instead]) => {
    const text = JSON.stringify(authorization({ number: stack.card.number }));
    const from = at % text.length;
    return Buffer.from(text.slice(0, from) + instead + text.slice(from + length));
  });

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc.json({ maxDepth: 20 }).map((text) => Buffer.from(text)),
  mutated,
);

describe('a body of any bytes', () => {
  test('is decided, or refused by one of our errors without a word of it', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (payload) => {
        const before = await stack.journal.head();
        const answer = await stack.app.inject({
          method: 'POST',
          url: '/v1/network/messages',
          payload,
          headers: { authorization: `Bearer ${stack.keys.network}`, 'content-type': 'application/json' },
        });
        expect(answer.body).not.toContain(stack.card.number);
        if (answer.statusCode === 200) return;
        expect(answer.statusCode).toBe(400);
        expect(ERROR_CODES).toContain(answer.json().code);
        expect(await stack.journal.head()).toBe(before);
      }),
      { numRuns: 300 },
    );
    expect(stack.log.join('')).not.toContain(stack.card.number);
  });
});
