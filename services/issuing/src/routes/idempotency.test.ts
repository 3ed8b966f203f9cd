// idempotency.test.ts: the same key has one effect and one answer, in parallel, later, and with other keys around it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let program: { readonly id: string };
let account: { readonly id: string };
let target: { readonly id: string };
beforeAll(async () => {
  stack = await openStack();
  program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  account = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
  target = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
});
afterAll(() => stack.close());

const NO_CONTROLS = { limits: [], merchant_categories: { blocked: [], allowed: [] } };
const CORRECTION = { direction: 'credit', amount: 5, currency: 'EUR', against: 'losses', reason: 'Asked' };
const LIMITED = { ...NO_CONTROLS, limits: [{ window: 'transaction', amount: 5 }] };

const transfer = (amount: number) => ({ to_account_id: target.id, amount, currency: 'EUR' });
const RATES = {
  ...{ source: 'ecb', valid_from: '2026-03-01T00:00:00Z', valid_until: '2026-03-02T00:00:00Z' },
  rates: [{ base: 'USD', quote: 'EUR', rate: '0.92' }],
};
const DAYS = { lodging_days: 30, car_rental_days: 30, cruise_days: 30, fuel_days: 2, other_days: 7 };

/** Every write, with a body and another one. */
const writes = () =>
  [
    ['POST', '/v1/programs', { name: 'A' }, { name: 'B' }],
    ['POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' }, { program_id: program.id, currency: 'USD' }],
    ['POST', `/v1/accounts/${account.id}/deposits`, { amount: 5, currency: 'EUR' }, { amount: 6, currency: 'EUR' }],
    ['POST', `/v1/accounts/${account.id}/withdrawals`, { amount: 1, currency: 'EUR' }, { amount: 2, currency: 'EUR' }],
    ['POST', `/v1/accounts/${account.id}/corrections`, CORRECTION, { ...CORRECTION, direction: 'debit' }],
    ['POST', `/v1/accounts/${account.id}/transfers`, transfer(1), transfer(2)],
    ['PUT', `/v1/accounts/${account.id}/credit-line`, { credit_line: 5 }, { credit_line: 6 }],
    ['PUT', `/v1/accounts/${account.id}/controls`, NO_CONTROLS, LIMITED],
    ['POST', '/v1/cards', { account_id: account.id }, { account_id: account.id, label: 'B' }],
    ['POST', `/v1/programs/${program.id}/resume`, {}, { reason: 'x' }],
    ['POST', `/v1/programs/${program.id}/fx_rates`, RATES, { ...RATES, source: 'other' }],
    ['PUT', `/v1/programs/${program.id}/markup`, { basis_points: 1 }, { basis_points: 2 }],
    ['PUT', `/v1/programs/${program.id}/hold-expiry`, DAYS, { ...DAYS, fuel_days: 3 }],
  ] as const;

async function eventsOf(work: () => Promise<void>): Promise<number> {
  const before = await stack.journal.head();
  await work();
  let events = 0;
  for await (const page of stack.journal.readAll({ after: before })) events += page.events.length;
  return events;
}

describe('the same key again', () => {
  test('has no further effect and gets the same answer, for every write', async () => {
    for (const [method, url, body, other] of writes()) {
      const key = `repeat ${method} ${url}`.replaceAll(' ', '-');
      const first = await stack.call(method, url, { body, key });
      const events = await eventsOf(async () => {
        const again = await stack.call(method, url, { body, key, as: 'admin' });
        expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body]);
        const conflict = await stack.call(method, url, { body: other, key });
        expect([conflict.statusCode, conflict.json().code]).toEqual([409, 'idempotency_key_reused']);
      });
      expect([url, first.statusCode < 300, events]).toEqual([url, true, 0]);
    }
  });

  test('sent twenty times at once has one effect and twenty equal answers', async () => {
    for (const [method, url, body] of writes()) {
      const key = `twins-${method}-${url}`;
      const events = await eventsOf(async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => stack.call(method, url, { body, key })));
        expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
        expect(new Set(answers.map((answer) => answer.statusCode)).size).toBe(1);
      });
      // A card: its claim and its issue. A transfer: sent, received, completed.
      expect([url, events]).toEqual([url, url === '/v1/cards' ? 2 : url.endsWith('/transfers') ? 3 : 1]);
    }
  });

  test('answers as it did, whatever has happened since', async () => {
    const card = await stack.created('POST', '/v1/cards', { account_id: account.id }, { key: 'old-card' });
    const pause = () => stack.call('POST', `/v1/cards/${card.id}/pause`, { key: 'old-pause' });
    const paused = await pause();
    await stack.created('POST', `/v1/cards/${card.id}/close`, {});
    expect((await pause()).body).toBe(paused.body);
    const again = await stack.created('POST', '/v1/cards', { account_id: account.id }, { key: 'old-card' });
    expect(again).toEqual(card);
  });

  test('is one body in any order of its keys, and an absent body is an empty one', async () => {
    const url = `/v1/accounts/${account.id}/deposits`;
    const first = await stack.call('POST', url, { key: 'order', body: '{"amount":7,"currency":"EUR"}' });
    const again = await stack.call('POST', url, { key: 'order', body: '{ "currency": "EUR", "amount": 7 }' });
    expect(again.body).toBe(first.body);
    const resume = (body?: object) => stack.call('POST', `/v1/programs/${program.id}/resume`, { key: 'empty', body });
    expect((await resume({})).body).toBe((await resume()).body);
  });
});

describe('another', () => {
  test('path, program or key is another call', async () => {
    const other = await stack.created('POST', '/v1/programs', { name: 'Other' });
    const open = (id: string, key: string) =>
      stack.created('POST', '/v1/accounts', { program_id: id, currency: 'EUR' }, { key });
    const opened = [await open(program.id, 'same'), await open(other.id, 'same'), await open(program.id, 'new')];
    expect(new Set(opened.map(({ id }) => id)).size).toBe(3);
    const cards = [
      await stack.created('POST', '/v1/cards', { account_id: opened[0].id }, { key: 'same' }),
      await stack.created('POST', '/v1/cards', { account_id: opened[1].id }, { key: 'same' }),
    ];
    expect(new Set(cards.map(({ id }) => id)).size).toBe(2);
  });

  test('account of the same program under the key of a card is refused: the body names another', async () => {
    const body = { program_id: program.id, currency: 'EUR' };
    const [one, two] = [
      await stack.created('POST', '/v1/accounts', body),
      await stack.created('POST', '/v1/accounts', body),
    ];
    await stack.created('POST', '/v1/cards', { account_id: one.id }, { key: 'moved' });
    const conflict = await stack.call('POST', '/v1/cards', { body: { account_id: two.id }, key: 'moved' });
    expect([conflict.statusCode, conflict.json().code]).toEqual([409, 'idempotency_key_reused']);
  });

  test('try after a refusal is decided afresh', async () => {
    const paused = await stack.created('POST', '/v1/programs', { name: 'Paused' });
    const opening = { key: 'later', body: { program_id: paused.id, currency: 'EUR' } };
    await stack.created('POST', `/v1/programs/${paused.id}/pause`, {});
    expect((await stack.call('POST', '/v1/accounts', opening)).json().code).toBe('program_paused');
    await stack.created('POST', `/v1/programs/${paused.id}/resume`, {});
    expect((await stack.call('POST', '/v1/accounts', opening)).statusCode).toBe(201);
  });
});
