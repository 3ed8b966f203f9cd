// unapplied.test.ts: messages that moved nothing when they came, over the API.

import type { DecidableMessage } from '@holdfast/domain';
import { contentHashOfMessage, identityOf } from '@holdfast/events';
import { currencyOf } from '@holdfast/money';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let program: { readonly id: string };
beforeAll(async () => {
  stack = await openStack();
  program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
});
afterAll(() => stack.close());

const WEEK_MS = 7 * 86_400_000;
const { code: EUR } = currencyOf('EUR');
const merchant = { id: 'M1', mcc: '5812' };
const original = { stan: '000123', acquirerId: '400123', transmittedAt: '2026-03-01T12:00:00Z' };
let messages = 0;

async function funded() {
  const account = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
  await stack.created('POST', `/v1/accounts/${account.id}/deposits`, { amount: 10_000, currency: 'EUR' });
  return { account, card: await stack.created('POST', '/v1/cards', { account_id: account.id }) };
}

async function send(message: DecidableMessage): Promise<string> {
  const { commandId } = identityOf(message, 'test');
  const { position } = await stack.engine.submit({
    ...{ message, commandId, contentHash: contentHashOfMessage(message), answerBy: Date.now() + 60_000 },
    ...{ actor: 'test', correlationId: 'test' },
  });
  return position.toString();
}

const about = (card: { readonly id: string }) => ({
  ...{ cardId: card.id as DecidableMessage['cardId'], network: 'visa', messageId: `m-${++messages}`, currency: EUR },
});

async function list(query: string, position: string) {
  const answer = await stack.call('GET', `/v1/unapplied_messages?${query}&min_position=${position}`, { as: 'support' });
  expect(answer.statusCode).toBe(200);
  expect(BigInt(String(answer.headers['holdfast-position']))).toBeGreaterThanOrEqual(BigInt(position));
  return answer.json();
}

describe('a reversal before its original', () => {
  test('is listed while it waits, and with the transaction that it was applied to', async () => {
    const { account, card } = await funded();
    const reversal = { ...about(card), type: 'reversal_advice', amountMinor: 2_000n } as const;
    const parked = await send({ ...reversal, original: { type: 'authorization', ...original } });
    const { data, next_cursor } = await list(`account_id=${account.id}&status=waiting`, parked);
    expect(next_cursor).toBeNull();
    const { created_at } = data[0];
    expect(data).toEqual([
      {
        ...{ id: `${account.id.replace('acct_', 'account-')}@3`, program_id: program.id, account_id: account.id },
        ...{
          card_id: card.id,
          message_type: 'reversal_advice',
          network: 'visa',
          network_transaction_id: null,
          rrn: null,
        },
        original: {
          type: 'authorization',
          stan: '000123',
          transmitted_at: '2026-03-01T12:00:00Z',
          acquirer_id: '400123',
        },
        ...{ amount: 2_000, remaining_amount: null, currency: 'EUR', reason: 'original_not_found', status: 'waiting' },
        ...{ transaction_id: null, created_at, ended_at: null },
        parked_until: new Date(Date.parse(created_at) + WEEK_MS).toISOString(),
      },
    ]);
    const approved = { ...about(card), ...original, type: 'authorization', amountMinor: 5_000n, merchant } as const;
    const applied = await send(approved);
    const [transaction] = (
      await stack.call('GET', `/v1/transactions?account_id=${account.id}&min_position=${applied}`)
    ).json().data;
    expect(transaction.account_amounts.held).toBe(3_000);
    expect((await list(`account_id=${account.id}&status=waiting`, applied)).data).toEqual([]);
    expect((await list(`account_id=${account.id}&status=applied`, applied)).data).toEqual([
      { ...data[0], status: 'applied', transaction_id: transaction.id, ended_at: expect.any(String) },
    ]);
  });

  test('is listed by program, and page by page', async () => {
    const { account, card } = await funded();
    await send({ ...about(card), type: 'reversal', networkTransactionId: 'p1' });
    const position = await send({ ...about(card), type: 'reversal', networkTransactionId: 'p2' });
    const first = await list(`account_id=${account.id}&program_id=${program.id}&limit=1`, position);
    const second = await list(`account_id=${account.id}&limit=1&cursor=${first.next_cursor}`, position);
    const ids = [first, second].map(({ data }) => data[0].network_transaction_id);
    expect([...ids, second.next_cursor]).toEqual(['p2', 'p1', null]);
    const other = await stack.created('POST', '/v1/programs', { name: 'Other' });
    expect((await list(`program_id=${other.id}`, position)).data).toEqual([]);
  });
});

test('an advice that no rate converts, and a reversal of a card that nobody knows, are recorded', async () => {
  const { account, card } = await funded();
  const advice = { ...about(card), type: 'authorization_advice', amountMinor: 700n, merchant } as const;
  const position = await send({ ...advice, currency: currencyOf('JPY').code });
  expect((await list(`account_id=${account.id}`, position)).data).toMatchObject([
    { reason: 'fx_rate_missing', status: 'recorded', amount: 700, currency: 'JPY', parked_until: null },
  ]);
  const unknown = { id: `card_${'0'.repeat(26)}` };
  const unmatched = await send({ ...about(unknown), type: 'reversal_advice' });
  expect((await list('status=recorded&limit=1', unmatched)).data).toMatchObject([
    {
      ...{ id: expect.stringMatching(/^unmatched-[0-9a-f]{2}@\d+$/), account_id: null, program_id: null },
      ...{ card_id: unknown.id, reason: 'card_not_found', status: 'recorded' },
    },
  ]);
});

test.each([
  ['status', 'parked'],
  ['account_id', 'acct_1'],
  ['program_id', 'acct_00000000000000000000000000'],
  ['cursor', 'eHg'],
])('a %s that is none is refused', async (field, value) => {
  const answer = await stack.call('GET', `/v1/unapplied_messages?${field}=${value}`);
  expect([answer.statusCode, answer.json().code, answer.json().errors[0].field]).toEqual([
    400,
    'invalid_request',
    field,
  ]);
});
