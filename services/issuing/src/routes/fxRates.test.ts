// fxRates.test.ts: the exchange rates, the mark-up and the hold expiry of a program, set and read.

import { MAX_RATES } from '@holdfast/domain';
import { allCurrencies } from '@holdfast/money';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const [PAST, SINCE, UNTIL, LATER] = [
  '2019-01-01T00:00:00.000Z',
  '2020-01-01T00:00:00.000Z',
  '2120-01-01T00:00:00.000Z',
  '2110-01-01T00:00:00.000Z',
];
const USD_EUR = { base: 'USD', quote: 'EUR', rate: '0.9200' };

function published(changes: object = {}) {
  return { source: 'ecb', valid_from: SINCE, valid_until: UNTIL, rates: [USD_EUR], ...changes };
}

async function newProgram(): Promise<string> {
  return (await stack.created('POST', '/v1/programs', { name: 'Sandbox' })).id;
}

async function publish(program: string, changes: object = {}) {
  return stack.call('POST', `/v1/programs/${program}/fx_rates`, { body: published(changes) });
}

/** Once it has seen all that was written. */
async function read(url: string) {
  const position = await stack.journal.head();
  return (await stack.call('GET', `${url}?min_position=${position}`, { as: 'auditor' })).json();
}

describe('the rates of a program', () => {
  test('are published, and read with their source and time', async () => {
    const program = await newProgram();
    expect(await read(`/v1/programs/${program}/fx_rates`)).toEqual({ program_id: program, rates: [] });
    const rates = [USD_EUR, { base: 'JPY', quote: 'EUR', rate: '0.00612' }];
    const answer = await publish(program, { valid_from: '2020-01-01T00:00:00Z', rates });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ program_id: program, ...published({ rates }), created_at: TIME });
    const valid = { valid_from: SINCE, valid_until: UNTIL, usable: true, next_valid_from: null };
    expect(await read(`/v1/programs/${program}/fx_rates`)).toEqual({
      program_id: program,
      rates: [
        { ...rates[1], source: 'ecb', ...valid },
        { ...rates[0], source: 'ecb', ...valid },
      ],
    });
  });

  test('are the newest that are valid, and say when the next begin', async () => {
    const program = await newProgram();
    await publish(program);
    await publish(program, { source: 'later', valid_from: LATER });
    await publish(program, { source: 'last', valid_from: '2115-01-01T00:00:00Z' });
    const { rates } = await read(`/v1/programs/${program}/fx_rates`);
    expect(rates).toEqual([
      { ...USD_EUR, source: 'ecb', valid_from: SINCE, valid_until: UNTIL, usable: true, next_valid_from: LATER },
    ]);
  });

  test('that have ended, or are to begin, are not usable', async () => {
    const program = await newProgram();
    await publish(program, { valid_from: PAST, valid_until: SINCE });
    await publish(program, { valid_from: LATER, rates: [{ base: 'JPY', quote: 'EUR', rate: '0.0061' }] });
    const { rates } = await read(`/v1/programs/${program}/fx_rates`);
    expect(rates).toMatchObject([
      { base: 'JPY', usable: false, valid_from: LATER, next_valid_from: LATER },
      { base: 'USD', usable: false, valid_until: SINCE, next_valid_from: null },
    ]);
  });

  test(`are ${MAX_RATES} in one call, with the longest rates`, async () => {
    const codes = allCurrencies().map(({ code }) => code);
    const pairs = codes.flatMap((base) => codes.flatMap((quote) => (base < quote ? [{ base, quote }] : [])));
    const rates = pairs.slice(0, MAX_RATES).map((pair) => ({ ...pair, rate: '999999999999.999999999999' }));
    const program = await newProgram();
    expect((await publish(program, { rates })).statusCode).toBe(201);
    expect((await read(`/v1/programs/${program}/fx_rates`)).rates).toHaveLength(MAX_RATES);
  });

  test.each([
    ['ends as it begins', { valid_until: SINCE }, 400, 'rates_never_valid', 'valid_until'],
    ['ends before it begins', { valid_until: PAST }, 400, 'rates_never_valid', 'valid_until'],
    ['is of a currency in itself', { rates: [{ ...USD_EUR, quote: 'USD' }] }, 400, 'rate_of_same_currency', 'rates'],
    ['stands twice', { rates: [USD_EUR, { ...USD_EUR, rate: '0.93' }] }, 400, 'rate_twice', 'rates'],
    ['stands both ways', { rates: [USD_EUR, { base: 'EUR', quote: 'USD', rate: '1.1' }] }, 400, 'rate_twice', 'rates'],
  ])('are refused when one %s', async (_, changes, status, code, field) => {
    const program = await newProgram();
    const head = await stack.journal.head();
    const answer = await publish(program, changes);
    const { errors, ...problem } = answer.json();
    expect([answer.statusCode, problem.code, errors.map((error: { field: string }) => error.field)]).toEqual([
      status,
      code,
      [field],
    ]);
    expect(await stack.journal.head()).toBe(head);
  });

  test('of one pair are 32 that can still matter, at most', async () => {
    const program = await newProgram();
    const begins = (number: number) => ({ valid_from: `2110-01-01T00:00:${String(number).padStart(2, '0')}Z` });
    for (let number = 0; number < 32; number++) expect((await publish(program, begins(number))).statusCode).toBe(201);
    const answer = await publish(program, begins(32));
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'too_many_rates_of_pair']);
    expect(answer.json().detail).toBe('More than 32 rates of one pair would be in force or to come.');
    // One that begins with another takes its place.
    expect((await publish(program, begins(31))).statusCode).toBe(201);
  });

  test('need a program', async () => {
    const nowhere = `prog_${'0'.repeat(26)}`;
    expect((await publish(nowhere)).json().code).toBe('program_not_found');
    expect((await read(`/v1/programs/${nowhere}/fx_rates`)).code).toBe('program_not_found');
  });
});

describe('a program', () => {
  test('shows the mark-up and the hold expiry that it was given', async () => {
    const program = await newProgram();
    const markup = await stack.call('PUT', `/v1/programs/${program}/markup`, { body: { basis_points: 150 } });
    expect([markup.statusCode, markup.json()]).toEqual([
      200,
      { program_id: program, basis_points: 150, updated_at: TIME },
    ]);
    const days = { lodging_days: 20, car_rental_days: 21, cruise_days: 22, fuel_days: 1, other_days: 5 };
    const expiry = await stack.call('PUT', `/v1/programs/${program}/hold-expiry`, { body: days });
    expect([expiry.statusCode, expiry.json()]).toEqual([200, { program_id: program, ...days, updated_at: TIME }]);
    expect(await read(`/v1/programs/${program}`)).toMatchObject({
      hold_expiry_days: 5,
      hold_expiry: days,
      markup: { basis_points: 150 },
    });
  });
});
