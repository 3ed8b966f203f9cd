// random.ts: numbers that look random and are the same again from the same seed.

export type Random = {
  /** A whole number from 0, below `n`. */
  below(n: number): number;
  chance(probability: number): boolean;
  /** Throws `RangeError` for an empty list. */
  pick<Item>(items: readonly Item[]): Item;
  fill(bytes: Uint8Array): void;
};

/** Mulberry32. Another `purpose` gives another sequence, so that one can be drawn from more without moving the others. */
export function randomFrom(seed: number, purpose: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b)) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    fill: (bytes) => {
      for (let at = 0; at < bytes.length; at++) bytes[at] = below(256);
    },
  };
}
