// luhn.test.ts: the check digit against known numbers and against the errors that it exists to catch.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { luhnCheckDigit, luhnValid } from './luhn.ts';

describe('the Luhn check', () => {
  test.each([
    ['4761739001010119', true],
    ['4111111111111111', true],
    ['378282246310005', true], // 15 digits
    ['18', true],
    ['4761739001010118', false],
    ['4761739001010191', false], // two digits swapped
    ['0', false],
    ['', false],
    ['476173900101011９', false], // a fullwidth digit
    ['4761 7390 0101 0119', false],
  ])('of %s is %s', (number, valid) => {
    expect(luhnValid(number)).toBe(valid);
  });

  test('one changed digit is always noticed', () => {
    const digits = fc.stringMatching(/^[0-9]{1,18}$/);
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (payload, at, change) => {
        const number = payload + luhnCheckDigit(payload);
        const i = at % number.length;
        const changed = number.slice(0, i) + ((Number(number[i]) + change) % 10) + number.slice(i + 1);
        expect([luhnValid(number), luhnValid(changed)]).toEqual([true, false]);
      }),
    );
  });
});
