// clearingFiles.test.ts: the clearing files that came, over the API.

import { buildReport, type ClearingFileFacts } from '@holdfast/domain';
import { cardId, clearingFileId, commandIdOf, contentHashOf } from '@holdfast/events';
import { currencyOf } from '@holdfast/money';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

const { code: EUR } = currencyOf('EUR');
/** The sums of a file may be beyond 2^53. */
const LARGE = 99_999n * 999_999_999_999n;

function factsOf(sender: string, sequence: number, sha256 = 'a'): ClearingFileFacts {
  return {
    ...{ clearingFileId: clearingFileId(sender, sequence), sender, sequence, businessDate: '2026-03-02' },
    ...{ sha256: sha256.repeat(64), records: 99_999 },
    sums: [{ type: 'clearing', currency: EUR, records: 99_999, amountMinor: LARGE }],
  };
}

const about = (...parts: readonly string[]) => ({
  ...{ commandId: commandIdOf(...parts), contentHash: contentHashOf(parts.join()) },
  ...{ actor: 'test', correlationId: 'test' },
});

async function receive(facts: ClearingFileFacts): Promise<string> {
  const { clearingFileId, sha256 } = facts;
  const done = await stack.engine.execute({ type: 'receiveClearingFile', facts }, about(clearingFileId, sha256));
  if (!done.done) throw new Error(done.refusal);
  return done.position.toString();
}

/** One record that matched, one of a card that nobody knows. */
async function apply({ clearingFileId }: ClearingFileFacts): Promise<string> {
  const builder = buildReport();
  const answer = { decision: 'accepted', responseCode: '00', currency: EUR, reasons: [], flags: [] } as const;
  for (const line of [2, 3]) {
    const of = { type: 'clearing', cardId: cardId('x'), network: 'visa', currency: EUR } as const;
    const reason =
      line === 2 ? ({ billingMinor: 500n, transactionId: 'txn_1' } as never) : { reason: 'card_not_found' };
    builder.add({
      ...{ line, recordId: `r${line}`, message: { ...of, amountMinor: 500n }, accountCurrency: EUR },
      answer: { ...answer, ...(reason as { readonly reason: 'card_not_found' }) },
    });
  }
  const report = builder.report();
  const command = { type: 'completeClearingFile', clearingFileId, report } as const;
  const done = await stack.engine.execute(command, about('applied', clearingFileId));
  if (!done.done) throw new Error(done.refusal);
  return done.position.toString();
}

const list = async (query: string) => {
  const answer = await stack.call('GET', `/v1/clearing_files?${query}`, { as: 'accountant' });
  expect(answer.statusCode).toBe(200);
  return answer;
};

test('a clearing file is listed while it is received, then with what it came to', async () => {
  const facts = factsOf('visa-base2', 17);
  const received = await receive(facts);
  await receive({ ...facts, sha256: 'b'.repeat(64) });
  const before = (await list(`sender=visa-base2&min_position=${received}`)).json().data;
  const file = {
    ...{ id: facts.clearingFileId, sender: 'visa-base2', sequence: 17, business_date: '2026-03-02' },
    ...{ sha256: facts.sha256, records: 99_999, received_at: expect.stringMatching(/Z$/) },
    sums: [{ type: 'clearing', currency: 'EUR', records: 99_999, amount: Number(LARGE) }],
  };
  expect(before).toMatchObject([{ ...file, status: 'received', applied_at: null, report: null }]);
  const applied = await apply(facts);
  const answer = await list(`sender=visa-base2&min_position=${applied}`);
  expect(answer.json()).toEqual({
    data: [
      {
        ...{ ...file, status: 'applied', refusals: 1, applied_at: expect.stringMatching(/Z$/) },
        report: {
          clean: false,
          outcomes: { duplicate: 0, unmatched: 1, suspended: 0, over: 0, under: 0, matched: 1 },
          currencies: [{ currency: 'EUR', file: 1_000, posted: 500, converted: 0, suspended: 500, difference: 500 }],
          charged: [{ currency: 'EUR', posted: 500 }],
        },
      },
    ],
    next_cursor: null,
  });
  expect(answer.body).toContain(`"amount":${LARGE}`);
  expect(BigInt(String(answer.headers['holdfast-position']))).toBeGreaterThanOrEqual(BigInt(applied));
});

test('clearing files are listed by status, and page by page', async () => {
  await receive(factsOf('pages', 1));
  await receive(factsOf('pages', 2));
  const position = await apply(factsOf('pages', 1));
  const sequences = ({ data }: { readonly data: readonly { readonly sequence: number }[] }) =>
    data.map(({ sequence }) => sequence);
  const first = (await list(`sender=pages&limit=1&min_position=${position}`)).json();
  const second = (await list(`sender=pages&limit=1&cursor=${first.next_cursor}`)).json();
  expect([sequences(first), sequences(second), second.next_cursor]).toEqual([[2], [1], null]);
  expect(sequences((await list('sender=pages&status=received')).json())).toEqual([2]);
  expect(sequences((await list('sender=nobody')).json())).toEqual([]);
});

test.each([
  ['status', 'refused'],
  ['sender', 'a%20b'],
  ['cursor', 'eHg'],
])('a %s that is none is refused', async (field, value) => {
  const answer = await stack.call('GET', `/v1/clearing_files?${field}=${value}`);
  expect([answer.statusCode, answer.json().code, answer.json().errors[0].field]).toEqual([
    400,
    'invalid_request',
    field,
  ]);
});
