// idempotencyKey.test.ts: 1 to 255 visible ASCII characters.

import { describe, expect, test } from 'vitest';
import { idempotencyKeyOf } from './idempotencyKey.ts';

describe('the Idempotency-Key', () => {
  test.each(['k', '5a1e7c4e-6c39-4c0e-8f3b-0f6a1d2b3c4d', '!~"#', 'k'.repeat(255)])('%.40s is taken', (key) => {
    expect(idempotencyKeyOf({ 'idempotency-key': key })).toBe(key);
  });

  test.each([
    [undefined, 'idempotency_key_missing'],
    ['', 'idempotency_key_invalid'],
    ['k'.repeat(256), 'idempotency_key_invalid'],
    ['a b', 'idempotency_key_invalid'],
    ['a, a', 'idempotency_key_invalid'],
    ['é', 'idempotency_key_invalid'],
    ['a\u007f', 'idempotency_key_invalid'],
  ])('%.40s is refused: %s', (key, code) => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    expect(() => idempotencyKeyOf(headers)).toThrow(expect.objectContaining({ code }));
  });
});
