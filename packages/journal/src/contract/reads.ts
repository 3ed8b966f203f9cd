// reads.ts: streams and the whole log, as pages.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Filter, ReadStreamOptions, StoredEvent } from '../journal.ts';
import type { Current } from './subject.ts';
import { event, events, readAll, readPages, readStream, uniqueCategory, uniqueStream } from './subject.ts';

const TYPES = ['Opened', 'Approved', 'Closed'];

export function readsContract(current: Current): void {
  describe('reading a stream', () => {
    const stream = uniqueStream();
    const LENGTH = 1_203;
    beforeAll(async () => {
      for (let from = 0; from < LENGTH; from += 401) {
        await current.journal.append(stream, from === 0 ? 'no_stream' : from - 1, events(401));
      }
    });

    test.each<readonly [string, ReadStreamOptions | undefined, number, number]>([
      // what,                                       options,                                    first, last revision
      ['all of it', undefined, 0, LENGTH - 1],
      ['from a revision', { from: 700 }, 700, LENGTH - 1],
      ['so many from a revision', { from: 499, limit: 502 }, 499, 1_000],
      ['one', { from: 5, limit: 1 }, 5, 5],
      ['from the last', { from: LENGTH - 1 }, LENGTH - 1, LENGTH - 1],
      ['backwards', { direction: 'backwards' }, LENGTH - 1, 0],
      ['the last one', { direction: 'backwards', limit: 1 }, LENGTH - 1, LENGTH - 1],
      ['so many backwards', { direction: 'backwards', limit: 700 }, LENGTH - 1, LENGTH - 700],
      ['backwards from a revision', { direction: 'backwards', from: 600 }, 600, 0],
      ['backwards from beyond the end', { direction: 'backwards', from: 99_999, limit: 2 }, LENGTH - 1, LENGTH - 2],
    ])('%s', async (_, options, first, last) => {
      const step = first <= last ? 1 : -1;
      const expected = Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + i * step);
      const stored = await readStream(current.reader, stream, options);
      expect(stored.map(({ revision }) => revision)).toEqual(expected);
      expect(new Set(stored.map((one) => one.stream))).toEqual(new Set([stream]));
    });

    test.each<readonly [string, string, ReadStreamOptions]>([
      ['forwards from beyond the end', stream, { from: LENGTH }],
      ['none of it', stream, { limit: 0 }],
      ['a stream that does not exist', uniqueStream(), {}],
      ['a stream that does not exist, backwards', uniqueStream(), { direction: 'backwards' }],
    ])('%s: no events', async (_, name, options) => {
      expect(await readStream(current.reader, name, options)).toEqual([]);
    });

    test('in pages', async () => {
      const pages = await Array.fromAsync(current.reader.readStream(stream));
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.every((page) => page.length > 0)).toBe(true);
    });
  });

  describe('reading the whole log', () => {
    const category = uniqueCategory();
    let written: StoredEvent[] = [];
    let before = 0n;
    beforeAll(async () => {
      before = await current.journal.head();
      // One small stream of 20 events among 118 of 10.
      await Promise.all(
        Array.from({ length: 1_200 }, (_, i) => {
          const one = (): ReturnType<typeof event> => event({ type: TYPES[i % 3] ?? '' });
          const [name, nth] =
            i % 60 === 0 ? [`few_${i % 2 ? 'b' : 'a'}`, i / 60] : [`many${i % 120}`, Math.floor(i / 120)];
          const expected = nth === 0 ? ('no_stream' as const) : nth - 1;
          return current.journal.append(`${category}${name}-1`, expected, [one()]);
        }),
      );
      written = await readAll(current.reader, { after: before, filter: { streamPrefixes: [category] } });
    });

    test('gives every event once, in the order of positions and, within a stream, of revisions', () => {
      expect(written).toHaveLength(1_200);
      const revisions = new Map<string, number>();
      written.forEach((one, i) => {
        expect(one.position > (written[i - 1]?.position ?? before)).toBe(true);
        expect(one.revision).toBe((revisions.get(one.stream) ?? -1) + 1);
        revisions.set(one.stream, one.revision);
      });
    });

    test('without a filter, those events are among all, in the same order', async () => {
      const all = await readAll(current.reader, { after: before });
      expect(all.filter(({ stream }) => stream.startsWith(category))).toEqual(written);
    });

    test('begins strictly after a position and ends with one', async () => {
      const after = written[100]?.position ?? 0n;
      const upTo = written[900]?.position ?? 0n;
      const filter = { streamPrefixes: [category] };
      expect(await readAll(current.reader, { after, upTo, filter })).toEqual(written.slice(101, 901));
      expect(await readAll(current.reader, { after: upTo, upTo, filter })).toEqual([]);
    });

    test.each<readonly [string, Filter, (one: StoredEvent) => boolean]>([
      ['a rare prefix', { streamPrefixes: [`${category}few`] }, ({ stream }) => stream.includes('few')],
      [
        'two prefixes, one of them inside the other',
        { streamPrefixes: [`${category}many1`, `${category}many11`] },
        ({ stream }) => stream.includes('many1'),
      ],
      ['a type', { streamPrefixes: [category], types: ['Approved'] }, ({ type }) => type === 'Approved'],
      [
        'types and a prefix, both of them',
        { streamPrefixes: [`${category}many2`], types: ['Opened', 'Closed'] },
        ({ stream, type }) => stream.includes('many2') && type !== 'Approved',
      ],
      ['a type that nothing has', { streamPrefixes: [category], types: ['Never'] }, () => false],
      ['a prefix that nothing has', { streamPrefixes: [`${category}none`] }, () => false],
    ])('filtered by %s', async (_, filter, matches) => {
      const all = await readPages(current.reader, { after: before, filter });
      expect(all.flatMap(({ events }) => events)).toEqual(written.filter(matches));
      // How far the log was read is said also where nothing matched.
      expect((all.at(-1)?.position ?? 0n) >= (written.at(-1)?.position ?? 1n)).toBe(true);
    });

    test('page after page, positions never fall behind the events', async () => {
      const all = await readPages(current.reader, { after: before, filter: { streamPrefixes: [category] } });
      let last = before;
      for (const { events, position } of all) {
        expect(events.every((one) => one.position > last && one.position <= position)).toBe(true);
        last = position;
      }
    });

    test('a reading that begins at the position of a page goes on without loss or repeat', async () => {
      const filter = { streamPrefixes: [category], types: ['Closed'] };
      const rest: StoredEvent[] = [];
      for await (const page of current.reader.readAll({ after: before, filter })) {
        expect([...page.events, ...(await readAll(current.reader, { after: page.position, filter }))]).toEqual(
          written.filter(({ type }) => type === 'Closed').slice(rest.length),
        );
        rest.push(...page.events);
      }
    });

    test('ends at the head of when it began', async () => {
      const stream = uniqueStream();
      const stored: StoredEvent[] = [];
      for await (const page of current.reader.readAll({ after: before })) {
        stored.push(...page.events);
        await current.journal.append(stream, stored.some((one) => one.stream === stream) ? 0 : 'no_stream', [
          event({ seed: stream }),
        ]);
      }
      expect(stored.some((one) => one.stream === stream)).toBe(false);
    });

    test.each<Filter>([{ streamPrefixes: [] }, { types: [] }])('filter %j is refused', (filter) => {
      expect(() => current.reader.readAll({ filter })).toThrow(RangeError);
    });

    test('the event at a position', async () => {
      for (const one of [written[0], written[777]]) {
        expect(await current.reader.eventAt(one?.position ?? 0n)).toEqual(one);
      }
      const beyond = (await current.reader.head()) + 1_000_000n;
      expect(await current.reader.eventAt(0n)).toBeUndefined();
      expect(await current.reader.eventAt(beyond)).toBeUndefined();
    });

    test('the head is the position of the last append', async () => {
      const { position } = await current.journal.append(uniqueStream(), 'no_stream', events(3));
      expect((await current.reader.head()) >= position).toBe(true);
    });
  });
}
