// seen.ts: a set of texts that keeps 8 bytes of each, so that a million commands need little memory.

const FIRST_CAPACITY = 1 << 12;

/**
 * Says of a text whether one with the same 64-bit hash was added before. Two different texts share a hash about once
 * in 10^5 logs of ten million commands, so whoever acts on `true` must look again.
 */
export function createSeen(): { add(text: string): boolean; readonly size: number } {
  let slots = new BigUint64Array(FIRST_CAPACITY);
  let size = 0;

  /** Linear probing; zero means free. */
  function place(into: BigUint64Array, hash: bigint): boolean {
    const mask = into.length - 1;
    for (let at = Number(hash & 0xffff_ffffn) & mask; ; at = (at + 1) & mask) {
      const held = into[at];
      if (held === hash) return true;
      if (held === 0n) {
        into[at] = hash;
        return false;
      }
    }
  }

  return {
    add(text) {
      if (size * 2 >= slots.length) {
        const larger = new BigUint64Array(slots.length * 2);
        for (const hash of slots) if (hash !== 0n) place(larger, hash);
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

/** Two interleaved 32-bit multiplicative hashes over UTF-16 units (cyrb53's mixing, all 64 bits kept); never zero. */
function hashOf(text: string): bigint {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (BigInt(b >>> 0) << 32n) | BigInt(a >>> 0) || 1n;
}
