// suspense.test.ts: what stands in suspense, and where it goes, over the API.

import type { ClearingMessage } from '@holdfast/domain';
import { cardId, contentHashOfMessage, identityOf } from '@holdfast/events';
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

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
let messages = 0;

async function opened(currency = 'EUR'): Promise<string> {
  return (await stack.created('POST', '/v1/accounts', { program_id: program.id, currency })).id;
}

/** A clearing of 30.00 for a card that nobody knows: the item that it leaves. */
async function unmatched() {
  const message: ClearingMessage = {
    ...{ type: 'clearing', cardId: cardId('unknown'), network: 'visa', messageId: `m-${++messages}` },
    ...{ amountMinor: 3_000n, currency: currencyOf('EUR').code, merchant: { id: 'M1', mcc: '5812' } },
  };
  const { commandId } = identityOf(message, 'test');
  const { position } = await stack.engine.submit({
    ...{ message, commandId, contentHash: contentHashOfMessage(message), answerBy: Date.now() + 60_000 },
    ...{ actor: 'test', correlationId: 'test' },
  });
  const list = await stack.call('GET', `/v1/suspense?limit=1&min_position=${position}`, { as: 'accountant' });
  return list.json().data[0];
}

const reason = 'Issued a day too late';

describe('what stands in suspense', () => {
  test('is listed, assigned to an account, and listed no more', async () => {
    const account = await opened();
    const item = await unmatched();
    expect(item).toEqual({
      id: expect.stringMatching(/^unmatched-[0-9a-f]{2}@\d+$/),
      ...{ account_id: null, side: 'debit', amount: 3_000, currency: 'EUR', message_type: 'clearing', network: 'visa' },
      ...{ card_id: cardId('unknown'), status: 'open', to: null, to_account_id: null, reason: null, created_at: TIME },
    });
    const body = { to: 'account', account_id: account, reason };
    const resolve = () =>
      stack.call('POST', `/v1/suspense/${item.id}/resolve`, { body, as: 'accountant', key: `resolve-${item.id}` });
    const resolved = await resolve();
    expect([resolved.statusCode, resolved.json()]).toEqual([
      200,
      {
        ...{ id: item.id, side: 'debit', amount: 3_000, currency: 'EUR', status: 'resolved', to: 'account' },
        ...{ account_id: account, account_amount: 3_000, reason, flags: [], resolved_at: TIME },
      },
    ]);
    const again = await resolve();
    expect([again.statusCode, again.json()]).toEqual([200, resolved.json()]);
    const position = String(resolved.headers['holdfast-position']);
    const read = async (url: string) => (await stack.call('GET', url)).json();
    expect((await read(`/v1/accounts/${account}/balance?min_position=${position}`)).available).toBe(-3_000);
    const ids = async (status: string) =>
      (await read(`/v1/suspense?status=${status}&limit=100`)).data.map(({ id }: { id: string }) => id);
    expect(await ids('open')).not.toContain(item.id);
    expect(await ids('resolved')).toContain(item.id);
    const twice = await stack.call('POST', `/v1/suspense/${item.id}/resolve`, { body: { to: 'losses', reason } });
    expect([twice.statusCode, twice.json().code]).toEqual([409, 'suspense_resolved']);
  });

  test('of an account goes back to it, or is borne', async () => {
    const account = await opened();
    const body = { direction: 'credit', amount: 500, currency: 'EUR', against: 'suspense', reason: 'Whose is it?' };
    const correct = () => stack.call('POST', `/v1/accounts/${account}/corrections`, { body });
    await correct();
    const position = String((await correct()).headers['holdfast-position']);
    const { data } = (await stack.call('GET', `/v1/suspense?account_id=${account}&min_position=${position}`)).json();
    const [second, first] = data;
    expect([first, second]).toMatchObject([
      { account_id: account, side: 'debit', amount: 500, message_type: null },
      { account_id: account, side: 'debit', amount: 500, message_type: null },
    ]);
    const resolve = (id: string, where: object) =>
      stack.call('POST', `/v1/suspense/${id}/resolve`, { body: { ...where, reason } });
    const back = await resolve(first.id, { to: 'account', account_id: account });
    expect(back.json()).toMatchObject({ to: 'account', account_id: account, account_amount: 500, flags: [] });
    const borne = await resolve(second.id, { to: 'losses' });
    expect(borne.json()).toMatchObject({ to: 'losses', account_id: null, account_amount: null });
    const after = String(borne.headers['holdfast-position']);
    const balance = await stack.call('GET', `/v1/accounts/${account}/balance?min_position=${after}`);
    expect(balance.json().available).toBe(500);
  });

  test('goes to an account in another currency for the amount that is given', async () => {
    const account = await opened('USD');
    const { id } = await unmatched();
    const url = `/v1/suspense/${id}/resolve`;
    const body = { to: 'account', account_id: account, reason };
    const without = await stack.call('POST', url, { body });
    expect([without.statusCode, without.json().code, without.json().errors[0].field]).toEqual([
      422,
      'account_amount_mismatch',
      'account_amount',
    ]);
    const resolved = await stack.call('POST', url, { body: { ...body, account_amount: 3_240 } });
    expect(resolved.json()).toMatchObject({ amount: 3_000, currency: 'EUR', account_amount: 3_240 });
  });

  test.each([
    [
      'to an account that is not there',
      { account_id: `acct_${'0'.repeat(26)}` },
      404,
      'account_not_found',
      'account_id',
    ],
    ['with an amount that it does not need', { account_amount: 1 }, 422, 'account_amount_mismatch', 'account_amount'],
  ])('%s is refused', async (_, change, status, code, field) => {
    const body = { to: 'account', account_id: await opened(), reason, ...change };
    const { id } = await unmatched();
    const head = await stack.journal.head();
    const answer = await stack.call('POST', `/v1/suspense/${id}/resolve`, { body });
    expect([answer.statusCode, answer.json().code, answer.json().errors[0].field]).toEqual([status, code, field]);
    expect(await stack.journal.head()).toBe(head);
  });

  test('elsewhere is not found', async () => {
    const body = { to: 'losses', reason };
    const answer = await stack.call('POST', '/v1/suspense/unmatched-00@999/resolve', { body });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'suspense_not_found']);
    const other = { to: 'account', account_id: await opened(), reason };
    const own = await stack.call('POST', `/v1/suspense/account-${'0'.repeat(26)}@0/resolve`, { body: other });
    expect([own.statusCode, own.json().code]).toEqual([422, 'other_account']);
  });
});
