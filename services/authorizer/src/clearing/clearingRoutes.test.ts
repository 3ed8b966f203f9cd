// clearingRoutes.test.ts: a clearing file over HTTP: applied whole and once, or not at all; and its report.

import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLog } from '@holdfast/audit';
import { clearingFileId, clearingFileStream } from '@holdfast/events';
import { clearingFile, clearingMessage, type FileRecord } from '@holdfast/events/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization } from '../testing/authorization.ts';

import { openStack, type Stack } from '../testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

/** Approves an authorization; a record that clears it, for another sum if `more` says so. */
async function purchase(card: object, stan: number, more: Readonly<Record<string, unknown>> = {}): Promise<FileRecord> {
  const network_transaction_id = `ntid-${stan}`;
  const answer = await stack.send({ ...authorization(card, stan), network_transaction_id });
  expect(answer.json().decision).toBe('approved');
  return { id: `r${stan}`, message: clearingMessage(card, { network_transaction_id, ...more }) };
}

describe('a file with a record of every outcome', () => {
  test('is answered with a report that says so, and by GET as well', async () => {
    const card = { id: stack.card.id };
    const records = [
      await purchase({ number: stack.card.number }, 1),
      await purchase(card, 2, { amount: 4_500, arn: '74000000000000000000002' }),
      await purchase(card, 3, { amount: 3_000 }),
      { id: 'again', message: clearingMessage(card, { amount: 4_500, arn: '74000000000000000000002' }) },
      { id: 'alone', message: clearingMessage(card, { amount: 700 }) },
      { id: 'unknown', message: clearingMessage({ number: '4761739001010119' }, { amount: 300 }) },
      { id: 'no rate', message: clearingMessage(card, { amount: 900, currency: 'JPY' }) },
      {
        id: 'refund',
        message: clearingMessage(card, { type: 'refund', amount: 500, network_transaction_id: 'ntid-1' }),
      },
    ].map(({ id, message }) => ({ id: id.replace(' ', '-'), message }));
    const answer = await stack.sendFile(clearingFile(records));
    expect(answer.json()).toMatchObject({
      id: clearingFileId('acquirer-7', 1),
      sender: 'acquirer-7',
      sequence: 1,
      business_date: '2026-03-02',
      status: 'applied',
      records: 8,
      sums: [
        { type: 'clearing', currency: 'EUR', records: 6, amount: 17_000 },
        { type: 'clearing', currency: 'JPY', records: 1, amount: 900 },
        { type: 'refund', currency: 'EUR', records: 1, amount: 500 },
      ],
      report: {
        clean: false,
        outcomes: { matched: 2, over: 1, under: 1, unmatched: 2, duplicate: 1, suspended: 1 },
        currencies: [
          { currency: 'EUR', file: 16_500, posted: 16_200, converted: 0, suspended: 300, difference: 300 },
          { currency: 'JPY', file: 900, posted: 0, converted: 0, suspended: 900, difference: 900 },
        ],
        charged: [{ currency: 'EUR', posted: 16_200 }],
        listed: [
          { line: 3, record_id: 'r2', type: 'clearing', outcome: 'over', flags: ['over_capture'] },
          { line: 4, record_id: 'r3', type: 'clearing', outcome: 'under', flags: [] },
          { line: 5, record_id: 'again', outcome: 'duplicate', flags: ['force_post', 'possible_duplicate'] },
          { line: 6, record_id: 'alone', outcome: 'unmatched', flags: ['force_post'] },
          { line: 7, record_id: 'unknown', outcome: 'unmatched', flags: [], reason: 'card_not_found' },
          { line: 8, record_id: 'no-rate', outcome: 'suspended', flags: ['no_rate'] },
        ],
        unlisted: 0,
      },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['holdfast-position']).toBe(String(await stack.journal.head()));
    const read = await stack.app.inject({
      url: `/v1/network/clearing_files/${answer.json().id}`,
      headers: { authorization: `Bearer ${stack.keys.admin}` },
    });
    expect(read.body).toBe(answer.body);
  });
});

describe('a file that is sent again', () => {
  const records = (amount: number) => [
    { id: '1', message: clearingMessage({ id: stack.card.id }, { amount }) },
    { id: '2', message: clearingMessage({ id: stack.card.id }, { amount: 10 }) },
  ];

  test('later, or twenty times at once, has one effect and one answer', async () => {
    const text = clearingFile(records(1), { sequence: 20 });
    const first = await stack.sendFile(text);
    const head = await stack.journal.head();
    expect((await stack.sendFile(text)).body).toBe(first.body);
    expect((await stack.sendFile(text.trimEnd())).body).toBe(first.body);
    expect(await stack.journal.head()).toBe(head);

    const other = clearingFile(records(2), { sequence: 21 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => stack.sendFile(other)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await stack.journal.head()).toBe(head + 4n);
  });

  test('with other content under its sequence is refused, and that is recorded once', async () => {
    await stack.sendFile(clearingFile(records(3), { sequence: 22 }));
    const head = await stack.journal.head();
    for (let time = 0; time < 2; time += 1) {
      const answer = await stack.sendFile(clearingFile(records(4), { sequence: 22 }));
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'clearing_file_conflict']);
    }
    expect(await stack.journal.head()).toBe(head + 1n);
    const stream = clearingFileStream(clearingFileId('acquirer-7', 22));
    const types: string[] = [];
    for await (const page of stack.journal.readStream(stream)) types.push(...page.map(({ type }) => type));
    expect(types).toEqual(['ClearingFileReceived', 'ClearingFileApplied', 'ClearingFileRefused']);
    expect((await stack.sendFile(clearingFile(records(3), { sequence: 22 }))).statusCode).toBe(200);
  });

  test('under another sequence or sender is another file', async () => {
    const one = await stack.sendFile(clearingFile(records(5), { sequence: 23 }));
    const two = await stack.sendFile(clearingFile(records(5), { sequence: 23, sender: 'acquirer-8' }));
    expect(two.json().report.outcomes).toEqual(one.json().report.outcomes);
    expect(two.json().id).not.toBe(one.json().id);
  });
});

