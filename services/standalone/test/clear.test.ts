// clear.test.ts: `holdfast clear` against real servers: what it prints, how it ends, and a server that is killed midway.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearingFile, clearingMessage, type FileRecord } from '@holdfast/events/testing';
import { openSqliteJournalReader } from '@holdfast/journal';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Api, listOf, sandboxApi, textOf } from './support/api.ts';
import { bytesOf, temporaryFolder } from './support/folder.ts';
import { holdfast, launch, startHoldfastProcess } from './support/holdfastProcess.ts';

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** An EUR account with 1,000.00, and a card of it. */
async function newCard(call: Api, name: string): Promise<{ readonly account: string; readonly number: string }> {
  const programs = listOf((await call.get('/v1/accounts')).body, 'data');
  const program_id = textOf(programs[0] ?? {}, 'program_id');
  const account = textOf((await call.send('POST', '/v1/accounts', { program_id, currency: 'EUR' }, name)).body, 'id');
  const deposit = { amount: 100_000, currency: 'EUR' };
  await call.send('POST', `/v1/accounts/${account}/deposits`, deposit, `${name}-deposit`);
  const card = await call.send('POST', '/v1/cards', { account_id: account }, `${name}-card`);
  return { account, number: textOf(card.body, 'number') };
}

async function purchase(call: Api, number: string, id: string, cleared = 4_000): Promise<FileRecord> {
  const network_transaction_id = `nt-${id}`;
  const { type: _, ...rest } = clearingMessage({ number }, { network_transaction_id });
  const answer = await call.send('POST', '/v1/network/messages', { ...rest, type: 'authorization', message_id: id });
  expect(answer.body).toMatchObject({ decision: 'approved' });
  return { id, message: clearingMessage({ number }, { network_transaction_id, amount: cleared }) };
}

function written(text: string): string {
  const path = join(temporaryFolder(), 'file.ndjson');
  writeFileSync(path, text);
  return path;
}

async function availableOf(call: Api, account: string, position: string): Promise<unknown> {
  return (await call.get(`/v1/accounts/${account}/balance?min_position=${position}`)).body.available;
}

describe('holdfast clear', () => {
  test('prints the report, and ends with 0 when every record matched, with 1 when one did not', async () => {
    const data = temporaryFolder();
    const server = await startHoldfastProcess({ data });
    onTestFinished(async () => void (await server.stop()));
    const call = await sandboxApi(server.address, data);
    const { number } = await newCard(call, 'a');
    const environment = { HOLDFAST_URL: server.address, HOLDFAST_DATA: data };

    const good = written(clearingFile([await purchase(call, number, '1'), await purchase(call, number, '2')]));
    const clean = await holdfast(['clear', good], environment);
    expect(clean).toMatchObject({ status: 0, err: '' });
    expect(clean.out).toMatch(/^acquirer-7 1 of 2026-03-02 {2}clf_\w{26}\n/);
    expect(clean.out).toMatch(/matched +2$/m);
    expect(clean.out).toMatch(/EUR +80\.00 +80\.00 +0\.00 +0\.00 +0\.00$/m);
    expect(clean.out).toMatch(/All 2 records matched\.\n$/);
    expect(await holdfast(['clear', good], environment)).toEqual(clean);

    const records = [
      await purchase(call, number, '3', 5_000),
      { id: '4', message: clearingMessage({ number: '4761739001010119' }, { amount: 123_456 }) },
    ];
    const differs = await holdfast(['clear', written(clearingFile(records, { sequence: 2 }))], environment);
    expect(differs).toMatchObject({ status: 1, err: '' });
    expect(differs.out).toMatch(/over +1 {2}for more than was approved/);
    expect(differs.out).toMatch(/EUR +1,284\.56 +50\.00 +0\.00 +1,234\.56 +1,234\.56$/m);
    expect(differs.out).toMatch(/line 2 +3 +clearing +over +over_capture +txn_/);
    expect(differs.out).toMatch(/line 3 +4 +clearing +unmatched +card_not_found$/m);
    expect(differs.out).toMatch(/Differs: 0 of 2 records matched\.\n$/);

    const json = await holdfast(['clear', good, '--json'], environment);
    expect(JSON.parse(json.out)).toMatchObject({ sequence: 1, report: { clean: true } });

    const other = written(clearingFile(records, { sequence: 1 }));
    const conflict = await holdfast(['clear', other], environment);
    expect(conflict).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/another file came under/i) });
    const faulty = await holdfast(['clear', written(clearingFile(records).replace('ACME', 'ACMe'))], environment);
    expect(faulty.status).toBe(2);
    expect(faulty.err).toMatch(/^ {2}line 4: trailer\.sha256 is not the SHA-256 of the lines before the trailer$/m);
    for (const text of [clean.out, differs.out, conflict.err, faulty.err, server.output()]) {
      expect(text.includes(number)).toBe(false);
    }
    expect(bytesOf(data).includes(number)).toBe(false);
    expect((await holdfast(['verify', '--data', data])).status).toBe(0);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['without a file', [], 2, /missing required argument 'file'/],
    ['with a file that is not there', ['no.ndjson', '--key', 'hf_1'], 2, /no\.ndjson cannot be read/],
    ['without a key', ['no.ndjson', '--data', '/nonexistent'], 2, /there is no API key/],
    ['with an address that is none', ['no.ndjson', '--url', 'ftp://x'], 2, /--url \(HOLDFAST_URL\) takes the address/],
    [
      'where nobody listens',
      [import.meta.filename, '--key', 'hf_1', '--url', 'http://127.0.0.1:9'],
      70,
      /send the file again/,
    ],
  ])('%s says so', async (_, args, status, sentence) => {
    expect(await holdfast(['clear', ...args])).toMatchObject({ status, out: '', err: expect.stringMatching(sentence) });
  });
});

