import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextMap } from './textMap.ts';

type Value = { readonly of: number };

function msToGoThrough(map: TextMap<string, Value>): number {
  const begun = performance.now();
  for (let times = 0; times < 1_000; times++) for (const value of map.values()) if (value.of < 0) return Number.NaN;
  return performance.now() - begun;
}

describe('a map of texts', () => {
  const key = fc.nat({ max: 60 }).map((n) => `key ${n}`);
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constant('set' as const), key) },
    { weight: 10, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('delete all of' as const), fc.nat({ max: 3 })) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const)) },
  );

  test('is what a Map is, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { size: '+2' }), (steps) => {
        const map = new TextMap<string, Value>();
        const model = new Map<string, Value>();
        for (const [of, each] of steps.entries()) {
          switch (each[0]) {
            case 'set':
              map.set(each[1], { of });
              model.set(each[1], { of });
              break;
            case 'delete':
              expect(map.delete(each[1])).toBe(model.delete(each[1]));
              break;
            case 'delete all of':
              // As what leaves memory does: while it is gone through.
              for (const [name, value] of map) if (value.of % 4 >= each[1]) map.delete(name);
              for (const [name, value] of model) if (value.of % 4 >= each[1]) model.delete(name);
              break;
            default:
              map.clear();
              model.clear();
          }
          expect(map.size).toBe(model.size);
        }
        for (let n = 0; n <= 60; n++) {
          expect(map.get(`key ${n}`)).toEqual(model.get(`key ${n}`));
          expect(map.has(`key ${n}`)).toBe(model.has(`key ${n}`));
        }
        const byKey = (entries: Iterable<readonly [string, Value]>) =>
          [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(byKey(map)).toEqual(byKey(model));
        expect([...map.values()]).toEqual([...map].map(([, value]) => value));
      }),
      { numRuns: 200 },
    );
  });

  test('goes through what it has in the order in which it was first set', () => {
    const map = new TextMap<string, Value>();
    const names = Array.from({ length: 1_000 }, (_, of) => `key ${of}`);
    for (const [of, name] of names.entries()) map.set(name, { of });
    map.set('key 7', { of: -1 });
    expect([...map].map(([name]) => name)).toEqual(names);
    expect(map.get('key 7')).toEqual({ of: -1 });
  });

  test('tells apart two texts of the same hash', () => {
    const map = new TextMap<string, Value>();
    for (let of = 0; of < 20; of++) map.set(`key ${of}`, { of });
    map.set('costarring', { of: 100 });
    expect(map.has('liquid')).toBe(false);
    map.set('liquid', { of: 101 });
    expect([map.get('costarring'), map.get('liquid')]).toEqual([{ of: 100 }, { of: 101 }]);
    map.delete('liquid');
    expect([map.get('costarring'), map.get('liquid')]).toEqual([{ of: 100 }, undefined]);
  });

  test('that is added to and taken from for ever stays as large as what it has', () => {
    const map = new TextMap<string, Value>();
    for (let of = 0; of < 100_000; of++) {
      map.set(`key ${of}`, { of });
      map.delete(`key ${of - 100}`);
    }
    const fresh = new TextMap<string, Value>();
    for (const [name, value] of map) fresh.set(name, value);
    expect([...map]).toEqual([...fresh]);
    expect(map.size).toBe(100);
    // With a hundred thousand empty places it would be a thousand times as long.
    expect(msToGoThrough(map)).toBeLessThan(50 * msToGoThrough(fresh) + 50);
  });
});
