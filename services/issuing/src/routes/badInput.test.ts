// badInput.test.ts: bad input gets a precise error that names the field, and nothing is written.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let ids: { readonly program: string; readonly account: string; readonly card: string };
beforeAll(async () => {
  stack = await openStack();
  const program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  const account = await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' });
  const card = await stack.created('POST', '/v1/cards', { account_id: account.id });
  ids = { program: program.id, account: account.id, card: card.id };
});
afterAll(() => stack.close());

const filledIn = (text: string) =>
  text.replace('$prog', ids.program).replace('$acct', ids.account).replace('$card', ids.card);

/** Sends it, expects the log to stay as it is, and returns what was answered: status, code, fields at fault. */
async function refused(method: 'GET' | 'POST' | 'PUT', url: string, body?: string, headers = {}, key?: string | null) {
  const head = await stack.journal.head();
  const answer = await stack.call(method, filledIn(url), {
    headers,
    ...(body === undefined ? {} : { body: filledIn(body) }),
    ...(key === undefined ? {} : { key }),
  });
  expect(await stack.journal.head()).toBe(head);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = answer.json();
  return [answer.statusCode, problem.code, ...(problem.errors ?? []).map((e: { field: string }) => e.field)];
}

const DEPOSITS = '/v1/accounts/$acct/deposits';
const DEPOSIT = '{"amount":1,"currency":"EUR"}';

describe('a deposit', () => {
  test.each([
    ['{"amount":1,"currency":"EUR"', 'malformed_json'],
    ['', 'malformed_json'],
    ['{"amount":1,"currency":"EUR","amount":2}', 'malformed_json'],
    ['{"amount":1,"currency":"EUR","__proto__":{}}', 'malformed_json'],
    ['{"amount":1,"currency":"EUR","constructor":{"prototype":{}}}', 'malformed_json'],
    [`{"amount":1,"currency":"EUR","x":${'['.repeat(20)}${']'.repeat(20)}}`, 'malformed_json'],
    ['null', 'invalid_request', 'body'],
    ['[]', 'invalid_request', 'body'],
    ['7', 'invalid_request', 'body'],
    ['"{}"', 'invalid_request', 'body'],
    ['{}', 'invalid_request', 'amount', 'currency'],
    ['{"amount":1,"currency":"EUR","note":"x"}', 'invalid_request', 'note'],
    ['{"amount":1,"currency":"EUR","constructor":1}', 'invalid_request', 'constructor'],
    ['{"amount":0,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":-1,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":-0,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":1.5,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":100.0,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":1e2,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":1E400,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":100.00000000000000001,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":1000000000000,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":9007199254740993,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":"1","currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":null,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":true,"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":[1],"currency":"EUR"}', 'invalid_request', 'amount'],
    ['{"amount":1,"currency":"EURO"}', 'invalid_request', 'currency'],
    ['{"amount":1,"currency":"eur"}', 'invalid_request', 'currency'],
    ['{"amount":1,"currency":"XXX"}', 'invalid_request', 'currency'],
    ['{"amount":1,"currency":978}', 'invalid_request', 'currency'],
    ['{"amount":1,"currency":"EUR","reference":""}', 'invalid_request', 'reference'],
    [`{"amount":1,"currency":"EUR","reference":"${'é'.repeat(201)}"}`, 'invalid_request', 'reference'],
    ['{"amount":1,"currency":"EUR","reference":"a\\nb"}', 'invalid_request', 'reference'],
    ['{"amount":1,"currency":"EUR","reference":"a\\u0000b"}', 'invalid_request', 'reference'],
    ['{"amount":1,"currency":"EUR","reference":"for 4761 7390 0101 0119"}', 'invalid_request', 'reference'],
    ['{"amount":1,"currency":"EUR","reference":null}', 'invalid_request', 'reference'],
    ['{"amount":0,"currency":"EURO","x":1}', 'invalid_request', 'amount', 'currency', 'x'],
    ['{"amount":1,"currency":"EUR","4761739001010119":1}', 'invalid_request', '************0119'],
  ])('%.70s is refused: %s %s', async (body, ...expected) => {
    expect(await refused('POST', DEPOSITS, body)).toEqual([400, ...expected]);
  });

  test('takes the largest amount and the longest reference', async () => {
    const body = { amount: 999_999_999_999, currency: 'EUR', reference: '😀'.repeat(200) };
    expect((await stack.call('POST', filledIn(DEPOSITS), { body })).statusCode).toBe(201);
  });
});

