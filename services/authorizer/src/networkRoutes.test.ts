// networkRoutes.test.ts: messages that parse are decided, recorded and answered; what does not is refused by field.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization } from './testing/authorization.ts';
import { openStack, type Stack } from './testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

describe('a message', () => {
  test('is answered as docs/api.md says, by card number or by card id', async () => {
    for (const [card, stan] of [
      [{ number: stack.card.number, expiry: '9912', cvv2: '123' }, 1],
      [{ id: stack.card.id }, 2],
    ] as const) {
      const answer = await stack.send(authorization(card, stan));
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({
        decision: 'approved',
        response_code: '00',
        approved_amount: 4_000,
        billing_amount: 4_000,
        currency: 'EUR',
        authorization_code: expect.stringMatching(/^[A-Z0-9]{6}$/),
        transaction_id: expect.stringMatching(/^txn_[0-9a-z]{26}$/),
        reasons: [],
        flags: [],
        position: String(await stack.journal.head()),
      });
      expect(answer.headers['holdfast-position']).toBe(answer.json().position);
    }
  });

  test('lives on: reversed in part, then cleared', async () => {
    const approved = await stack.send(authorization({ id: stack.card.id }, 10));
    const { type: _, amount: __, ...fields } = authorization({ id: stack.card.id }, 11);
    const original = {
      type: 'authorization',
      stan: '000010',
      transmitted_at: '2026-03-01T12:00:00Z',
      acquirer_id: '400123',
    };
    const reversed = await stack.send({ ...fields, type: 'reversal', amount: 1_000, original });
    const cleared = await stack.send({ ...fields, type: 'clearing', stan: '000012', amount: 3_000, original });
    expect([reversed.json(), cleared.json()]).toMatchObject([
      { decision: 'accepted', response_code: '00', billing_amount: 1_000 },
      { decision: 'accepted', response_code: '00', billing_amount: 3_000 },
    ]);
    expect(new Set([approved, reversed, cleared].map((answer) => answer.json().transaction_id)).size).toBe(1);
  });

  test('sent again, in parallel and with other content, has one effect', async () => {
    const message = authorization({ number: stack.card.number }, 20);
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.send(message)));
    const head = await stack.journal.head();
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect((await stack.send({ ...message, card: { id: stack.card.id } })).body).toBe(answers[0]?.body);
    expect(await stack.journal.head()).toBe(head);
    const conflict = await stack.send({ ...message, amount: 4_001 });
    expect(conflict.json()).toMatchObject({
      decision: 'declined',
      response_code: '94',
      reasons: ['identity_conflict'],
    });
  });

  test('for too much money, or for a card that nobody knows, is declined with its reason', async () => {
    const much = await stack.send({ ...authorization({ id: stack.card.id }, 30), amount: 999_999_999_999 });
    expect(much.json()).toMatchObject({ decision: 'declined', response_code: '51', reason: 'insufficient_funds' });
    const unknown = await stack.send(authorization({ number: '4761739001010119' }, 31));
    expect(unknown.json()).toMatchObject({ decision: 'declined', response_code: '14', reason: 'card_not_found' });
    expect(unknown.json()).not.toHaveProperty('approved_amount');
    expect(unknown.headers['holdfast-position']).toBe(String(await stack.journal.head()));
  });

  test('leaves its card number in no answer, no log line and no file', async () => {
    const { number } = stack.card;
    const bodies = [];
    for (const body of [
      authorization({ number }, 40),
      { ...authorization({ number }, 41), reason: number },
      { ...authorization({ number }, 42), [number]: 1 },
      `${JSON.stringify(authorization({ number }, 43))}x`,
      authorization({ number: `${number}0` }, 44),
    ]) {
      bodies.push((await stack.send(body)).body);
    }
    const files = await readdir(stack.directory);
    const stored = await Promise.all(files.map((file) => readFile(join(stack.directory, file), 'latin1')));
    for (const text of [...bodies, ...stack.log, ...stored]) expect(text.includes(number)).toBe(false);
    expect(files).toContain('log.db');
  });
});

