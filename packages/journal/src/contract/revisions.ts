// revisions.ts: expected revisions and repeated appends, as EventStoreDB 24.10 answers them.

import { describe, expect, test } from 'vitest';
import { WrongExpectedRevision } from '../errors.ts';
import type { ExpectedRevision } from '../journal.ts';
import type { Current } from './subject.ts';
import { event, events, outcomeOf, readStream, uniqueCategory, uniqueStream } from './subject.ts';

type Case = {
  readonly title: string;
  /** Ids already written, an append each: 'ab c' is [a, b], then [c]. */
  readonly before: string;
  readonly expected: ExpectedRevision;
  readonly ids: string;
  /** Revision answered, or the revision at which it is refused. */
  readonly outcome: number | { readonly refusedAt: ExpectedRevision };
  readonly after: string;
};

const CASES: readonly Case[] = [
  // title,                                                    before, expected, ids, outcome, after
  row('no_stream on a new stream is written from 0', '', 'no_stream', 'ab', 1, 'ab'),
  row('an exact revision at the head is written behind it', 'ab', 1, 'c', 2, 'abc'),
  row('an id that the stream has may be written again at its head', 'ab', 1, 'a', 2, 'aba'),
  row('one id may come twice in an append', '', 'no_stream', 'aa', 1, 'aa'),
  row('an append with one id twice is repeated like any other', 'aa', 'no_stream', 'aa', 1, 'aa'),
  row('a repeat of the first append succeeds', 'ab', 'no_stream', 'ab', 1, 'ab'),
  row('a repeat answers the end of that append, not the head', 'ab cd', 'no_stream', 'ab', 1, 'abcd'),
  row('a repeat in the middle answers its own end', 'a bc d', 0, 'bc', 2, 'abcd'),
  row('a repeat of the last append succeeds', 'a bc', 0, 'bc', 2, 'abc'),
  row(
    'a prefix of an earlier append is a repeat and answers the end of the prefix',
    'abc',
    'no_stream',
    'ab',
    1,
    'abc',
  ),
  row('a repeat may begin inside an earlier append', 'abc', 0, 'bc', 2, 'abc'),
  row('a repeat may span two earlier appends', 'ab cd', 0, 'bcd', 3, 'abcd'),
  row('a repeat from the start may span two earlier appends', 'ab cd', 'no_stream', 'abcd', 3, 'abcd'),
  row('another first id behind an old revision is refused', 'ab', 0, 'c', { refusedAt: 1 }, 'ab'),
  row('no_stream on a stream with other events is refused', 'a', 'no_stream', 'b', { refusedAt: 0 }, 'a'),
  row('a repeat whose later id differs is refused', 'abc', 'no_stream', 'ax', { refusedAt: 2 }, 'abc'),
  row('a repeat that runs past the head is refused', 'ab', 'no_stream', 'abc', { refusedAt: 1 }, 'ab'),
  row('the same ids at other slots are refused', 'ab', 'no_stream', 'ba', { refusedAt: 1 }, 'ab'),
  row('the same id one slot later is refused', 'aab', 0, 'b', { refusedAt: 2 }, 'aab'),
  row('a revision beyond the head is refused', 'ab', 2, 'c', { refusedAt: 1 }, 'ab'),
  row('a repeat at a revision beyond the head is refused', 'ab', 5, 'ab', { refusedAt: 1 }, 'ab'),
  row('an exact revision of a stream that does not exist is refused', '', 0, 'a', { refusedAt: 'no_stream' }, ''),
];

export function revisionsContract(current: Current): void {
  describe('an expected revision', () => {
    test.each(CASES)('$title', async ({ before, expected, ids, outcome, after }) => {
      const stream = uniqueStream();
      const named = (id: string, version: string) =>
        event({ seed: stream + id, data: JSON.stringify({ id, version }) });
      let head: ExpectedRevision = 'no_stream';
      for (const append of before.split(' ').filter((ids) => ids !== '')) {
        head = (
          await current.journal.append(
            stream,
            head,
            [...append].map((id) => named(id, 'first')),
          )
        ).revision;
      }

      const tried = await outcomeOf(
        current.journal.append(
          stream,
          expected,
          [...ids].map((id) => named(id, 'second')),
        ),
      );

      const stored = await readStream(current.reader, stream);
      const written = before.replaceAll(' ', '').length;
      expect(stored.map(({ data }) => JSON.parse(data))).toEqual(
        [...after].map((id, revision) => ({ id, version: revision < written ? 'first' : 'second' })),
      );
      const position = typeof outcome === 'number' ? stored[outcome]?.position : undefined;
      expect(tried).toEqual(typeof outcome === 'number' ? { revision: outcome, position } : outcome);
    });

    test('a refusal names the stream and both revisions', async () => {
      const stream = uniqueStream();
      await current.journal.append(stream, 'no_stream', events(3));
      const refusal = await current.journal.append(stream, 7, [event()]).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WrongExpectedRevision);
      expect(refusal).toMatchObject({ code: 'wrong_expected_revision', stream, expected: 7, actual: 2 });
    });

    test('the same id may stand in two streams', async () => {
      const category = uniqueCategory();
      const same = event();
      for (const stream of [`${category}-1`, `${category}-2`]) {
        await current.journal.append(stream, 'no_stream', [same]);
        expect(await readStream(current.reader, stream)).toMatchObject([same]);
      }
    });

    test('a repeat after the log was opened again succeeds, and a stale append is refused', async () => {
      const stream = uniqueStream();
      const first = events(2);
      const appended = await current.journal.append(stream, 'no_stream', first);
      await current.journal.append(stream, 1, [event()]);
      await current.reopen();
      expect(await current.journal.append(stream, 'no_stream', first)).toEqual(appended);
      expect(await outcomeOf(current.journal.append(stream, 1, [event()]))).toEqual({ refusedAt: 2 });
      expect(await outcomeOf(current.journal.append(stream, 2, [event()]))).toMatchObject({ revision: 3 });
    });
  });
}

function row(
  title: string,
  before: string,
  expected: ExpectedRevision,
  ids: string,
  outcome: Case['outcome'],
  after: string,
): Case {
  return { title, before, expected, ids, outcome, after };
}
