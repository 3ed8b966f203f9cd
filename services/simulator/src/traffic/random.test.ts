import { describe, expect, test } from 'vitest';
import { randomOf } from './random.ts';

const draws = (seed: number, ...path: number[]) => {
  const random = randomOf(seed, ...path);
  return Array.from({ length: 100 }, () => random.next());
};

describe('seeded randomness', () => {
  test('gives the same numbers for the same seed and path', () => {
    expect(draws(42, 1, 7)).toEqual(draws(42, 1, 7));
  });

  test.each([
    ['another seed', [43, 1, 7]],
    ['another purchase', [42, 1, 8]],
    ['another purpose', [42, 0, 7]],
    ['a longer path', [42, 1, 7, 0]],
    ['a shorter path', [42, 1]],
  ] as const)('gives other numbers for %s', (_case, [seed, ...path]) => {
    expect(draws(seed, ...path)).not.toEqual(draws(42, 1, 7));
  });

  test('never changes: a seed in a bug report sends the same purchases next year', () => {
    expect(
      draws(1)
        .slice(0, 3)
        .map((value) => value * 2 ** 32),
    ).toMatchInlineSnapshot(`
      [
        3915505223,
        738585492,
        2771395972,
      ]
    `);
  });

  test('is spread evenly, also over the first numbers of neighbouring purchases', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let n = 0; n < 20_000; n += 1) {
      const tenth = Math.floor(randomOf(9, 1, n).next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(250);
  });

  test('chooses by share', () => {
    const random = randomOf(5);
    const items = [
      { name: 'often', share: 900 },
      { name: 'never', share: 0 },
      { name: 'seldom', share: 100 },
    ];
    const counts = { often: 0, never: 0, seldom: 0 };
    for (let n = 0; n < 10_000; n += 1) {
      const { name } = random.weighted(items);
      if (name === 'often' || name === 'never' || name === 'seldom') counts[name] += 1;
    }
    expect(counts.never).toBe(0);
    expect(Math.abs(counts.seldom - 1_000)).toBeLessThan(150);
  });

  test('draws log-normal values of which half lie below the median', () => {
    const random = randomOf(6);
    const values = Array.from({ length: 10_000 }, () => random.logNormal(30, 0.8));
    expect(Math.abs(values.filter((value) => value < 30).length - 5_000)).toBeLessThan(250);
    expect(values.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
  });

  test('refuses to choose from nothing', () => {
    expect(() => randomOf(1).pick([])).toThrow(RangeError);
    expect(() => randomOf(1).weighted([])).toThrow(RangeError);
  });
});
