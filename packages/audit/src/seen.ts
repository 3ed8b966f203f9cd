// seen.ts: a set of texts that keeps 8 bytes of each, so that a million commands need little memory.

import { hashOf, slotOf } from './hash.ts';

export type Seen = { add(text: string): boolean; readonly size: number };

const FIRST_CAPACITY = 1 << 12;

/**
 * Says of a text whether one with the same 53-bit hash was added before. Two different texts share a hash about once
 * in 200 logs of ten million commands, so whoever acts on `true` must look again.
 */
export function createSeen(): Seen {
  let slots = new Float64Array(FIRST_CAPACITY);
  let size = 0;

  /** Linear probing; zero means free. */
  function place(into: Float64Array, hash: number): boolean {
    const mask = into.length - 1;
    for (let at = slotOf(hash, mask); ; at = (at + 1) & mask) {
      const held = into[at];
      if (held === hash) return true;
      if (held === 0) {
        into[at] = hash;
        return false;
      }
    }
  }

  return {
    add(text) {
      if (size * 2 >= slots.length) {
        const larger = new Float64Array(slots.length * 2);
        for (const hash of slots) if (hash !== 0) place(larger, hash);
        slots = larger;
      }
      const known = place(slots, hashOf(text));
      if (!known) size += 1;
      return known;
    },
    get size() {
      return size;
    },
  };
}
