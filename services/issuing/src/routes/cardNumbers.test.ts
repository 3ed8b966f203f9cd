// cardNumbers.test.ts: a card's number is in the answer that issues it, and nowhere else.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandIdOf, contentHashOf, isId, typeId } from '@holdfast/events';
import { openVault } from '@holdfast/vault';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expiryAfter, issueCard } from '../cardNumber.ts';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let account: { readonly id: string };
beforeAll(async () => {
  stack = await openStack();
  const program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  account = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
});
afterAll(() => stack.close());

const contextOf = (name: string) => ({
  commandId: commandIdOf('test', name),
  contentHash: contentHashOf(name),
  actor: 'test',
  correlationId: name,
});

function card() {
  if (!isId('acct', account.id)) throw new Error('no account');
  return { accountId: account.id, expiry: '2903' };
}

describe('a generated number', () => {
  test('is in no other answer, no log line and no file', async () => {
    const numbers: string[] = [];
    const answers: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { number, id } = await stack.created('POST', '/v1/cards', { account_id: account.id, label: `Card ${i}` });
      numbers.push(number);
      for (const [method, url, body] of [
        ['GET', `/v1/cards/${id}?min_position=${await stack.journal.head()}`, undefined],
        ['GET', '/v1/cards', undefined],
        ['GET', `/v1/cards/${number}`, undefined],
        ['GET', `/v1/cards?${number}=1`, undefined],
        ['GET', `/${number}`, undefined],
        ['POST', `/v1/cards/${id}/pause`, { reason: `number ${number}` }],
        ['POST', `/v1/cards/${id}/pause`, { [number]: number }],
        ['POST', `/v1/cards/${id}/pause`, `{"reason": "${number}"`],
        ['PUT', `/v1/cards/${id}/controls`, { limits: [{ window: number }] }],
        ['POST', '/v1/cards', { account_id: number }],
        ['POST', `/v1/accounts/${account.id}/deposits`, { amount: Number(number), currency: number }],
        ['POST', `/v1/cards/${id}/pause`, {}],
      ] as const) {
        answers.push((await stack.call(method, url, { body })).body);
      }
    }
    const files = await readdir(stack.directory);
    const stored = await Promise.all(files.map((file) => readFile(join(stack.directory, file), 'latin1')));
    for (const number of numbers) {
      const grouped = number.match(/..../g)?.join(' ') ?? '';
      for (const text of [...answers, ...stack.log, ...stored]) {
        expect(text.includes(number) || text.includes(grouped)).toBe(false);
      }
    }
    expect(files).toContain('log.db');
    expect(stack.log.length).toBeGreaterThan(100);
  });

  test('is another one when the first is taken, and a repeat shows that one', async () => {
    const [taker, context] = [contextOf('taker'), contextOf('taken')];
    const { number, bin, last4 } = stack.vault.generate(context.commandId, 0);
    const cardId = typeId('card', stack.vault.fingerprint(number));
    const fingerprintKeyId = stack.vault.keyId;
    await stack.engine.execute({ type: 'issueCard', ...card(), cardId, bin, last4, fingerprintKeyId }, taker);

    const issued = await issueCard(stack.engine, stack.vault, card(), context);
    expect(issued.number).toBe(stack.vault.generate(context.commandId, 1).number);
    expect((await issueCard(stack.engine, stack.vault, card(), context)).number).toBe(issued.number);
  });

  test('is lost when the server has another key: the card is not issued twice', async () => {
    const context = contextOf('lost');
    const { done } = await issueCard(stack.engine, stack.vault, card(), context);
    const other = openVault({ key: new Uint8Array(32).fill(9) });
    await expect(issueCard(stack.engine, other, card(), context)).rejects.toMatchObject({ code: 'card_number_lost' });
    const again = await issueCard(stack.engine, stack.vault, card(), context);
    expect(again.done.event).toEqual(done.event);
  });
});

describe('a card works for three years', () => {
  test.each([
    ['2026-03-01T00:00:00Z', '2903'],
    ['2026-12-31T23:59:59Z', '2912'],
    ['2098-01-01T00:00:00Z', '0101'],
  ])('issued at %s it expires %s', (now, expiry) => {
    expect(expiryAfter(Date.parse(now))).toBe(expiry);
  });
});
