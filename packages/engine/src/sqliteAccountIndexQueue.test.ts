// sqliteAccountIndexQueue.test.ts: the bounds of what waits, what goes together, and what fails together.

import { describe, expect, test } from 'vitest';
import type { IndexWrite } from './accountIndex.ts';
import { AccountIndexFull, INDEX_LIMITS, InvalidIndexWrite } from './accountIndex.ts';
import { IndexKeys } from './indexKeys.ts';
import type { WriteQueue } from './sqliteAccountIndexQueue.ts';
import { createWriteQueue } from './sqliteAccountIndexQueue.ts';

const MEGA = 1024 * 1024;
const LARGE_TEXT = 'x'.repeat(MEGA);

function writeTo(stream: string, snapshot = '', keys: readonly (readonly [string, number])[] = []): IndexWrite {
  return { stream, revision: 1, snapshot, keys: IndexKeys.of(...keys) };
}

/** A queue whose transactions stay under way until the test settles them, and what came of the writes by name. */
function queueUnderTest(): {
  queue: WriteQueue;
  transactions: string[][];
  outcomes: Map<string, string>;
  add: (name: string, write: IndexWrite) => Promise<void>;
} {
  const transactions: string[][] = [];
  const outcomes = new Map<string, string>();
  const queue = createWriteQueue((writes) => transactions.push(writes.map(({ stream }) => stream)));
  const add = (name: string, write: IndexWrite): Promise<void> =>
    queue.add(write).then(
      () => void outcomes.set(name, 'written'),
      (error: Error) => void outcomes.set(name, `${error.name}: ${error.message}`),
    );
  return { queue, transactions, outcomes, add };
}

const promisesRan = (): Promise<void> => new Promise(setImmediate);

describe('the bounds', () => {
  test('ten thousand writes wait, one more is refused, and one is taken again when some were written', async () => {
    const { queue } = queueUnderTest();
    const accepted = Array.from({ length: INDEX_LIMITS.queuedWrites }, () => queue.add(writeTo('a')));
    await expect(queue.add(writeTo('a'))).rejects.toThrow(AccountIndexFull);
    queue.settle();
    const next = queue.add(writeTo('a'));
    const drained = queue.drained();
    for (let i = 0; i < 11; i++) queue.settle();
    await Promise.all([drained, next, ...accepted]);
  });

  test('64 Mi characters may wait, keys and their revisions counted; then even an empty write is refused', async () => {
    const { queue } = queueUnderTest();
    const add = (write: IndexWrite) => void queue.add(write);
    for (let i = 0; i < 63; i++) add(writeTo('a', LARGE_TEXT));
    add(writeTo('a', LARGE_TEXT.slice(0, -20), [['k', 1]]));
    add(writeTo('b'));
    add(writeTo('b', 'x'));
    await expect(queue.add(writeTo('b'))).rejects.toThrow(AccountIndexFull);
    queue.settle();
    const taken = queue.add(writeTo('b'));
    for (let i = 0; i < 20; i++) queue.settle();
    await taken;
  });

  test('a single write has up to 256 Mi characters', async () => {
    const { queue, transactions } = queueUnderTest();
    const most = 'x'.repeat(INDEX_LIMITS.writeCharacters - 19);
    await expect(queue.add(writeTo('a', `${most}x`, [['k', 1]]))).rejects.toThrow(InvalidIndexWrite);
    expect(transactions).toEqual([]);
    void queue.add(writeTo('a', most, [['k', 1]]));
    expect(transactions).toEqual([['a']]);
  });
});

describe('a write that can never be taken', () => {
  test.each<[string, Partial<IndexWrite>, RegExp]>([
    ['a negative revision', { revision: -1 }, /revision -1$/],
    ['a fractional revision', { revision: 1.5 }, /revision 1\.5$/],
    ['a revision beyond 2^53 - 1', { revision: 2 ** 53 }, /revision 9007199254740992$/],
    [
      'a key of an event after the snapshot',
      { keys: IndexKeys.of(['k', 6]) },
      /key of revision 6 with a snapshot of revision 5$/,
    ],
    ['a snapshot that is no Unicode', { snapshot: '\ud800' }, /not well-formed Unicode/],
    ['a stream name that is no Unicode', { stream: 'account-\udc00' }, /not well-formed Unicode/],
  ])('%s is refused, and nothing of it goes to the disk', async (_, wrong, sentence) => {
    const { queue, transactions } = queueUnderTest();
    const refused = queue.add({ stream: 'a', revision: 5, snapshot: '', keys: IndexKeys.of(['key', 5]), ...wrong });
    await expect(refused).rejects.toThrow(InvalidIndexWrite);
    await expect(refused).rejects.toThrow(sentence);
    expect(transactions).toEqual([]);
  });
});

describe('transactions', () => {
  test('one is under way at a time, and what queued up meanwhile is the next one', async () => {
    const { queue, transactions, add, outcomes } = queueUnderTest();
    for (const stream of ['a', 'b', 'c']) void add(stream, writeTo(stream));
    expect(transactions).toEqual([['a']]);
    queue.settle();
    expect(transactions).toEqual([['a'], ['b', 'c']]);
    await promisesRan();
    expect([...outcomes]).toEqual([['a', 'written']]);
  });

  test('one takes at most a thousand writes or 4 Mi characters, and a larger write goes alone', () => {
    const { queue, transactions } = queueUnderTest();
    void queue.add(writeTo('first'));
    for (let i = 0; i < 1001; i++) void queue.add(writeTo('small'));
    for (let i = 0; i < 5; i++) void queue.add(writeTo('large', LARGE_TEXT));
    void queue.add(writeTo('huge', LARGE_TEXT.repeat(5)));
    for (let i = 0; i < 4; i++) queue.settle();
    expect(transactions.map((streams) => `${streams.length} to ${streams.at(-1)}`)).toEqual([
      '1 to first',
      '1000 to small',
      '5 to large',
      '1 to large',
      '1 to huge',
    ]);
  });
});

describe('a failed transaction', () => {
  test('rejects its writes and those behind it on the same streams; others go on', async () => {
    const { queue, transactions, add, outcomes } = queueUnderTest();
    void add('first of a', writeTo('a'));
    void add('second of a', writeTo('a'));
    void add('first of b', writeTo('b'));
    queue.settle('disk full');
    await promisesRan();
    expect([...outcomes]).toEqual([
      ['first of a', 'AccountIndexWriteFailed: stream a was not written to the account index: disk full'],
      [
        'second of a',
        'AccountIndexWriteFailed: stream a was not written to the account index: an earlier write of the stream failed: disk full',
      ],
    ]);
    expect(transactions).toEqual([['a'], ['b']]);
    void add('third of a', writeTo('a'));
    queue.settle();
    queue.settle();
    await promisesRan();
    expect([outcomes.get('first of b'), outcomes.get('third of a')]).toEqual(['written', 'written']);
  });

  test('when no transaction will be answered any more, all writes reject, later ones too', async () => {
    const { queue, add, outcomes } = queueUnderTest();
    void add('under way', writeTo('a'));
    void add('waiting', writeTo('b'));
    queue.stop('out of memory');
    await queue.drained();
    void add('later', writeTo('c'));
    await promisesRan();
    expect([...outcomes.keys()].sort()).toEqual(['later', 'under way', 'waiting']);
    for (const outcome of outcomes.values()) expect(outcome).toMatch(/^AccountIndexWriteFailed: .*: out of memory$/);
  });
});
