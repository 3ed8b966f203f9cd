import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransferId } from '@holdfast/domain';
import { transferId } from '@holdfast/events';
import { openSqliteJournal } from '@holdfast/journal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EUR, type LogWriter, logWriter, openTestAccount, type TestAccount } from './testLog.ts';
import { verifyLog } from './verifyLog.ts';

let directory: string;
let journal: Awaited<ReturnType<typeof openSqliteJournal>>;
let log: LogWriter;
let source: TestAccount;
let target: TestAccount;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-audit-'));
  journal = await openSqliteJournal({ directory });
  log = logWriter(journal);
  source = await openTestAccount(log);
  target = await openTestAccount(log, 'two');
});

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

const ID = transferId('one');
type Change = { readonly amountMinor?: bigint; readonly transferId?: TransferId };

const send = (change: Change = {}) =>
  source.manage({
    ...{ type: 'sendTransfer', accountId: source.accountId, target: target.accountId, transferId: ID, currency: EUR },
    targetFacts: { programId: source.programId, currency: EUR, status: 'open' },
    amountMinor: 10_00n,
    ...change,
  });
const receive = (change: Change = {}, by = target, from = source) =>
  by.manage({
    ...{ type: 'receiveTransfer', accountId: by.accountId, source: from.accountId, transferId: ID, currency: EUR },
    amountMinor: 10_00n,
    ...change,
  });
const refuse = () =>
  target.write(
    [{ type: 'TransferRefused', data: { transferId: ID, source: source.accountId, reason: 'account_closed' } }],
    log.command(),
    log.tick(),
  );
const complete = () =>
  source.manage({ type: 'finishTransfer', accountId: source.accountId, transferId: ID, refused: undefined });
const giveBack = () =>
  source.manage({ type: 'finishTransfer', accountId: source.accountId, transferId: ID, refused: 'account_closed' });

type Step = () => Promise<unknown>;

async function verified(...steps: readonly Step[]) {
  for (const step of steps) await step();
  return verifyLog(journal);
}

describe('transfers that are as they should be', () => {
  test.each<[string, readonly Step[], bigint | undefined]>([
    ['sent', [send], -10_00n],
    ['received', [send, receive], 0n],
    ['completed', [send, receive, complete], 0n],
    ['refused', [send, refuse], -10_00n],
    ['returned', [send, refuse, giveBack], 0n],
  ])('%s', async (_, steps, inTransit) => {
    const { problems, trialBalance } = await verified(...steps);
    expect(problems).toEqual([]);
    const lines = trialBalance.flatMap((each) => each.lines);
    expect(lines.find(({ account }) => account === 'in_transit')?.balanceMinor).toBe(inTransit);
  });
});

describe('found is', () => {
  test.each<[string, readonly Step[], RegExp]>([
    ['one that nobody sent', [receive], /TransferReceived of trf_\w+, which is not under way/],
    ['one received twice', [send, receive, receive], /TransferReceived of trf_\w+, which is received by/],
    ['one received after it was refused', [send, refuse, receive], /which is refused by/],
    ['one received again after its end', [send, receive, complete, receive], /which is not under way/],
    ['one received for more', [send, () => receive({ amountMinor: 10_01n })], /1001 EUR, 1000 EUR were sent/],
    ['one that another account receives', [send, () => receive({}, source)], /which is sent by/],
    ['one that says it came from elsewhere', [send, () => receive({}, target, target)], /it came from/],
    ['one completed that nobody received', [send, complete], /TransferCompleted of trf_\w+, which is sent by/],
    ['one returned that nobody refused', [send, giveBack], /TransferReturned of trf_\w+, which is sent by/],
    ['one returned that was received', [send, receive, giveBack], /which is received by/],
    [
      'money in transit that belongs to no transfer',
      [
        () =>
          source.manage({
            ...{
              type: 'correct',
              accountId: source.accountId,
              correctionId: 'cor_00000000000000000000000000' as never,
            },
            ...{ direction: 'debit', amountMinor: 1n, currency: EUR, against: 'in_transit' as never, reason: 'x' },
          }),
      ],
      /in_transit has -1 EUR, what is unfinished says 0/,
    ],
  ])('%s', async (_, steps, what) => {
    const { problems } = await verified(...steps);
    const found = problems.filter(({ kind }) => kind === 'wrong_transfer').map((each) => each.what);
    expect(found).toContainEqual(expect.stringMatching(what));
  });
});