describe('a server that is killed while it applies a file', () => {
  const RECORDS = 1_000;
  const KILLS = 3;

  test('goes on when the file is sent again: no record twice, none lost', async () => {
    const data = temporaryFolder();
    const prepared = await startHoldfastProcess({ data });
    const call = await sandboxApi(prepared.address, data);
    const cards = [await newCard(call, 'a'), await newCard(call, 'b')];
    await prepared.stop();
    const file = written(
      clearingFile(
        Array.from({ length: RECORDS }, (_, at) => {
          const { number } = cards[at % 2] ?? { number: '' };
          return { id: `r${at}`, message: clearingMessage({ number }, { amount: 100 }) };
        }),
      ),
    );

    const applied: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = launch({ data });
      const address = await server.address;
      const sending = holdfast(['clear', file, '--url', address, '--data', data]);
      // A little further each time.
      const before = applied.at(-1) ?? 0;
      while ((await countOf(data, 'ClearingPosted')) < before + 30) await sleep(2);
      server.child.kill('SIGKILL');
      await server.ended;
      expect(await sending).toMatchObject({ status: 70, err: expect.stringMatching(/send the file again/) });
      applied.push(await countOf(data, 'ClearingPosted'));
      expect(await countOf(data, 'ClearingFileApplied')).toBe(0);
    }
    expect(applied.at(-1)).toBeLessThan(RECORDS);

    const server = await startHoldfastProcess({ data });
    const again = await holdfast(['clear', file, '--url', server.address, '--data', data, '--json']);
    expect(again.status).toBe(1);
    const { report } = JSON.parse(again.out);
    expect(report).toMatchObject({
      outcomes: { unmatched: RECORDS, matched: 0, duplicate: 0 },
      currencies: [{ currency: 'EUR', file: 100 * RECORDS, posted: 100 * RECORDS, difference: 0 }],
    });
    const types = ['ClearingPosted', 'ClearingFileReceived', 'ClearingFileApplied'];
    expect(await Promise.all(types.map((type) => countOf(data, type)))).toEqual([RECORDS, 1, 1]);
    const here = await sandboxApi(server.address, data);
    const position = String(await headOf(data));
    for (const { account } of cards) {
      expect(await availableOf(here, account, position)).toBe(100_000 - (100 * RECORDS) / 2);
    }
    await server.stop();
    expect((await holdfast(['verify', '--data', data])).status).toBe(0);
  });
});

async function countOf(directory: string, type: string): Promise<number> {
  const reader = await openSqliteJournalReader({ directory });
  let count = 0;
  for await (const { events } of reader.readAll({ filter: { types: [type] } })) count += events.length;
  await reader.close();
  return count;
}

async function headOf(directory: string): Promise<bigint> {
  const reader = await openSqliteJournalReader({ directory });
  const head = await reader.head();
  await reader.close();
  return head;
}
