import { describe, expect, test } from 'vitest';
import { activeCards } from './cards.ts';
import { systemClock } from './clock.ts';
import { type Behaviour, faultyServer } from './testing/faultyServer.ts';
import { httpTransport } from './transport.ts';

const EMPTY = { status: 200, body: { data: [], next_cursor: null } };

async function ask(behaviour: Behaviour) {
  await using server = await faultyServer(behaviour);
  const transport = httpTransport({ url: server.url, connections: 1 }, 'hf_key', systemClock);
  try {
    return await activeCards(transport, 'http://here');
  } finally {
    await transport.close();
  }
}

describe('looking for cards to pay with', () => {
  test.each<[string, Behaviour, RegExp]>([
    ['there is none', () => EMPTY, /has no active card: issue one with POST \/v1\/cards/],
    ['the key is unknown', () => ({ status: 401, body: {} }), /does not know this API key/],
    ['the key may not look', () => ({ status: 403, body: {} }), /needs a role beside network/],
    ['something else answers', () => ({ status: 404, body: {} }), /answered 404 to a list of cards/],
    ['something answers something else', () => ({ status: 200, body: '<html>' }), /not as Holdfast does/],
    ['the connection breaks', () => 'reset', /Nothing answers at http:\/\/here \(connection reset\): start Holdfast/],
    [
      'no account is listed',
      (_index, { path }) =>
        path.startsWith('/v1/cards')
          ? { status: 200, body: { data: [{ id: 'card_1', account_id: 'acct_1' }], next_cursor: null } }
          : EMPTY,
      /None of the 1 active cards/,
    ],
  ])('says in one sentence what to do when %s', async (_case, behaviour, sentence) => {
    await expect(ask(behaviour)).rejects.toThrow(sentence);
  });

  test('reads every page, in an order that does not depend on the pages, and stops at the last', async () => {
    const pages: Record<string, unknown> = {
      '/v1/cards?status=active&limit=100': {
        data: [
          { id: 'card_2', account_id: 'acct_1', controls: { merchant_categories: { allowed: ['4511'], blocked: [] } } },
        ],
        next_cursor: 'a b',
      },
      '/v1/cards?status=active&limit=100&cursor=a%20b': {
        data: [{ id: 'card_1', account_id: 'acct_2' }],
        next_cursor: null,
      },
      '/v1/accounts?limit=100': { data: [{ id: 'acct_1', currency: 'EUR' }], next_cursor: 'c' },
      '/v1/accounts?limit=100&cursor=c': { data: [{ id: 'acct_2', currency: 'JPY' }], next_cursor: null },
    };
    const cards = await ask((_index, { path }) => ({ status: path in pages ? 200 : 500, body: pages[path] }));
    expect(cards).toEqual([
      { id: 'card_1', currency: 'JPY', allowed: [] },
      { id: 'card_2', currency: 'EUR', allowed: ['4511'] },
    ]);
  });
});
