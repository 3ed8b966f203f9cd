// indexKeys.test.ts: what goes in comes out again, in order, whatever the texts and however many.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IndexKeys, KEY_LENGTH_MOST } from './indexKeys.ts';

const key = fc.string({ unit: 'grapheme', maxLength: 60 });
const entries = fc.array(
  fc.tuple(fc.array(key, { maxLength: 8 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  { maxLength: 100 },
);

describe('keys of an index write', () => {
  test('come out as they went in, with the newest revision, in a piece of memory of their own', () => {
    fc.assert(
      fc.property(entries, (added) => {
        const keys = new IndexKeys();
        for (const [of, revision] of added) keys.add(of, revision);
        const pairs = added.flatMap(([of, revision]) => of.map((key) => [key, revision]));
        expect([...keys]).toEqual(pairs);
        expect(keys.newest).toBe(Math.max(-1, ...pairs.map(([, revision]) => Number(revision))));
        expect(keys.toBytes().buffer.byteLength).toBe(keys.byteLength);
      }),
    );
  });

  test('a key has up to 65,535 characters, of any kind', () => {
    const longest = '€'.repeat(KEY_LENGTH_MOST);
    expect([...IndexKeys.of(['a', 1], [longest, 2], ['b', 3])]).toEqual([
      ['a', 1],
      [longest, 2],
      ['b', 3],
    ]);
    expect(() => IndexKeys.of([`${longest}x`, 2])).toThrow(RangeError);
  });

  test('what was handed out is not changed by what is added later', () => {
    const keys = IndexKeys.of(['a', 1]);
    const bytes = keys.toBytes();
    keys.add(['b'], 2);
    expect([...IndexKeys.read(bytes)]).toEqual([['a', 1]]);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%s is no revision', (revision) => {
    expect(() => IndexKeys.of(['a', revision])).toThrow(RangeError);
  });
});
