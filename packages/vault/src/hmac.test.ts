// hmac.test.ts: the same as Node's HMAC.

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacSha256 } from './hmac.ts';

describe('HMAC-SHA256', () => {
  test('of test case 2 of RFC 4231', () => {
    const hmac = hmacSha256(Buffer.from('Jefe'), 64);
    expect(hmac('what do ya want for nothing?').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  test('is what createHmac computes, for texts of any length one after the other', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(ascii, { minLength: 1 }), (key, texts) => {
        const hmac = hmacSha256(key, 40);
        for (const text of texts) expect(hmac(text)).toEqual(createHmac('sha256', key).update(text).digest());
      }),
    );
  });

  test('has room for so much and no more', () => {
    expect(() => hmacSha256(new Uint8Array(65), 8)).toThrow(RangeError);
    expect(() => hmacSha256(new Uint8Array(32), 8)('123456789')).toThrow(RangeError);
  });
});
