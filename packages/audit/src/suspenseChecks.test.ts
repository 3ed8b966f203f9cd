import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClearingMessage, type DomainEvent, move, type SuspenseAssigned, suspend } from '@holdfast/domain';
import { openSqliteJournal } from '@holdfast/journal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EUR, type LogWriter, logWriter, openTestAccount, type TestAccount } from './testLog.ts';
import { verifyLog } from './verifyLog.ts';

let directory: string;
let journal: Awaited<ReturnType<typeof openSqliteJournal>>;
let log: LogWriter;
let one: TestAccount;
let two: TestAccount;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-audit-'));
  journal = await openSqliteJournal({ directory });
  log = logWriter(journal);
  one = await openTestAccount(log);
  two = await openTestAccount(log, 'two');
});

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

const STREAM = 'unmatched-7f';
const write = (event: DomainEvent) => log.write(STREAM, [event], { command: log.command(), at: log.tick() });

/** 30.00 of a clearing for a card that nobody knew, at revision 0. */
const unmatched = () => {
  const message: ClearingMessage = {
    ...{ type: 'clearing', cardId: one.cardId, network: 'visa', currency: EUR, amountMinor: 30_00n },
    merchant: { id: 'M1', mcc: '5812' },
  };
  const facts = { decision: 'accepted', responseCode: '00', reason: 'card_not_found' } as const;
  return write({ type: 'UnmatchedMessageRecorded', data: { message, ...facts, entry: suspend(message) } });
};
const sum = { side: 'debit', amountMinor: 30_00n, currency: EUR } as const;
const assign = (change: Partial<SuspenseAssigned['data']> = {}) => {
  const facts = { revision: 0, ...sum, to: 'in_transit', accountId: one.accountId, accountMinor: 30_00n } as const;
  const entry = move('in_transit', 'suspense', change.amountMinor ?? 30_00n, EUR);
  return write({ type: 'SuspenseAssigned', data: { ...facts, reason: 'found', entry, ...change } });
};
const receive = (by = one, accountMinor = 30_00n) =>
  by.manage({ type: 'receiveSuspense', accountId: by.accountId, stream: STREAM, revision: 0, sum, accountMinor });
/** 5.00 that an account itself has left there, at its revision 3. */
const suspended = () =>
  one.manage({
    ...{ type: 'correct', accountId: one.accountId, correctionId: 'cor_00000000000000000000000000' as never },
    ...{ direction: 'debit', amountMinor: 5_00n, currency: EUR, against: 'suspense', reason: 'whose is it' },
  });
const resolve = () =>
  one.manage({ type: 'resolveSuspense', accountId: one.accountId, revision: 3, to: 'available', reason: 'ours' });

type Step = () => Promise<unknown>;
async function verified(...steps: readonly Step[]) {
  for (const step of steps) await step();
  return verifyLog(journal);
}

describe('what stands in suspense', () => {
  test.each<[string, readonly Step[], bigint | undefined, bigint | undefined]>([
    ['because its card is unknown', [unmatched], 30_00n, undefined],
    ['assigned to an account', [unmatched, assign], 0n, 30_00n],
    ['received by it', [unmatched, assign, receive], 0n, 0n],
    ['because of a correction', [suspended], -5_00n, undefined],
    ['and was resolved there', [suspended, resolve], 0n, undefined],
    ['beside another', [suspended, unmatched], 25_00n, undefined],
  ])('%s is as it should be', async (_, steps, suspense, inTransit) => {
    const { problems, trialBalance } = await verified(...steps);
    expect(problems).toEqual([]);
    const lines = trialBalance.flatMap((each) => each.lines);
    const balanceOf = (name: string) => lines.find(({ account }) => account === name)?.balanceMinor;
    expect([balanceOf('suspense'), balanceOf('in_transit')]).toEqual([suspense, inTransit]);
  });
});

describe('found is', () => {
  test.each<[string, readonly Step[], RegExp]>([
    ['a sum resolved that is not there', [assign], /SuspenseAssigned of unmatched-7f@0, which is not open/],
    ['a sum resolved twice', [unmatched, assign, assign], /which is not open/],
    [
      'a part that is resolved',
      [unmatched, () => assign({ amountMinor: 29_99n, accountMinor: 29_99n })],
      /is of a debit of 2999 EUR, not of a debit of 3000 EUR/,
    ],
    [
      'a sum received that nobody assigned',
      [unmatched, receive],
      /SuspenseReceived of unmatched-7f@0, which is not open/,
    ],
    ['a sum received twice', [unmatched, assign, receive, receive], /which is not open/],
    ['a sum received by another account', [unmatched, assign, () => receive(two)], /was assigned to acct_/],
    [
      'a sum that stays in suspense though it was resolved',
      [unmatched, () => assign({ entry: [] })],
      /suspense has 3000 EUR, what is unfinished says 0/,
    ],
  ])('%s', async (_, steps, what) => {
    const { problems } = await verified(...steps);
    const found = problems.filter(({ kind }) => kind === 'wrong_suspense').map((each) => each.what);
    expect(found).toContainEqual(expect.stringMatching(what));
  });
});
