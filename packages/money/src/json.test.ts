import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMinor, encodeMinor, MAX_DIGITS, toApiInteger } from './json.ts';

const MAX = 2n ** 53n - 1n;

describe('minor units in an event', () => {
  test('come back exactly, however many', () => {
    const most = 10n ** BigInt(MAX_DIGITS) - 1n;
    fc.assert(
      fc.property(
        fc.bigInt({ min: -most, max: most }),
        (minor) => decodeMinor(JSON.parse(JSON.stringify(encodeMinor(minor)))) === minor,
      ),
    );
    for (const minor of [0n, 1n, -1n, MAX, MAX + 1n, MAX + 2n, -MAX - 2n, 2n ** 64n, most, -most]) {
      expect(decodeMinor(encodeMinor(minor))).toBe(minor);
    }
  });

  test.each(['', ' ', '-', '-0', '00', '01', '+1', '1.0', '1e3', '0x10', '1n', ' 1', '1 ', '１', '1_000', 'NaN'])(
    '"%s" is refused',
    (text) => expect(() => decodeMinor(text)).toThrow(SyntaxError),
  );

  test(`of ${MAX_DIGITS} digits are read, of one more are refused`, () => {
    expect(decodeMinor('9'.repeat(MAX_DIGITS))).toBe(10n ** BigInt(MAX_DIGITS) - 1n);
    expect(() => decodeMinor('9'.repeat(MAX_DIGITS + 1))).toThrow(SyntaxError);
    expect(() => encodeMinor(10n ** BigInt(MAX_DIGITS))).toThrow(RangeError);
    expect(() => encodeMinor(-(10n ** BigInt(MAX_DIGITS)))).toThrow(RangeError);
  });
});

describe('minor units in the API', () => {
  test.each([0n, 1n, -1n, MAX, -MAX])('%d is an exact integer', (minor) => {
    expect(BigInt(toApiInteger(minor))).toBe(minor);
    expect(JSON.parse(JSON.stringify(toApiInteger(minor)))).toBe(Number(minor));
  });

  test('zero has no sign', () => expect(Object.is(toApiInteger(0n), 0)).toBe(true));

  test.each([MAX + 1n, MAX + 2n, -MAX - 1n, -MAX - 2n, 10n ** 30n])('%d is refused', (minor) => {
    expect(() => toApiInteger(minor)).toThrow(RangeError);
  });
});
