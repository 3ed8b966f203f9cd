// hash.ts: a 53-bit hash of a text, for tables that keep no texts.

/** Two interleaved 32-bit multiplicative hashes over UTF-16 units (cyrb53): an integer that a double holds; never zero. */
export function hashOf(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b >>> 11) * 0x1_0000_0000 + (a >>> 0) || 1;
}

/** Where a hash belongs in a table of `mask` + 1 slots, a power of two: its lowest bits. */
export function slotOf(hash: number, mask: number): number {
  return (hash | 0) & mask;
}
