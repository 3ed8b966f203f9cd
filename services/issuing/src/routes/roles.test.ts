// roles.test.ts: every route with every role, as docs/api.md says it.

import { readFileSync } from 'node:fs';
import { ROLES } from '@holdfast/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

type Documented = { readonly method: 'GET' | 'POST' | 'PUT'; readonly url: string; readonly roles: readonly string[] };

const docs = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
const readers = ROLES.filter((role) => role !== 'network');
const documented: readonly Documented[] = [...docs.matchAll(/^\| `(GET|POST|PUT) (\/[^`]+)` \| ([a-z, ]+) \|/gm)].map(
  ([, method = '', url = '', roles = '']) => ({
    method: method === 'GET' || method === 'PUT' ? method : 'POST',
    url,
    roles: roles === 'any' ? readers : roles.split(', '),
  }),
);
/** What the network is for is served by the authorizer, whose tests ask it. */
const ours = documented.filter(({ url, roles }) => !url.startsWith('/v1/network/') && roles[0] !== 'none');

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
  await stack.app.ready();
});
afterAll(() => stack.close());

describe('the routes', () => {
  test('are those of docs/api.md', () => {
    const served = stack.routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    expect(ours.map(({ method, url }) => `${method} ${url.replace('{id}', ':id')}`).sort()).toEqual(served.sort());
    expect(ours.length).toBeGreaterThan(15);
  });

  test.each(ours)('$method $url is for $roles', async ({ method, url, roles }) => {
    const before = await stack.journal.head();
    const id = `${{ programs: 'prog', accounts: 'acct', cards: 'card', transfers: 'trf' }[url.split('/')[2] ?? ''] ?? 'txn'}_${'0'.repeat(26)}`;
    const path = url.replace('{id}', url.startsWith('/v1/suspense') ? 'unmatched-00@0' : id);
    for (const role of [...ROLES, 'nobody'] as const) {
      // A body that is refused: who may call gets to hear so, and nothing is written.
      const answer = await stack.call(method, path, { as: role, ...(method === 'GET' ? {} : { body: '{' }) });
      const { code } = answer.json();
      if (role === 'nobody') expect([role, answer.statusCode, code]).toEqual([role, 401, 'unauthorized']);
      else if (!roles.includes(role)) expect([role, answer.statusCode, code]).toEqual([role, 403, 'forbidden']);
      else expect([role, ['unauthorized', 'forbidden'].includes(code)]).toEqual([role, false]);
    }
    expect(await stack.journal.head()).toBe(before);
  });
});
