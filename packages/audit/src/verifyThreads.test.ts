import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecidableMessage } from '@holdfast/domain';
import { openSqliteJournal, openSqliteJournalReader } from '@holdfast/journal';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CannotVerify } from './errors.ts';
import { EUR, logWriter, openTestAccount, type TestAccount } from './testLog.ts';
import { verifyLog } from './verifyLog.ts';
import { verifyLogAt } from './verifyThreads.ts';

const ACCOUNTS = 9;

function message(account: TestAccount, type: DecidableMessage['type'], stan: number, amountMinor: bigint) {
  const merchant = { id: 'M1', name: 'ACME', mcc: '5812', country: 'DE' };
  const sent = {
    acquirerId: '400123',
    terminalId: 'T1',
    stan: String(stan),
    transmittedAt: '2026-03-01T12:00:00.000Z',
  };
  const purchase = { network: 'visa', networkTransactionId: `n${stan % 3}`, currency: EUR };
  return { type, cardId: account.cardId, ...purchase, ...sent, amountMinor, merchant } as DecidableMessage;
}

/** Some of everything on several accounts; with `lies`, an event on each third that says another balance. */
async function logOf(lies: boolean): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-audit-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const journal = await openSqliteJournal({ directory });
  const log = logWriter(journal);
  for (let n = 0; n < ACCOUNTS; n++) {
    const account = await openTestAccount(log, `account ${n}`);
    await account.send(message(account, 'authorization', 1, 4_000n));
    await account.send(message(account, 'increment', 4, 500n));
    await account.send(message(account, 'clearing', 7, 4_400n));
    await account.send(message(account, 'refund', 10, 1_000n));
    await account.send(message(account, 'clearing_reversal', 2, 700n));
    if (lies && n % 3 === 0) {
      const balances = { availableMinor: 1n, heldMinor: 0n };
      const entry = [] as const;
      const data = { ...moved, entry, balances, depositId: `dep_${'0'.repeat(26)}` };
      await account.write([{ type: 'FundsDeposited', data } as never], log.command(), log.tick()).catch(() => {});
    }
  }
  await journal.close();
  return directory;
}
const moved = { amountMinor: 5n, currency: EUR };

test.each([
  [2, false],
  [2, true],
  [3, true],
])('with %d threads (lies: %s) it says what one thread says', async (threads, lies) => {
  const directory = await logOf(lies);
  const reader = await openSqliteJournalReader({ directory });
  onTestFinished(() => reader.close());
  const alone = await verifyLog(reader, { shownProblems: 100 });
  expect(alone.problemCount > 0).toBe(lies);
  const progress = vi.fn();
  const together = await verifyLogAt(reader, { directory }, { threads, shownProblems: 100, onProgress: progress });
  expect(together).toEqual(alone);
  expect(progress).toHaveBeenCalled();
});

test('a thread that cannot write its temporary file says so', async () => {
  const directory = await logOf(false);
  const reader = await openSqliteJournalReader({ directory });
  onTestFinished(() => reader.close());
  vi.stubEnv('TMPDIR', '/nowhere/to be found');
  onTestFinished(() => void vi.unstubAllEnvs());
  const few = { threads: 2, transactionsInMemory: 1 };
  // What is put aside stays in a buffer while it is little.
  await expect(verifyLogAt(reader, { directory }, few)).resolves.toMatchObject({ problemCount: 0 });
  await expect(verifyLogAt(reader, { directory: '/nowhere' }, few)).rejects.toThrow(CannotVerify);
});
