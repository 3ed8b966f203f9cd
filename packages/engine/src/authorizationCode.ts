// authorizationCode.ts: six random characters that tell one approval from another at the merchant's desk.

/** Without 0, O, 1 and I, which people confuse. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 6;

/** `fill` puts random bytes into the array that it is given. Bytes are drawn for many codes at a time. */
export function authorizationCodes(fill: (bytes: Uint8Array) => void): () => string {
  const pool = new Uint8Array(LENGTH * 512);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      fill(pool);
      at = 0;
    }
    let code = '';
    for (const end = at + LENGTH; at < end; at++) code += ALPHABET[(pool[at] ?? 0) & 31];
    return code;
  };
}
