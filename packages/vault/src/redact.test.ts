// redact.test.ts: no spelling of a card number survives, and ordinary text does.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeCardNumber, maskNumber, redact } from './redact.ts';
import { openVault } from './vault.ts';

const vault = openVault({ key: new Uint8Array(32).fill(7) });

describe('redacting', () => {
  test.each([
    ['card 4761739001010119 declined', 'card ************0119 declined'],
    ['4761 7390 0101 0119', '************0119'],
    ['4761-7390-0101-0119.', '************0119.'],
    ['4761\u20137390\u00a00101 0119', '************0119'],
    ['{"number":"4761739001010119"}', '{"number":"************0119"}'],
    [';4761739001010119=28112011?', ';************0119=28112011?'],
    ['order 12 4761 7390 0101 0119', 'order 12 ************0119'],
    ['4761739001010119 4111111111111111', '************0119 ************1111'],
    ['4761739001010119 7', '************0119 7'],
    ['of 630112000124 (12 digits)', 'of ********0124 (12 digits)'],
    ['6304000000000000109 (19 digits)', '***************0109 (19 digits)'],
  ])('%j reads %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    '',
    'amount 4000 EUR at 2026-03-01T12:00:00.000Z',
    '4761739001010118', // fails the check
    '18 18', // passes it, but is too short
    '47617390010', // 11 digits
    '63040000000000001097531', // 23 digits: an acquirer reference number
    'acct_01jd7q5x7fe0r9v2k3m4n5p6q7',
  ])('%j stays as it is', (text) => {
    expect(redact(text)).toBe(text);
    expect(looksLikeCardNumber(text)).toBe(false);
  });

  test('a generated number is found in any text and grouping, and redacting twice changes nothing', () => {
    const text = fc.string().map((around) => around.replace(/[0-9]/g, '#'));
    const separator = fc.constantFrom('', ' ', '-', '\u00a0');
    fc.assert(
      fc.property(text, text, separator, fc.string(), (before, after, between, command) => {
        const { number, last4 } = vault.generate(command, 0);
        const spelled = number.match(/..../g)?.join(between) ?? '';
        const redacted = redact(before + spelled + after);
        expect(redacted).toBe(`${before}************${last4}${after}`);
        expect(redact(redacted)).toBe(redacted);
      }),
    );
  });

  test('a mask shows the last four digits, and none of a short number', () => {
    expect(maskNumber('4761739001010119')).toBe('************0119');
    expect(maskNumber('1234567')).toBe('*******');
  });
});
