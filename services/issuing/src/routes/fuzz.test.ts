// fuzz.test.ts: whatever bytes come as a body, every write answers with success or one of our errors.

import { ERROR_CODES } from '@holdfast/http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let writes: readonly (readonly ['POST' | 'PUT', string, string])[];
beforeAll(async () => {
  stack = await openStack();
  const program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  const account = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
  const target = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
  const card = await stack.created('POST', '/v1/cards', { account_id: account.id });
  const limit = { window: 'day', amount: 5, time_zone: 'UTC' };
  const controls = JSON.stringify({ limits: [limit], merchant_categories: { blocked: ['5812'], allowed: [] } });
  const correction = '{"direction":"debit","amount":5,"currency":"EUR","against":"losses","reason":"x"}';
  const rates = JSON.stringify({
    ...{ source: 'ecb', valid_from: '2026-03-01T00:00:00Z', valid_until: '2026-03-02T00:00:00Z' },
    rates: [{ base: 'USD', quote: 'EUR', rate: '0.92' }],
  });
  writes = [
    ['POST', `/v1/programs/${program.id}/fx_rates`, rates],
    ['PUT', `/v1/programs/${program.id}/markup`, '{"basis_points":150}'],
    ['POST', '/v1/programs', '{"name":"Sandbox","hold_expiry_days":7}'],
    ['POST', '/v1/accounts', `{"program_id":"${program.id}","currency":"EUR","name":"x"}`],
    ['POST', `/v1/accounts/${account.id}/deposits`, '{"amount":5,"currency":"EUR","reference":"x"}'],
    ['POST', `/v1/accounts/${account.id}/withdrawals`, '{"amount":5,"currency":"EUR","reference":"x"}'],
    ['POST', `/v1/accounts/${account.id}/corrections`, correction],
    ['POST', `/v1/accounts/${account.id}/transfers`, `{"to_account_id":"${target.id}","amount":5,"currency":"EUR"}`],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', `{"to":"account","account_id":"${target.id}","reason":"x"}`],
    ['PUT', `/v1/accounts/${account.id}/credit-line`, '{"credit_line":5}'],
    ['PUT', `/v1/accounts/${account.id}/controls`, controls],
    ['POST', '/v1/cards', `{"account_id":"${account.id}","label":"x"}`],
    ['PUT', `/v1/cards/${card.id}/controls`, controls],
    ['POST', `/v1/cards/${card.id}/resume`, '{"reason":"x"}'],
  ];
});
afterAll(() => stack.close());

const change = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  instead: fc.oneof(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 2 })),
});

describe('a body of any bytes', () => {
  test('does what it says or is refused, and then writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), change, async (which, { at, length, instead }) => {
        const write = writes[which % writes.length];
        if (write === undefined) return;
        const [method, url, body] = write;
        const from = at % body.length;
        const head = await stack.journal.head();
        const answer = await stack.call(method, url, {
          body: body.slice(0, from) + instead + body.slice(from + length),
        });
        if (answer.statusCode < 300) return;
        expect(answer.statusCode).toBeGreaterThanOrEqual(400);
        expect(answer.statusCode).toBeLessThan(500);
        expect(ERROR_CODES).toContain(answer.json().code);
        expect(await stack.journal.head()).toBe(head);
      }),
      { numRuns: 300 },
    );
  });
});
