// life.test.ts: what a platform does with the API, from its first program to a closed card, and what it reads back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

const NO_CONTROLS = { limits: [], merchant_categories: { blocked: [], allowed: [] } };
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function newAccount() {
  const program = await stack.created('POST', '/v1/programs', { name: 'Sandbox', hold_expiry_days: 3 });
  const body = { program_id: program.id, currency: 'EUR', name: 'Travel' };
  return { program, account: await stack.created('POST', '/v1/accounts', body, { as: 'issuer' }) };
}

/** A read that has seen the write. */
async function read(url: string, after: { headers: Record<string, unknown> }) {
  const position = String(after.headers['holdfast-position']);
  const answer = await stack.call('GET', `${url}${url.includes('?') ? '&' : '?'}min_position=${position}`, {
    as: 'auditor',
  });
  expect(BigInt(String(answer.headers['holdfast-position'])) >= BigInt(position)).toBe(true);
  return answer.json();
}

describe('a program', () => {
  test('is created, paused and resumed', async () => {
    const created = await stack.call('POST', '/v1/programs', { body: { name: 'Sandbox' } });
    expect(created.statusCode).toBe(201);
    const program = created.json();
    expect(program).toEqual({
      id: expect.stringMatching(/^prog_[0-9a-z]{26}$/),
      name: 'Sandbox',
      status: 'active',
      hold_expiry_days: 7,
      hold_expiry: { lodging_days: 30, car_rental_days: 30, cruise_days: 30, fuel_days: 2, other_days: 7 },
      markup: { basis_points: 0 },
      created_at: TIME,
    });
    const paused = await stack.call('POST', `/v1/programs/${program.id}/pause`, { body: { reason: 'Audit' } });
    expect([paused.statusCode, paused.json()]).toEqual([
      200,
      { id: program.id, status: 'paused', reason: 'Audit', updated_at: TIME },
    ]);
    expect(await read(`/v1/programs/${program.id}`, paused)).toEqual({ ...program, status: 'paused' });
    const resumed = await stack.call('POST', `/v1/programs/${program.id}/resume`);
    expect(resumed.json()).toMatchObject({ status: 'active', reason: null });
    expect(await read(`/v1/programs/${program.id}`, resumed)).toEqual(program);
  });
});

describe('an account', () => {
  test('is closed for ever, once it holds nothing', async () => {
    const { account } = await newAccount();
    await stack.created('POST', `/v1/accounts/${account.id}/deposits`, { amount: 1, currency: 'EUR' });
    const full = await stack.call('POST', `/v1/accounts/${account.id}/close`);
    expect([full.statusCode, full.json().code]).toEqual([409, 'account_not_empty']);
    const { account: empty } = await newAccount();
    const closed = await stack.call('POST', `/v1/accounts/${empty.id}/close`, { body: { reason: 'Moved' } });
    expect([closed.statusCode, closed.json()]).toEqual([
      200,
      { id: empty.id, status: 'closed', reason: 'Moved', updated_at: TIME },
    ]);
    expect(await read(`/v1/accounts/${empty.id}`, closed)).toMatchObject({ status: 'closed' });
    const body = { amount: 1, currency: 'EUR' };
    const refused = await stack.call('POST', `/v1/accounts/${empty.id}/deposits`, { body });
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'account_closed']);
  });

  test('is opened and funded, and its balance is read', async () => {
    const { program, account } = await newAccount();
    expect(account).toEqual({
      id: expect.stringMatching(/^acct_[0-9a-z]{26}$/),
      program_id: program.id,
      currency: 'EUR',
      name: 'Travel',
      status: 'open',
      created_at: TIME,
      balance: { available: 0, held: 0, posted: 0, spendable: 0, credit_line: 0, pending_credit: 0 },
      controls: NO_CONTROLS,
    });
    const body = { amount: 100_000, currency: 'EUR', reference: 'Invoice 7' };
    const deposited = await stack.call('POST', `/v1/accounts/${account.id}/deposits`, { body, as: 'issuer' });
    expect([deposited.statusCode, deposited.json()]).toEqual([
      201,
      {
        id: expect.stringMatching(/^dep_[0-9a-z]{26}$/),
        account_id: account.id,
        ...body,
        created_at: TIME,
        balance: { available: 100_000, held: 0, posted: 100_000 },
      },
    ]);
    const money = { available: 100_000, held: 0, posted: 100_000, spendable: 100_000 };
    const balance = { ...money, credit_line: 0, pending_credit: 0 };
    expect(await read(`/v1/accounts/${account.id}/balance`, deposited)).toEqual({
      account_id: account.id,
      currency: 'EUR',
      ...balance,
    });
    expect(await read(`/v1/accounts/${account.id}`, deposited)).toEqual({ ...account, balance });
  });

  test('has its controls replaced', async () => {
    const { account } = await newAccount();
    const url = `/v1/accounts/${account.id}/controls`;
    const body = {
      limits: [
        { window: 'day', amount: 50_000, time_zone: 'Europe/Berlin' },
        { window: 'transaction', amount: 20_000 },
      ],
      merchant_categories: { blocked: ['7995'], allowed: [] },
    };
    const set = await stack.call('PUT', url, { body });
    const id = expect.stringMatching(/^lim_[0-9a-z]{26}$/);
    const controls = { ...body, limits: body.limits.map((limit) => ({ id, ...limit })) };
    expect([set.statusCode, set.json()]).toEqual([200, { account_id: account.id, ...controls, updated_at: TIME }]);
    expect((await read(`/v1/accounts/${account.id}`, set)).controls).toEqual(controls);
    const lifted = await stack.call('PUT', url, { body: NO_CONTROLS });
    expect((await read(`/v1/accounts/${account.id}`, lifted)).controls).toEqual(NO_CONTROLS);
  });
});

