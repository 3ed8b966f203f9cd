// funds.test.ts: money in and out, what is answered and what is read back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let program: { readonly id: string };
beforeAll(async () => {
  stack = await openStack();
  program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
});
afterAll(() => stack.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function fundedAccount(amount: number, more: object = {}) {
  const body = { program_id: program.id, currency: 'EUR', ...more };
  const { id } = await stack.created('POST', '/v1/accounts', body);
  if (amount > 0) await stack.created('POST', `/v1/accounts/${id}/deposits`, { amount, currency: 'EUR' });
  return `/v1/accounts/${id}`;
}

async function balanceOf(url: string, after: { headers: Record<string, unknown> }) {
  const position = String(after.headers['holdfast-position']);
  const { account_id, currency, ...balance } = (
    await stack.call('GET', `${url}/balance?min_position=${position}`)
  ).json();
  return balance;
}

describe('an account', () => {
  test('gives back what was put in, and no more', async () => {
    const url = await fundedAccount(1_000);
    const withdrawals = `${url}/withdrawals`;
    const body = { amount: 400, currency: 'EUR', reference: 'Rent' };
    const withdrawn = await stack.call('POST', withdrawals, { body, as: 'issuer' });
    expect([withdrawn.statusCode, withdrawn.json()]).toEqual([
      201,
      {
        id: expect.stringMatching(/^wdr_[0-9a-z]{26}$/),
        account_id: url.split('/').at(-1),
        ...body,
        created_at: TIME,
        balance: { available: 600, held: 0, posted: 600 },
      },
    ]);
    const more = await stack.call('POST', withdrawals, { body: { amount: 601, currency: 'EUR' } });
    expect([more.statusCode, more.json().code, more.json().errors]).toMatchObject([
      422,
      'insufficient_funds',
      [{ field: 'amount' }],
    ]);
    expect(await balanceOf(url, withdrawn)).toMatchObject({ available: 600, spendable: 600 });
  });

  test('is spent below zero as far as its credit line goes', async () => {
    const url = await fundedAccount(0, { credit_line: 300 });
    const all = await stack.call('POST', `${url}/withdrawals`, { body: { amount: 300, currency: 'EUR' } });
    expect(await balanceOf(url, all)).toEqual({
      ...{ available: -300, held: 0, posted: -300 },
      ...{ spendable: 0, credit_line: 300, pending_credit: 0 },
    });
    const lowered = await stack.call('PUT', `${url}/credit-line`, { body: { credit_line: 100 } });
    expect([lowered.statusCode, lowered.json()]).toEqual([
      200,
      { account_id: url.split('/').at(-1), credit_line: 100, updated_at: TIME },
    ]);
    expect(await balanceOf(url, lowered)).toMatchObject({ spendable: -200, credit_line: 100 });
  });

  test('is corrected whatever its balance, also when it is closed', async () => {
    const url = await fundedAccount(0);
    await stack.created('POST', `${url}/close`, {});
    const body = { direction: 'debit', amount: 70, currency: 'EUR', against: 'losses', reason: 'Written off' };
    const corrected = await stack.call('POST', `${url}/corrections`, { body, as: 'accountant' });
    expect([corrected.statusCode, corrected.json()]).toEqual([
      201,
      {
        id: expect.stringMatching(/^cor_[0-9a-z]{26}$/),
        account_id: url.split('/').at(-1),
        ...body,
        reference: null,
        flags: ['overdrawn'],
        created_at: TIME,
        balance: { available: -70, held: 0, posted: -70 },
      },
    ]);
    expect(await balanceOf(url, corrected)).toMatchObject({ available: -70, spendable: -70 });
  });

  test('shows no more to spend than a JSON integer holds', async () => {
    const url = await fundedAccount(0, { credit_line: 999_999_999_999 });
    const accountId = url.split('/').at(-1) as never;
    const most = { amountMinor: 2n ** 53n - 1n, currency: 'EUR' as never, depositId: `dep_${'0'.repeat(26)}` as never };
    const context = { commandId: 'A'.repeat(22), contentHash: 'A'.repeat(22), actor: 'test', correlationId: 'test' };
    await stack.engine.execute({ type: 'deposit', accountId, ...most }, context as never);
    const set = await stack.call('PUT', `${url}/credit-line`, { body: { credit_line: 5 } });
    expect(await balanceOf(url, set)).toMatchObject({ available: 2 ** 53 - 1, spendable: 2 ** 53 - 1 });
  });
});
