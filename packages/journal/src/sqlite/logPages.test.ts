import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILTER_LIMIT } from '../checkRead.ts';
import { event, readAll, readPages } from '../contract/subject.ts';
import type { Filter, Journal, StoredEvent } from '../journal.ts';
import { openSqliteJournal } from './journal.ts';

const LENGTH = 24_000;
// Of 24,000 events, 1,200 (one in twenty) are of four rare streams; the others are of 2,000 common ones.
const RARE = 1_200;

describe('a filter on a log of 24,000 events', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-journal-'));
  let journal: Journal;
  let all: StoredEvent[] = [];

  beforeAll(async () => {
    journal = await openSqliteJournal({ directory });
    const revisions = new Map<string, number>();
    await Promise.all(
      Array.from({ length: LENGTH }, (_, i) => {
        const nth = Math.floor(i / (LENGTH / RARE));
        const stream = i % (LENGTH / RARE) === 3 ? `rare${nth % 4}-${nth % 4}` : `common-${i % 2_000}`;
        const revision = revisions.get(stream) ?? -1;
        revisions.set(stream, revision + 1);
        const type = i % 3 === 0 ? 'Third' : 'Other';
        return journal.append(stream, revision < 0 ? 'no_stream' : revision, [event({ type, data: `${i}` })]);
      }),
    );
    all = await readAll(journal, {});
  });
  afterAll(async () => {
    await journal.close();
    rmSync(directory, { recursive: true });
  });

  const inStream =
    (...prefixes: string[]) =>
    (one: StoredEvent) =>
      prefixes.some((prefix) => one.stream.startsWith(prefix));
  const ofType = (type: string) => (one: StoredEvent) => one.type === type;

  test.each<readonly [string, Filter, (one: StoredEvent) => boolean, 'streams' | 'scan']>([
    // filter on,                  filter,                                       which match,                    read through
    ['one rare stream', { streamPrefixes: ['rare1-'] }, inStream('rare1-'), 'streams'],
    ['all rare streams', { streamPrefixes: ['rare'] }, inStream('rare'), 'streams'],
    ['two prefixes', { streamPrefixes: ['rare3', 'rare0'] }, inStream('rare0', 'rare3'), 'streams'],
    ['a whole name', { streamPrefixes: ['common-7'] }, inStream('common-7'), 'scan'],
    ['one common stream', { streamPrefixes: ['common-77'] }, inStream('common-77'), 'streams'],
    [
      'a rare stream and a type',
      { streamPrefixes: ['rare'], types: ['Third'] },
      (one) => inStream('rare')(one) && ofType('Third')(one),
      'streams',
    ],
    ['no stream', { streamPrefixes: ['missing'] }, () => false, 'streams'],
    ['every stream', { streamPrefixes: [''] }, () => true, 'scan'],
    ['most streams', { streamPrefixes: ['common', 'nothing'] }, inStream('common'), 'scan'],
    ['a type', { types: ['Third'] }, ofType('Third'), 'scan'],
    ['a type that nothing has', { types: ['Missing'] }, () => false, 'scan'],
    [
      'a type in most streams',
      { streamPrefixes: ['common'], types: ['Third', 'Missing'] },
      (one) => inStream('common')(one) && ofType('Third')(one),
      'scan',
    ],
  ])('%s gives what matches, in log order', async (_, filter, matches, way) => {
    const pages = await readPages(journal, { filter });
    const expected = all.filter(matches);
    expect(pages.flatMap(({ events }) => events)).toEqual(expected);
    expect(pages.at(-1)?.position).toBe(BigInt(LENGTH));
    const positions = pages.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(positions).size).toBe(pages.length);
    // A scan stops every 5,000 positions; reading only the streams has no page without one of their events.
    const streamsOnly = all.filter((one) =>
      filter.streamPrefixes?.some((prefix) => one.stream.startsWith(prefix)),
    ).length;
    if (way === 'streams') expect(pages.length).toBe(Math.max(1, Math.ceil(streamsOnly / 500)));
    else expect(pages.length).toBeGreaterThanOrEqual(Math.max(LENGTH / 5_000, Math.floor(expected.length / 500)));

    const after = 2_500n;
    const upTo = 22_345n;
    const part = await readAll(journal, { after, upTo, filter });
    expect(part).toEqual(expected.filter(({ position }) => position > after && position <= upTo));
  });

  test('takes as many prefixes as it says, and refuses one more', async () => {
    const prefixes = Array.from({ length: FILTER_LIMIT }, (_, i) => `common-${i + 1_000}`);
    const found = await readAll(journal, { filter: { streamPrefixes: prefixes } });
    expect(found).toEqual(all.filter(inStream(...prefixes)));
    expect(() => journal.readAll({ filter: { streamPrefixes: [...prefixes, 'one-'] } })).toThrow(RangeError);
    expect(() =>
      journal.subscribe({ after: 0n, filter: { types: Array(FILTER_LIMIT + 1).fill('T') }, onPage: () => {} }),
    ).toThrow(RangeError);
  });
});