describe('a card', () => {
  test('is issued with its number, paused, resumed, controlled and closed', async () => {
    const { program, account } = await newAccount();
    const issued = await stack.call('POST', '/v1/cards', { body: { account_id: account.id, label: 'Ads' } });
    expect(issued.statusCode).toBe(201);
    const { number, controls, ...facts } = issued.json();
    expect(number).toMatch(/^999999\d{10}$/);
    expect({ ...facts, controls }).toEqual({
      id: expect.stringMatching(/^card_[0-9a-z]{26}$/),
      account_id: account.id,
      program_id: program.id,
      type: 'virtual',
      status: 'active',
      bin: '999999',
      last4: number.slice(-4),
      expiry: expect.stringMatching(/^\d\d(0[1-9]|1[0-2])$/),
      label: 'Ads',
      created_at: TIME,
      controls: NO_CONTROLS,
    });
    const url = `/v1/cards/${facts.id}`;
    for (const [action, status] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resume', 'active'],
    ] as const) {
      const answer = await stack.call('POST', `${url}/${action}`, { body: { reason: 'Asked' } });
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        { ...facts, status, reason: 'Asked', updated_at: TIME },
      ]);
      expect(await read(url, answer)).toEqual({ ...facts, status, controls: NO_CONTROLS });
    }
    const limit = { window: 'transaction', amount: 1 };
    const limited = { limits: [limit], merchant_categories: { blocked: [], allowed: ['5812'] } };
    const set = await stack.call('PUT', `${url}/controls`, { body: limited });
    expect(set.json()).toMatchObject({ card_id: facts.id, limits: [limit] });
    expect((await read(url, set)).controls).toMatchObject(limited);
    const closed = await stack.call('POST', `${url}/close`);
    expect(closed.json()).toEqual({ ...facts, status: 'closed', reason: null, updated_at: TIME });
    expect((await read(url, closed)).status).toBe('closed');
  });
});

describe('what cannot be done is refused', () => {
  const PROG = 'prog_00000000000000000000000000';
  const ACCT = 'acct_00000000000000000000000000';
  const CARD = 'card_00000000000000000000000000';
  const deposit = { amount: 1, currency: 'EUR' };

  test.each([
    ['POST', '/v1/accounts', { program_id: PROG, currency: 'EUR' }, 404, 'program_not_found', 'program_id'],
    ['POST', '/v1/cards', { account_id: ACCT }, 404, 'account_not_found', 'account_id'],
    ['POST', `/v1/accounts/${ACCT}/deposits`, deposit, 404, 'account_not_found', undefined],
    ['PUT', `/v1/accounts/${ACCT}/controls`, NO_CONTROLS, 404, 'account_not_found', undefined],
    ['POST', `/v1/cards/${CARD}/pause`, {}, 404, 'card_not_found', undefined],
    ['PUT', `/v1/cards/${CARD}/controls`, NO_CONTROLS, 404, 'card_not_found', undefined],
    ['POST', `/v1/programs/${PROG}/pause`, {}, 404, 'program_not_found', undefined],
    ['GET', `/v1/programs/${PROG}`, undefined, 404, 'program_not_found', undefined],
    ['GET', `/v1/accounts/${ACCT}`, undefined, 404, 'account_not_found', undefined],
    ['GET', `/v1/accounts/${ACCT}/balance`, undefined, 404, 'account_not_found', undefined],
    ['GET', `/v1/cards/${CARD}`, undefined, 404, 'card_not_found', undefined],
    ['GET', '/v1/transactions/txn_00000000000000000000000000', undefined, 404, 'transaction_not_found', undefined],
  ] as const)('%s %s of nothing', async (method, url, body, status, code, field) => {
    const answer = await stack.call(method, url, { body });
    expect([answer.statusCode, answer.json().code, answer.json().errors?.[0].field]).toEqual([status, code, field]);
  });

  test('on a closed card, in a paused program, in another currency, beyond the largest balance', async () => {
    const { program, account } = await newAccount();
    const deposits = `/v1/accounts/${account.id}/deposits`;
    const card = await stack.created('POST', '/v1/cards', { account_id: account.id });
    await stack.created('POST', `/v1/cards/${card.id}/close`, {});
    const refusals = [
      await stack.call('POST', `/v1/cards/${card.id}/resume`),
      await stack.call('POST', deposits, { body: { amount: 1, currency: 'USD' } }),
    ];
    await stack.created('POST', `/v1/programs/${program.id}/pause`, {});
    refusals.push(
      await stack.call('POST', '/v1/cards', { body: { account_id: account.id } }),
      await stack.call('POST', '/v1/accounts', { body: { program_id: program.id, currency: 'EUR' } }),
    );
    expect(refusals.map((answer) => [answer.statusCode, answer.json().code, answer.json().errors?.[0].field])).toEqual([
      [409, 'card_closed', undefined],
      [422, 'currency_mismatch', 'currency'],
      [409, 'program_paused', undefined],
      [409, 'program_paused', 'program_id'],
    ]);
  });
});
