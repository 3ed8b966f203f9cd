import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  forgetMessages,
  indexMessage,
  MESSAGE_TEXTS,
  type MessageIndex,
  messagesBy,
  newMessageIndex,
  TEXTS,
} from './messageIndex.ts';
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

/** Others enough that none is looked through one by one. */
const OTHERS = Array.from({ length: 100 }, (_, at) => {
  const other = `other ${at}`;
  return record(at, { networkTransactionId: other, rrn: other, transmittedAt: other, arn: other });
});

const revisions = (found: readonly MessageRecord[]) => found.map(({ revision }) => revision);

/** Which revisions are found by each of the texts of `ALL`. */
function found(index: MessageIndex) {
  const by = (text: (typeof MESSAGE_TEXTS)[number]) =>
    revisions(messagesBy(index, text, TEXTS[text](record(0)))).filter((revision) => revision >= OTHERS.length);
  return { networkTransaction: by('networkTransaction'), rrn: by('rrn'), sent: by('sent'), arn: by('arn') };
}

describe.each([
  ['among few', []],
  ['among many', OTHERS],
])('%s, a message is found', (_, others) => {
  const by = { networkTransaction: [103], rrn: [103], sent: [103], arn: [103] };

  test.each<[string, Partial<MessageRecord>, object]>([
    ['all that it says', {}, by],
    ['its arn when it is a refund', { kind: 'refund' }, by],
    ['no arn when it takes a presentment back', { kind: 'clearing_reversal' }, { ...by, arn: [] }],
    [
      'no network transaction that it does not say',
      { networkTransactionId: undefined },
      { ...by, networkTransaction: [] },
    ],
    ['no rrn that it does not say', { rrn: undefined }, { ...by, rrn: [] }],
    ['no STAN without a time', { transmittedAt: undefined }, { ...by, sent: [] }],
    ['no time without a STAN', { stan: undefined }, { ...by, sent: [] }],
    ['no arn that it does not say', { arn: undefined }, { ...by, arn: [] }],
  ])('by %s', (_, said, expected) => expect(found(indexed(...others, record(103, said)))).toEqual(expected));

  test.each([
    ['in the order they came', [101, 102, 103]],
    ['backwards', [103, 102, 101]],
    ['the middle one last', [101, 103, 102]],
    ['some twice', [102, 102, 101, 103, 101, 103]],
    ['that begin what is there', [101, 100, 100]],
  ])('once, in the order of its stream, when several come %s', (_, order) => {
    const index = indexed(...others, ...order.map((revision) => record(revision)));
    const all = [...new Set(order)].sort();
    expect(found(index)).toEqual({ networkTransaction: all, rrn: all, sent: all, arn: all });
  });

  test('that says nothing to be found by is not kept when it comes back', () => {
    const silent = { networkTransactionId: undefined, rrn: undefined, transmittedAt: undefined, arn: undefined };
    const index = indexed(...others, record(103, silent), record(103, silent));
    expect(index.records).toHaveLength(others.length + 1);
  });

  test.each<[through: number, left: readonly number[]]>([
    [100, [101, 102, 103]],
    [101, [102, 103]],
    [102, [103]],
    [103, []],
    [104, []],
  ])('no more when all through %i is forgotten', (through, left) => {
    const index = indexed(...others, record(101), record(102), record(103));
    found(index);
    forgetMessages(index, through);
    expect(found(index)).toEqual({ networkTransaction: left, rrn: left, sent: left, arn: left });
    expect(index.records).toHaveLength(left.length);
    for (const revision of [103, 104]) indexMessage(index, record(revision));
    expect(found(index).rrn).toEqual([...new Set([...left, 103, 104])]);
  });
});

test('the newest revision counts, not the last that came, when one comes back', () => {
  const index = indexed(record(5, { rrn: 'R5' }), record(2, { rrn: 'R2' }), record(3, { rrn: 'R3' }));
  for (const revision of [2, 3, 5]) indexMessage(index, record(revision, { rrn: `R${revision}` }));
  expect(revisions(index.records)).toEqual([5, 2, 3]);
});

test('one of many with the same rrn is not looked for among all of them when it comes back', () => {
  const index = indexed(record(100_000));
  const said = { kind: 'authorization', networkTransactionId: undefined } as const;
  const sent = Array.from({ length: 10_000 }, (_, at) => record(at, { ...said, transmittedAt: `T${at}` }));
  let looks = 0;
  for (const one of [...sent, ...sent]) {
    const rrn = () => {
      looks++;
      return 'R1';
    };
    indexMessage(index, Object.defineProperty({ ...one }, 'rrn', { get: rrn }));
  }
  expect(index.records).toHaveLength(sent.length + 1);
  expect(looks).toBeLessThan(10 * sent.length);
});

test('messages that say that they repeat one are counted, each once, until they are forgotten', () => {
  const repeat = { repeat: true };
  expect(indexed(record(1), record(2)).repeats).toBe(0);
  expect(indexed(record(1, { ...repeat, rrn: undefined })).repeats).toBe(0);
  const index = indexed(record(1, repeat), record(2), record(1, repeat), record(3, repeat));
  expect(index.repeats).toBe(2);
  forgetMessages(index, 1);
  expect(index.repeats).toBe(1);
});

test('what is found is what a list of them all would find, whenever it is looked for', () => {
  const text = fc.option(
    fc.nat({ max: 40 }).map((n) => `${n}`),
    { nil: undefined },
  );
  const said = fc.record({ networkTransactionId: text, rrn: text, stan: text, transmittedAt: text, arn: text });
  const kind = fc.constantFrom('clearing', 'authorization', 'refund');
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat({ max: 3_000 }), said, kind) },
    { weight: 5, arbitrary: fc.tuple(fc.constant('look' as const), fc.constantFrom(...MESSAGE_TEXTS), text) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('forget' as const), fc.nat({ max: 3_000 })) },
  );
  fc.assert(
    fc.property(fc.array(step, { size: '+2' }), (steps) => {
      const index = newMessageIndex();
      let all: MessageRecord[] = [];
      const byRevision = new Map<number, MessageRecord>();
      for (const one of steps) {
        if (one[0] === 'add') {
          // A revision is one message, whenever it comes.
          const added = byRevision.get(one[1]) ?? record(one[1], { ...one[2], kind: one[3] } as Partial<MessageRecord>);
          byRevision.set(one[1], added);
          if (!all.includes(added)) all.push(added);
          indexMessage(index, added);
        } else if (one[0] === 'look') {
          const [, by, wanted] = one;
          const expected = all.filter((each) => wanted !== undefined && TEXTS[by](each) === wanted);
          expect(messagesBy(index, by, wanted)).toEqual(expected.sort((a, b) => a.revision - b.revision));
        } else {
          all = all.filter(({ revision }) => revision > one[1]);
          forgetMessages(index, one[1]);
        }
      }
    }),
    { numRuns: 300 },
  );
});
