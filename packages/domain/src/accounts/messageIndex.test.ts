import { describe, expect, test } from 'vitest';
import { complete, each, forgetMessages, indexMessage, type MessageIndex, newMessageIndex } from './messageIndex.ts';
import type { MessageRecord } from './records.ts';

const ALL = { networkTransactionId: 'N1', rrn: 'R1', stan: '000007', transmittedAt: 'T1', arn: 'ARN1' };

function record(revision: number, said: Partial<MessageRecord> = {}): MessageRecord {
  return { kind: 'clearing', repeat: false, ...ALL, ...said, revision } as MessageRecord;
}

function indexed(...records: readonly MessageRecord[]): MessageIndex {
  const index = newMessageIndex();
  for (const one of records) indexMessage(index, one);
  return index;
}

/** Under which keys which revisions are found. */
function found(index: MessageIndex): Readonly<Record<string, readonly number[]>> {
  const { byNetworkTransaction, byRrn, bySent, byArn } = complete(index);
  const all = [byNetworkTransaction, byRrn, bySent, byArn].flatMap((map) => [...map]);
  return Object.fromEntries(all.map(([key, records]) => [key, each(records).map(({ revision }) => revision)]));
}

describe('a message is found', () => {
  test.each<[string, Partial<MessageRecord>, readonly string[]]>([
    ['all that it says', {}, ['N1', 'R1', 'T1', 'ARN1']],
    ['its arn when it is a refund', { kind: 'refund' }, ['N1', 'R1', 'T1', 'ARN1']],
    ['no arn when it takes a presentment back', { kind: 'clearing_reversal' }, ['N1', 'R1', 'T1']],
    ['no network transaction that it does not say', { networkTransactionId: undefined }, ['R1', 'T1', 'ARN1']],
    ['no rrn that it does not say', { rrn: undefined }, ['N1', 'T1', 'ARN1']],
    ['no STAN without a time', { transmittedAt: undefined }, ['N1', 'R1', 'ARN1']],
    ['no time without a STAN', { stan: undefined }, ['N1', 'R1', 'ARN1']],
    ['no arn that it does not say', { arn: undefined }, ['N1', 'R1', 'T1']],
  ])('by %s', (_, said, keys) => expect(Object.keys(found(indexed(record(3, said))))).toEqual(keys));

  test.each([
    ['in the order they came', [1, 2, 3]],
    ['backwards', [3, 2, 1]],
    ['the middle one last', [3, 1, 2]],
    ['some twice', [2, 2, 1, 3, 1, 3]],
    ['that begin their stream', [1, 0, 0]],
  ])('once, in the order of its stream, when several come %s', (_, revisions) => {
    const index = indexed(...revisions.map((revision) => record(revision)));
    expect(found(index).R1).toEqual([...new Set(revisions)].sort());
  });
});

test('however many come before somebody looks, each is found by its rrn', () => {
  const many = Array.from({ length: 2_500 }, (_, at) => record(at, { rrn: `R${at}` }));
  expect(Object.keys(found(indexed(...many))).filter((key) => key.startsWith('R'))).toHaveLength(2_500);
});

test('what was forgotten before somebody looked is not found', () => {
  const index = indexed(record(1), record(2));
  forgetMessages(index, 1);
  indexMessage(index, record(3));
  expect(found(index).R1).toEqual([2, 3]);
});

test('messages that say that they repeat one are counted, each once', () => {
  const repeat = { repeat: true };
  expect(indexed(record(1), record(2)).repeats).toBe(0);
  expect(indexed(record(1, repeat), record(2), record(1, repeat), record(3, repeat)).repeats).toBe(2);
  expect(indexed(record(1, { ...repeat, rrn: undefined })).repeats).toBe(0);
});

describe('up to a revision all is forgotten', () => {
  test.each<[through: number, left: readonly number[] | undefined]>([
    [0, [1, 2, 3]],
    [1, [2, 3]],
    [2, [3]],
    [3, undefined],
  ])('through %i of three', (through, left) => {
    const index = indexed(record(1), record(2), record(3));
    forgetMessages(index, through);
    expect(Object.values(found(index))).toEqual(left === undefined ? [] : [left, left, left, left]);
  });

  test.each<[through: number, left: readonly number[] | undefined]>([
    [2, [3]],
    [3, undefined],
    [4, undefined],
  ])('through %i of one at 3', (through, left) => {
    const index = indexed(record(3));
    forgetMessages(index, through);
    expect(found(index).N1).toEqual(left);
  });
});