describe('the request around it', () => {
  test.each([
    [{ 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    [{ 'content-type': 'application/json; charset=latin1' }, 415, 'unsupported_media_type'],
    [{ 'content-type': '' }, 415, 'unsupported_media_type'],
    [{ authorization: '' }, 401, 'unauthorized'],
    [{ authorization: 'Bearer hf_' }, 401, 'unauthorized'],
    [{ authorization: `Bearer hf_${'A'.repeat(43)}` }, 401, 'unauthorized'],
  ])('%j: %s %s', async (headers, ...expected) => {
    expect(await refused('POST', DEPOSITS, DEPOSIT, headers)).toEqual(expected);
  });

  test.each([
    [null, 'idempotency_key_missing'],
    ['', 'idempotency_key_invalid'],
    ['a b', 'idempotency_key_invalid'],
    ['schlüssel', 'idempotency_key_invalid'],
    ['k'.repeat(256), 'idempotency_key_invalid'],
  ])('Idempotency-Key %.20s: %s', async (key, code) => {
    for (const [method, url, body] of [
      ['POST', '/v1/programs', '{"name":"x"}'],
      ['POST', '/v1/accounts', '{"program_id":"$prog","currency":"EUR"}'],
      ['POST', DEPOSITS, DEPOSIT],
      ['POST', '/v1/accounts/$acct/withdrawals', DEPOSIT],
      ['POST', '/v1/accounts/$acct/transfers', '{"to_account_id":"$acct","amount":1,"currency":"EUR"}'],
      ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"losses","reason":"x"}'],
      ['PUT', '/v1/accounts/$acct/credit-line', '{"credit_line":1}'],
      ['POST', '/v1/cards', '{"account_id":"$acct"}'],
      ['POST', '/v1/cards/$card/pause', '{}'],
      ['PUT', '/v1/programs/$prog/markup', '{"basis_points":1}'],
      ['PUT', '/v1/cards/$card/controls', '{"limits":[],"merchant_categories":{"blocked":[],"allowed":[]}}'],
    ] as const) {
      expect(await refused(method, url, body, {}, key)).toEqual([400, code]);
    }
  });

  test('a body of 64 KiB and one byte: 413', async () => {
    const body = DEPOSIT + ' '.repeat(64 * 1024 + 1 - DEPOSIT.length);
    expect(await refused('POST', DEPOSITS, body)).toEqual([413, 'body_too_large']);
  });
});

describe('other bodies', () => {
  const controls = (limits: unknown, blocked: unknown = [], allowed: unknown = []) =>
    JSON.stringify({ limits, merchant_categories: { blocked, allowed } });
  const day = { window: 'day', amount: 1, time_zone: 'UTC' };
  const resolution = (more: string) => `{"to":"account","reason":"x","account_id":"$acct",${more}}`;
  const correction = (change: object) =>
    JSON.stringify({ direction: 'debit', amount: 1, currency: 'EUR', against: 'losses', reason: 'x', ...change });
  const RATES = '/v1/programs/$prog/fx_rates';
  const EUR_USD = { base: 'EUR', quote: 'USD', rate: '1.09' };
  const valid = { valid_from: '2026-03-01T00:00:00Z', valid_until: '2026-03-02T00:00:00Z' };
  const rates = (changes: object) => JSON.stringify({ source: 'ecb', ...valid, rates: [EUR_USD], ...changes });
  const days = (changes: object) =>
    JSON.stringify({
      ...{ lodging_days: 30, car_rental_days: 30, cruise_days: 30, fuel_days: 2, other_days: 7 },
      ...changes,
    });

  test.each([
    ['POST', '/v1/programs', '{"name":""}', 'name'],
    ['POST', '/v1/programs', `{"name":"${'x'.repeat(101)}"}`, 'name'],
    ['POST', '/v1/programs', '{"name":"x","hold_expiry_days":0}', 'hold_expiry_days'],
    ['POST', '/v1/programs', '{"name":"x","hold_expiry_days":31}', 'hold_expiry_days'],
    ['POST', '/v1/programs', '{"name":"x","hold_expiry_days":7.0}', 'hold_expiry_days'],
    ['POST', RATES, rates({ source: '' }), 'source'],
    ['POST', RATES, rates({ source: 'x'.repeat(101) }), 'source'],
    ['POST', RATES, rates({ valid_from: undefined }), 'valid_from'],
    ['POST', RATES, rates({ valid_from: '2026-03-01' }), 'valid_from'],
    ['POST', RATES, rates({ valid_from: '2026-02-29T00:00:00Z' }), 'valid_from'],
    ['POST', RATES, rates({ valid_from: '2026-03-01T00:00Z' }), 'valid_from'],
    ['POST', RATES, rates({ valid_from: '2026-03-01T00:00:00+01:00' }), 'valid_from'],
    ['POST', RATES, rates({ valid_until: '2026-03-01T00:00:00.0001Z' }), 'valid_until'],
    ['POST', RATES, rates({ valid_until: '+010000-01-01T00:00:00Z' }), 'valid_until'],
    ['POST', RATES, rates({ valid_until: 1_772_323_200_000 }), 'valid_until'],
    ['POST', RATES, rates({ rates: {} }), 'rates'],
    ['POST', RATES, rates({ rates: [] }), 'rates'],
    ['POST', RATES, rates({ rates: Array(501).fill(EUR_USD) }), 'rates'],
    ['POST', RATES, rates({ rates: [EUR_USD, { ...EUR_USD, base: 'XXX' }] }), 'rates[1].base'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, quote: 'usd' }] }), 'rates[0].quote'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '0' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '-1' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '1e2' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '1,09' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '1.0000000000001' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: '1000000000000' }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, rate: 2 }] }), 'rates[0].rate'],
    ['POST', RATES, rates({ rates: [{ ...EUR_USD, source: 'ecb' }] }), 'rates[0].source'],
    ['POST', RATES, rates({ markup: 1 }), 'markup'],
    ['PUT', '/v1/programs/$prog/markup', '{}', 'basis_points'],
    ['PUT', '/v1/programs/$prog/markup', '{"basis_points":-1}', 'basis_points'],
    ['PUT', '/v1/programs/$prog/markup', '{"basis_points":2501}', 'basis_points'],
    ['PUT', '/v1/programs/$prog/markup', '{"basis_points":"150"}', 'basis_points'],
    ['PUT', '/v1/programs/$prog/hold-expiry', days({ fuel_days: undefined }), 'fuel_days'],
    ['PUT', '/v1/programs/$prog/hold-expiry', days({ fuel_days: 0 }), 'fuel_days'],
    ['PUT', '/v1/programs/$prog/hold-expiry', days({ lodging_days: 31 }), 'lodging_days'],
    ['PUT', '/v1/programs/$prog/hold-expiry', days({ other_days: '7' }), 'other_days'],
    ['PUT', '/v1/programs/$prog/hold-expiry', days({ airline_days: 7 }), 'airline_days'],
    ['POST', '/v1/accounts', '{"program_id":"$acct","currency":"EUR"}', 'program_id'],
    ['POST', '/v1/accounts', '{"program_id":"prog_1","currency":"EUR"}', 'program_id'],
    ['POST', '/v1/accounts', '{"currency":"EUR"}', 'program_id'],
    ['POST', '/v1/accounts', '{"program_id":"$prog","currency":"EUR","credit_line":-1}', 'credit_line'],
    ['POST', '/v1/accounts/$acct/withdrawals', '{"amount":0,"currency":"EUR"}', 'amount'],
    ['POST', '/v1/accounts/$acct/withdrawals', '{"amount":1,"currency":"EUR","reason":"x"}', 'reason'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ direction: 'up' }), 'direction'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ amount: -1 }), 'amount'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ against: 'available' }), 'against'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ reason: undefined }), 'reason'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ reason: 'of 4761739001010119' }), 'reason'],
    ['POST', '/v1/accounts/$acct/corrections', correction({ flags: [] }), 'flags'],
    ['POST', '/v1/accounts/$acct/transfers', '{"amount":1,"currency":"EUR"}', 'to_account_id'],
    ['POST', '/v1/accounts/$acct/transfers', '{"to_account_id":"$card","amount":1,"currency":"EUR"}', 'to_account_id'],
    ['POST', '/v1/accounts/$acct/transfers', '{"to_account_id":"$acct","amount":0,"currency":"EUR"}', 'amount'],
    ['POST', '/v1/accounts/$acct/transfers', '{"to_account_id":"$acct","amount":1,"currency":"X"}', 'currency'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"reason":"x"}', 'to'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"bank","reason":"x"}', 'to'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"losses"}', 'reason'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"losses","reason":"x","account_id":"$acct"}', 'account_id'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"account","reason":"x"}', 'account_id'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', '{"to":"account","reason":"x","account_id":"x"}', 'account_id'],
    ['POST', '/v1/suspense/unmatched-00@0/resolve', resolution('"account_amount":0'), 'account_amount'],
    ['POST', '/v1/suspense/unmatched-00/resolve', '{"to":"losses","reason":"x"}', 'id'],
    ['POST', '/v1/suspense/unmatched-0g@0/resolve', '{"to":"losses","reason":"x"}', 'id'],
    ['POST', '/v1/suspense/program-00000000000000000000000000@0/resolve', '{"to":"losses","reason":"x"}', 'id'],
    ['POST', '/v1/suspense/unmatched-00@01/resolve', '{"to":"losses","reason":"x"}', 'id'],
    ['PUT', '/v1/accounts/$acct/credit-line', '{}', 'credit_line'],
    ['PUT', '/v1/accounts/$acct/credit-line', '{"credit_line":-1}', 'credit_line'],
    ['PUT', '/v1/accounts/$acct/credit-line', '{"credit_line":1000000000000}', 'credit_line'],
    ['PUT', '/v1/accounts/$acct/credit-line', '{"credit_line":1.5}', 'credit_line'],
    ['POST', '/v1/cards', '{"account_id":"$card"}', 'account_id'],
    ['POST', '/v1/cards', '{"account_id":"$acct","number":"4761739001010119"}', 'number'],
    ['POST', '/v1/cards', '{"account_id":"$acct","label":"4761739001010119"}', 'label'],
    ['POST', '/v1/cards/$card/pause', '{"reason":7}', 'reason'],
    ['POST', '/v1/cards/$card/close', '{"resaon":"x"}', 'resaon'],
    ['PUT', '/v1/cards/$card/controls', '{"limits":[]}', 'merchant_categories'],
    ['PUT', '/v1/cards/$card/controls', controls(7), 'limits'],
    ['PUT', '/v1/cards/$card/controls', controls([{ ...day, amount: 0 }]), 'limits[0].amount'],
    ['PUT', '/v1/cards/$card/controls', controls([day, { ...day, window: 'week' }]), 'limits[1].window'],
    ['PUT', '/v1/cards/$card/controls', controls([{ window: 'day', amount: 1 }]), 'limits[0].time_zone'],
    ['PUT', '/v1/cards/$card/controls', controls([{ ...day, time_zone: 'Mars/Olympus' }]), 'limits[0].time_zone'],
    ['PUT', '/v1/cards/$card/controls', controls([{ ...day, time_zone: '+01:00' }]), 'limits[0].time_zone'],
    ['PUT', '/v1/cards/$card/controls', controls([{ ...day, window: 'transaction' }]), 'limits[0].time_zone'],
    ['PUT', '/v1/cards/$card/controls', controls(Array(11).fill(day)), 'limits'],
    ['PUT', '/v1/accounts/$acct/controls', controls([], ['581']), 'merchant_categories.blocked[0]'],
    ['PUT', '/v1/accounts/$acct/controls', controls([], [], ['5812', 5813]), 'merchant_categories.allowed[1]'],
    ['PUT', '/v1/accounts/$acct/controls', controls([], Array(501).fill('5812')), 'merchant_categories.blocked'],
  ] as const)('%s %s %.60s: %s', async (method, url, body, field) => {
    expect(await refused(method, url, body)).toEqual([400, 'invalid_request', field]);
  });

  test('the largest mark-up and the first and the last day are taken', async () => {
    const markup = '/v1/programs/$prog/markup';
    expect((await stack.call('PUT', filledIn(markup), { body: { basis_points: 2_500 } })).statusCode).toBe(200);
    const expiry = filledIn('/v1/programs/$prog/hold-expiry');
    expect((await stack.call('PUT', expiry, { body: days({ fuel_days: 1, other_days: 30 }) })).statusCode).toBe(200);
  });

  test('ten limits and 500 categories are taken', async () => {
    const body = JSON.parse(controls(Array(10).fill(day), Array(500).fill('5812')));
    expect((await stack.call('PUT', filledIn('/v1/cards/$card/controls'), { body })).statusCode).toBe(200);
  });
});

