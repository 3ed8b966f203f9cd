// canonicalJson.test.ts: equal values give equal texts, and the text reads back as the value.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonicalJson.ts';

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

describe('canonical JSON', () => {
  test('sorts keys at every depth and leaves lists alone', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: 'x"' }], a: null, B: true })).toBe(
      '{"B":true,"a":null,"b":[2,{"c":"x\\"","d":1}]}',
    );
  });

  test('is the same for the same value in another order, and only for that', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(a)));
        expect(canonicalJson(shuffled(a))).toBe(canonicalJson(a));
        if (canonicalJson(a) === canonicalJson(b))
          expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(b)));
      }),
    );
  });
});
