// asOf.test.ts: an account's balance at a position of the log, or at a moment.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
let url: string;
/** After each deposit: its position, and the answer's moment. */
const after: { readonly position: string; readonly available: number }[] = [];
let before: string;
beforeAll(async () => {
  stack = await openStack();
  const program = await stack.created('POST', '/v1/programs', { name: 'Sandbox' });
  before = String(await stack.journal.head());
  const account = await stack.created('POST', '/v1/accounts', {
    program_id: program.id,
    currency: 'EUR',
    credit_line: 2_000,
  });
  url = `/v1/accounts/${account.id}`;
  for (const amount of [1_000, 500]) {
    const deposited = await stack.call('POST', `${url}/deposits`, { body: { amount, currency: 'EUR' } });
    const position = String(deposited.headers['holdfast-position']);
    after.push({ position, available: (after.at(-1)?.available ?? 0) + amount });
  }
});
afterAll(() => stack.close());

const balanceAsOf = async (asOf: string) => await stack.call('GET', `${url}/balance?as_of=${asOf}`);

describe('a balance as of', () => {
  test('a position is what the account had after that event', async () => {
    for (const { position, available } of after) {
      const answer = await balanceAsOf(position);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({
        available,
        held: 0,
        posted: available,
        spendable: available + 2_000,
        credit_line: 2_000,
        pending_credit: 0,
        since_position: position,
      });
    }
  });

  test('now is the balance', async () => {
    const [now, then] = [await stack.call('GET', `${url}/balance`), await balanceAsOf('2999-01-01T00:00:00Z')];
    expect(then.json()).toMatchObject(now.json());
  });

  test.each(['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.123Z'])(
    '%s, before it was opened, is no balance',
    async (moment) => {
      const answer = await balanceAsOf(moment);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'account_not_open_then']);
    },
  );

  test('a position before it was opened is no balance', async () => {
    const answer = await balanceAsOf(before);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'account_not_open_then']);
  });

  test('a position that is not reached yet says so', async () => {
    const answer = await balanceAsOf('999999999');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'position_not_reached']);
  });

  test.each(['yesterday', '-1', '1.5', '2026-13-01T00:00:00Z', '2026-03-01', '2026-03-01T12:00:00', ''])(
    '%j is refused, and the field named',
    async (asOf) => {
      const answer = await balanceAsOf(encodeURIComponent(asOf));
      expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, 'as_of']);
    },
  );
});
