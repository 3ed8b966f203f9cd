// reads.test.ts: pages, filters, and reads that wait for what was written.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let program: { readonly id: string };
const accounts: { readonly id: string }[] = [];
beforeAll(async () => {
  stack = await openStack();
  program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  for (let i = 0; i < 25; i++) {
    accounts.push(await stack.created('POST', '/v1/accounts', { program_id: program.id, currency: 'EUR' }));
  }
  await stack.queries.waitFor(await stack.journal.head(), 10_000);
});
afterAll(() => stack.close());

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);

describe('a list', () => {
  test('has 20 entries, newest first, and a cursor to the rest', async () => {
    const newest = accounts.map(({ id }) => id).reverse();
    const first = (await stack.call('GET', '/v1/accounts')).json();
    expect(idsOf(first)).toEqual(newest.slice(0, 20));
    const second = (await stack.call('GET', `/v1/accounts?cursor=${first.next_cursor}`)).json();
    expect([idsOf(second), second.next_cursor]).toEqual([newest.slice(20), null]);
  });

  test('is paged by any limit without losing or repeating one', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const url: string = `/v1/accounts?program_id=${program.id}&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: { id: string }[]; next_cursor: string | null } = (await stack.call('GET', url)).json();
      seen.push(...idsOf(page));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(accounts.map(({ id }) => id).reverse());
  });

  test('is filtered', async () => {
    const other = await stack.created('POST', '/v1/programs', { name: 'Other' });
    const card = await stack.created('POST', '/v1/cards', { account_id: accounts[3]?.id });
    const paused = await stack.call('POST', `/v1/cards/${card.id}/pause`);
    const list = async (url: string) =>
      idsOf((await stack.call('GET', `${url}&min_position=${paused.headers['holdfast-position']}`)).json());
    expect(await list(`/v1/accounts?program_id=${other.id}`)).toEqual([]);
    expect(await list(`/v1/cards?account_id=${accounts[3]?.id}&status=paused`)).toEqual([card.id]);
    expect(await list('/v1/cards?status=active')).toEqual([]);
    expect(await list(`/v1/transactions?card_id=${card.id}&status=pending&account_id=${accounts[3]?.id}`)).toEqual([]);
  });
});

describe('min_position', () => {
  test('lets a client read its own writes', async () => {
    for (let i = 0; i < 20; i++) {
      const body = { program_id: program.id, currency: 'JPY' };
      const written = await stack.call('POST', '/v1/accounts', { body });
      const url = `/v1/accounts/${written.json().id}?min_position=${written.headers['holdfast-position']}`;
      expect((await stack.call('GET', url)).json()).toEqual(written.json());
    }
  });

  test('that the log has not come to is 503, and says to try again', async () => {
    const answer = await stack.call('GET', `/v1/accounts/${accounts[0]?.id}?min_position=999999999`);
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([
      503,
      'position_not_reached',
      '1',
    ]);
  });

  test('0 waits for nothing', async () => {
    expect((await stack.call('GET', '/v1/cards?min_position=0')).statusCode).toBe(200);
  });
});
