// transactionFile.test.ts: what is put aside comes back as it was, from memory or from disk, however much there is.

import type { Transaction } from '@holdfast/domain';
import { account, authorization, card, given } from '@holdfast/domain/testing';
import { transactionId } from '@holdfast/events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NoRoomToVerify } from './errors.ts';
import { type TransactionFile, transactionFile } from './transactionFile.ts';

const [open] = given(account('200.00'), card()).when(authorization('40.00')).story.account.transactions.values();

function numbered(n: number, changes: Partial<Transaction> = {}): Transaction {
  if (open === undefined) throw new Error('the story has no transaction');
  return { ...open, ...changes, transactionId: transactionId(String(n)) };
}

let file: TransactionFile;
beforeEach(() => {
  file = transactionFile();
});
afterEach(() => {
  file.close();
  vi.unstubAllEnvs();
});

describe('transactions put aside', () => {
  test('come back as they were, each once, when there are more than the table and the buffer took at first', () => {
    // 10,000 grow the table three times and write some megabytes.
    const all = Array.from({ length: 10_000 }, (_, n) => numbered(n, { openedRevision: n }));
    for (const each of all) file.put(0, each);
    for (const each of all) expect(file.take(0, each.transactionId)).toEqual(each);
    for (const each of all.slice(0, 100)) expect(file.take(0, each.transactionId)).toBeUndefined();
  });

  test('belong to their account, whatever other one has the same id', () => {
    file.put(1, numbered(1, { openedRevision: 1 }));
    file.put(2, numbered(1, { openedRevision: 2 }));
    expect(file.take(3, transactionId('1'))).toBeUndefined();
    expect(file.take(2, transactionId('1'))?.openedRevision).toBe(2);
    expect(file.take(1, transactionId('1'))?.openedRevision).toBe(1);
  });

  test('come back in their newest state after they were taken and put aside again', () => {
    for (let n = 0; n < 5_000; n += 1) {
      file.put(0, numbered(7, { lastRevision: n }));
      if (n < 4_999) file.take(0, transactionId('7'));
    }
    expect(file.take(0, transactionId('7'))?.lastRevision).toBe(4_999);
  });
});

test('a folder that cannot be written is named, with what to do', () => {
  vi.stubEnv('TMPDIR', '/nowhere/to be found');
  // What stays in the buffer needs no file.
  for (let n = 0; n < 700; n += 1) file.put(0, numbered(n));
  const fill = () => {
    for (let n = 700; n < 10_000; n += 1) file.put(0, numbered(n));
  };
  expect(fill).toThrow(NoRoomToVerify);
  expect(fill).toThrow(/in \/nowhere\/to be found cannot be written \(ENOENT.*: set TMPDIR to a folder/);
});
