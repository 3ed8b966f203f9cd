// sqliteAccountIndexKey.ts: the number under which a key is stored.

import { hash } from 'node:crypto';

/**
 * The first 64 bits of the key's SHA-256, signed as SQLite's integers are. Two keys of one stream may share it: among a
 * million keys that happens once in 37 million streams (10^12 / 2 pairs / 2^64), and costs a look at one more event. A
 * weaker hash would let a sender choose message ids that all lead to the same number.
 */
export function keyNumber(key: string): bigint {
  // A digest as a text costs half of one as a buffer.
  digest.write(hash('sha256', key, 'binary'), 'latin1');
  return digest.readBigInt64BE(0);
}
const digest = Buffer.alloc(32);