describe('ids and queries', () => {
  const wrongCursor = Buffer.from('cards:7').toString('base64url');

  test.each([
    ['/v1/programs/$acct', 'id'],
    ['/v1/accounts/acct_1', 'id'],
    ['/v1/accounts/ACCT_00000000000000000000000000', 'id'],
    ['/v1/cards/4761739001010119', 'id'],
    ['/v1/transfers/$acct', 'id'],
    ['/v1/suspense?status=settled', 'status'],
    ['/v1/suspense?account_id=$card', 'account_id'],
    [`/v1/suspense?cursor=${wrongCursor}`, 'cursor'],
    ['/v1/transactions/txn_8zzzzzzzzzzzzzzzzzzzzzzzzz', 'id'],
    ['/v1/accounts/$acct?min_position=', 'min_position'],
    ['/v1/accounts/$acct?min_position=-1', 'min_position'],
    ['/v1/accounts/$acct?min_position=1.0', 'min_position'],
    ['/v1/accounts/$acct?min_position=01', 'min_position'],
    ['/v1/accounts/$acct?min_position=9999999999999999999', 'min_position'],
    ['/v1/accounts/$acct?min_position=1&min_position=2', 'min_position'],
    ['/v1/accounts/$acct?limit=1', 'limit'],
    ['/v1/accounts?limit=0', 'limit'],
    ['/v1/accounts?limit=101', 'limit'],
    ['/v1/accounts?limit=ten', 'limit'],
    ['/v1/accounts?cursor=nonsense', 'cursor'],
    [`/v1/accounts?cursor=${wrongCursor}`, 'cursor'],
    [`/v1/accounts?cursor=${'x'.repeat(201)}`, 'cursor'],
    ['/v1/accounts?program_id=$acct', 'program_id'],
    ['/v1/accounts?status=open', 'status'],
    ['/v1/cards?status=frozen', 'status'],
    ['/v1/cards?account_id=', 'account_id'],
    ['/v1/transactions?status=open', 'status'],
    ['/v1/transactions?card_id=$acct', 'card_id'],
    ['/v1/transactions?__proto__=1', '__proto__'],
  ])('GET %s: %s', async (url, field) => {
    expect(await refused('GET', url)).toEqual([400, 'invalid_request', field]);
  });

  test('a query on a write is refused too', async () => {
    expect(await refused('POST', '/v1/programs?name=x', '{"name":"x"}')).toEqual([400, 'invalid_request', 'name']);
  });
});
