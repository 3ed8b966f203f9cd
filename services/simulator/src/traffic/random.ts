// random.ts: seeded randomness: the same seed and path give the same numbers on every machine.

export type Random = {
  /** In [0, 1), 32 bits. */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  chance(probability: number): boolean;
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** One item, each as likely as its `share` of the sum of shares. */
  weighted<Item extends { readonly share: number }>(items: readonly Item[]): Item;
  /** Log-normal: half of the values lie below `median`; `sigma` is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
  digits(count: number): string;
  /** `count` characters of `alphabet`. */
  text(count: number, alphabet: string): string;
};

/**
 * A generator for one purpose. `path` says which: `randomOf(seed, 1, 7)` never depends on how many numbers were drawn
 * elsewhere, so the seventh authorization is the same however the answers came. Generator: xoshiro128** (Blackman and
 * Vigna, 2018), its state filled by splitmix32.
 */
export function randomOf(seed: number, ...path: readonly number[]): Random {
  let mixed = splitmix32(seed >>> 0);
  for (const part of path) mixed = splitmix32((mixed ^ Math.imul(part + 1, 0x9e3779b1)) >>> 0);
  let a = splitmix32(mixed);
  let b = splitmix32(a);
  let c = splitmix32(b);
  // xoshiro must not begin with all zeros.
  let d = splitmix32(c) | 1;

  const next = () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result / 0x1_0000_0000;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const text = (count: number, alphabet: string) =>
    Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join('');

  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (low, high) => low + (high - low) * next(),
    pick: (items) => required(items[below(items.length)]),
    weighted: (items) => {
      let rest = next() * items.reduce((sum, item) => sum + item.share, 0);
      for (const item of items) {
        rest -= item.share;
        if (rest < 0) return item;
      }
      return required(items.at(-1));
    },
    logNormal: (median, sigma) => {
      // Box and Muller; 1 − next() is never zero, so the logarithm is finite.
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    digits: (count) => text(count, '0123456789'),
    text,
  };
}

function splitmix32(state: number): number {
  let z = (state + 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function required<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}
