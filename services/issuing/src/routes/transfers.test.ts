// transfers.test.ts: money from one account to another, over the API.

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

async function opened(amount: number, more: object = {}): Promise<string> {
  const body = { program_id: program.id, currency: 'EUR', ...more };
  const { id, currency } = await stack.created('POST', '/v1/accounts', body);
  if (amount > 0) await stack.created('POST', `/v1/accounts/${id}/deposits`, { amount, currency });
  return id;
}

async function available(id: string, position: string): Promise<number> {
  return (await stack.call('GET', `/v1/accounts/${id}/balance?min_position=${position}`)).json().available;
}

describe('a transfer', () => {
  test('is made and read back, and made once', async () => {
    const [source, target] = [await opened(1_000), await opened(0)];
    const body = { to_account_id: target, amount: 300, currency: 'EUR', reference: 'Rent' };
    const send = () =>
      stack.call('POST', `/v1/accounts/${source}/transfers`, { body, as: 'issuer', key: `rent-of-${source}` });
    const sent = await send();
    const expected = {
      id: expect.stringMatching(/^trf_[0-9a-z]{26}$/),
      account_id: source,
      ...body,
      status: 'received',
      reason: null,
      created_at: TIME,
    };
    expect([sent.statusCode, sent.json()]).toEqual([201, expected]);
    const position = String(sent.headers['holdfast-position']);
    const read = await stack.call('GET', `/v1/transfers/${sent.json().id}?min_position=${position}`, { as: 'support' });
    expect([read.statusCode, read.json()]).toEqual([200, sent.json()]);
    const again = await send();
    expect([again.statusCode, again.json()]).toEqual([201, sent.json()]);
    expect([await available(source, position), await available(target, position)]).toEqual([700, 300]);
  });

  test.each([
    ['more than there is', { amount: 101 }, 422, 'insufficient_funds', 'amount'],
    ['in another currency', { currency: 'USD' }, 422, 'currency_mismatch', 'currency'],
    ['to nobody', { to_account_id: `acct_${'0'.repeat(26)}` }, 404, 'target_not_found', 'to_account_id'],
  ] as const)('of %s is refused', async (_, change, status, code, field) => {
    const [source, target] = [await opened(100), await opened(0)];
    const body = { to_account_id: target, amount: 100, currency: 'EUR', ...change };
    const head = await stack.journal.head();
    const answer = await stack.call('POST', `/v1/accounts/${source}/transfers`, { body });
    expect([answer.statusCode, answer.json().code, answer.json().errors?.[0].field]).toEqual([status, code, field]);
    expect(await stack.journal.head()).toBe(head);
  });

  test('to itself, to another program, currency, or a closed account is refused', async () => {
    const source = await opened(100);
    const closed = await opened(0);
    await stack.created('POST', `/v1/accounts/${closed}/close`, {});
    const other = await stack.created('POST', '/v1/programs', { name: 'Other' });
    const refusals: unknown[] = [];
    for (const target of [
      source,
      await opened(0, { program_id: other.id }),
      await opened(0, { currency: 'USD' }),
      closed,
    ]) {
      const body = { to_account_id: target, amount: 1, currency: 'EUR' };
      const answer = await stack.call('POST', `/v1/accounts/${source}/transfers`, { body });
      refusals.push([answer.statusCode, answer.json().code, answer.json().errors?.[0].field]);
    }
    expect(refusals).toEqual([
      [422, 'same_account', 'to_account_id'],
      [422, 'other_program', 'to_account_id'],
      [422, 'currency_mismatch', 'currency'],
      [409, 'target_closed', 'to_account_id'],
    ]);
  });

  test('that is not there is not found', async () => {
    const answer = await stack.call('GET', `/v1/transfers/trf_${'0'.repeat(26)}`);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'transfer_not_found']);
  });
});