describe('a message that is not as it must be is refused, and nothing is written', () => {
  const refused = async (body: unknown, headers = {}) => {
    const head = await stack.journal.head();
    const answer = await stack.send(body, headers);
    expect(await stack.journal.head()).toBe(head);
    const { code, errors = [] } = answer.json();
    for (const { message } of errors) expect(message).toMatch(/^(is|must|has) /);
    return [answer.statusCode, code, ...errors.map((error: { field: string }) => error.field)];
  };
  const good = authorization({ id: 'card_00000000000000000000000000' });

  test.each([
    [{ type: undefined }, 'type'],
    [{ type: 'purchase' }, 'type'],
    [{ type: 7 }, 'type'],
    [{ amount: undefined }, 'amount'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ amount: '4000' }, 'amount'],
    [{ amount: 1_000_000_000_000 }, 'amount'],
    [{ amount: 1e21 }, 'amount'],
    [{ amount: null }, 'amount'],
    [{ currency: 'EURO' }, 'currency'],
    [{ currency: 'ZZZ' }, 'currency'],
    [{ merchant: undefined }, 'merchant'],
    [{ merchant: { ...good.merchant, mcc: '58' } }, 'merchant.mcc'],
    [{ merchant: { ...good.merchant, mcc: 5812 } }, 'merchant.mcc'],
    [{ merchant: { ...good.merchant, name: 'x'.repeat(101) } }, 'merchant.name'],
    [{ merchant: { ...good.merchant, town: 'x' } }, 'merchant.town'],
    [{ merchant: { mcc: '5812' } }, 'merchant.id'],
    [{ card: undefined }, 'card'],
    [{ card: {} }, 'card'],
    [{ card: { id: 'card_1' } }, 'card.id'],
    [{ card: { id: good.card, number: '4761739001010119' } }, 'card.id'],
    [{ card: { number: '4761 7390 0101 0119' } }, 'card.number'],
    [{ card: { number: '4761739001010118' } }, 'card.number'],
    [{ card: { number: '4761739001010119', cvv2: '12' } }, 'card.cvv2'],
    [{ card: { number: '4761739001010119', pin: '1234' } }, 'card.pin'],
    [{ card: { number: '4761739001010119' }, message_id: 'of-4761739001010119' }, 'message_id'],
    [{ transmitted_at: '2026-03-01' }, 'transmitted_at'],
    [{ transmitted_at: '2026-02-30T12:00:00Z' }, 'transmitted_at'],
    [{ stan: '1' }, 'stan'],
    [{ message_id: 'x'.repeat(129) }, 'message_id'],
    [{ billing: { amount: 1 } }, 'billing.currency'],
    [{ billing: { amount: 1, currency: 'USD', rate: '1,09' } }, 'billing.rate'],
    [{ private_data: { 'a b': 'x' } }, 'private_data'],
    [{ private_data: { de48: 7 } }, 'private_data.de48'],
    [{ private_data: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, ''])) }, 'private_data'],
    [{ verification: { avs: 'MATCH' } }, 'verification.avs'],
    [{ remaining_amount: 1 }, 'remaining_amount'],
    [{ final: true }, 'final'],
    [{ answer_by: 'soon' }, 'answer_by'],
    [{ unheard_of: 1 }, 'unheard_of'],
  ])('%j: invalid_message %s', async (change, field) => {
    expect(await refused({ ...good, ...change })).toEqual([400, 'invalid_message', field]);
  });

  test.each(['acquirer_id', 'terminal_id', 'stan', 'transmitted_at'])(
    'without %s nothing identifies it',
    async (field) => {
      expect(await refused({ ...good, [field]: undefined })).toEqual([400, 'identity_missing']);
    },
  );

  test.each([
    ['{"type":"authorization"', 400, 'malformed_json'],
    ['', 400, 'malformed_json'],
    ['[]', 400, 'invalid_message', 'body'],
    ['null', 400, 'invalid_message', 'body'],
    ['"authorization"', 400, 'invalid_message', 'body'],
    [JSON.stringify(good).replace('4000', '4e3'), 400, 'invalid_message', 'amount'],
    [JSON.stringify(good).replace('4000', '4000.0'), 400, 'invalid_message', 'amount'],
    [JSON.stringify(good).replace('"amount":4000', '"amount":1,"amount":4000'), 400, 'malformed_json'],
    [JSON.stringify(good).replace('"amount"', '"__proto__":{},"amount"'), 400, 'malformed_json'],
    [`${JSON.stringify(good)}${' '.repeat(64 * 1024)}`, 413, 'body_too_large'],
  ])('%.40s: %s %s', async (body, ...expected) => {
    expect(await refused(body)).toEqual(expected);
  });

  test('sent as something else, without a key, or with one of another role', async () => {
    expect(await refused(good, { 'content-type': 'text/xml' })).toEqual([415, 'unsupported_media_type']);
    expect(await refused(good, { authorization: '' })).toEqual([401, 'unauthorized']);
    expect(await refused(good, { authorization: `Bearer ${stack.keys.admin}` })).toEqual([403, 'forbidden']);
  });
});

describe('a stopping engine', () => {
  test('is unavailable: 503, with the response code 91 for the network', async () => {
    const stopping = await openStack();
    await stopping.engine.close();
    const head = await stopping.journal.head();
    const answer = await stopping.send(authorization({ id: stopping.card.id }));
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(answer.json()).toMatchObject({ code: 'unavailable', response_code: '91' });
    expect(await stopping.journal.head()).toBe(head);
    await stopping.close();
  });
});