describe('a file that is not as it must be', () => {
  test('is refused with each fault and its line, and nothing is written', async () => {
    const head = await stack.journal.head();
    const card = { id: stack.card.id };
    const good = clearingFile([{ id: '1', message: clearingMessage(card) }], { sequence: 30 });
    const [header = '', record = '', trailer = ''] = good.split('\n');
    const answer = await stack.sendFile([header, '{"record":', record, record, trailer].join('\n'));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'invalid_clearing_file',
      errors: [
        { line: 2, field: 'line', message: expect.stringMatching(/^is not acceptable JSON: a syntax error/) },
        { line: 4, field: 'record.id', message: 'stands on line 3 too' },
      ],
    });
    expect(await stack.journal.head()).toBe(head);
  });

  test('has at most 100 faults told', async () => {
    const message = { ...clearingMessage({ id: stack.card.id }), amount: -1 };
    const records = Array.from({ length: 150 }, (_, at) => ({ id: String(at), message }));
    const { errors } = (await stack.sendFile(clearingFile(records, { sequence: 31 }))).json();
    expect(errors).toHaveLength(100);
    expect(errors.at(-1)).toMatchObject({ line: 101, field: 'record.message.amount' });
  });

  test('has its card numbers in no answer, no log line, no event and no file', async () => {
    const { number } = stack.card;
    const card = { number, expiry: '9912', cvv2: '947' };
    const bodies = [];
    for (const records of [
      [{ id: '1', message: clearingMessage(card) }],
      [{ id: '2', message: clearingMessage(card, { reason: number }) }],
      [{ id: number, message: clearingMessage(card) }],
      [{ id: number, message: clearingMessage(card, { message_id: 'm' }) }],
      [{ id: '3', message: clearingMessage(card, { [number]: 1 }) }],
    ]) {
      bodies.push((await stack.sendFile(clearingFile(records, { sequence: 40 }))).body);
    }
    bodies.push((await stack.sendFile(clearingFile([], { sequence: 41, sender: number }))).body);
    expect(bodies.map((body) => JSON.parse(body).code)).toEqual([
      undefined,
      ...Array.from({ length: 5 }, () => 'invalid_clearing_file'),
    ]);
    const files = await readdir(stack.directory);
    const stored = await Promise.all(files.map((file) => readFile(join(stack.directory, file), 'latin1')));
    for (const text of [...bodies, ...stack.log, ...stored]) expect(text.includes(number)).toBe(false);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('holdfast-clearing-'))).toEqual([]);
  });
});

describe('a request that is none', () => {
  const good = () => clearingFile([], { sequence: 50 });

  test.each<[string, Readonly<Record<string, string>>, number, string]>([
    ['as JSON', { 'content-type': 'application/json' }, 415, 'unsupported_media_type'],
    ['as a form', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['without a key', { authorization: '' }, 401, 'unauthorized'],
    ['with more bytes than a file may have', { 'content-length': '67108865' }, 413, 'body_too_large'],
  ])('%s', async (_, headers, status, code) => {
    const answer = await stack.sendFile(good(), headers);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    if (status === 415) expect(answer.json().detail).toBe('Send the body as application/x-ndjson in UTF-8.');
  });

  test('by a key of another role', async () => {
    const answer = await stack.sendFile(good(), { authorization: `Bearer ${stack.keys.admin}` });
    expect(answer.statusCode).toBe(403);
  });

  test('for a file that never came', async () => {
    for (const id of [clearingFileId('nobody', 1), 'x']) {
      const answer = await stack.app.inject({
        url: `/v1/network/clearing_files/${id}`,
        headers: { authorization: `Bearer ${stack.keys.network}` },
      });
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'clearing_file_not_found']);
    }
  });
});

test('a file without records is applied too', async () => {
  const answer = await stack.sendFile(clearingFile([], { sequence: 60 }));
  expect(answer.json()).toMatchObject({ status: 'applied', records: 0, report: { clean: true, currencies: [] } });
});

test('and the log holds throughout', async () => {
  const report = await verifyLog(stack.journal);
  expect(report.problems).toEqual([]);
});
