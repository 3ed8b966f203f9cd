// vault.test.ts: generated numbers and fingerprints, and what the key gives away.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { luhnValid } from './luhn.ts';
import { InvalidVaultKey, openVault, TEST_BIN, VAULT_LIMITS } from './vault.ts';

const key = new Uint8Array(32).fill(7);
const vault = openVault({ key });
const command = fc.string({ maxLength: 40 });
const attempt = fc.nat({ max: VAULT_LIMITS.attempts - 1 });

describe('a generated number', () => {
  test('has 16 digits under the BIN, passes the Luhn check, and comes again for the same command', () => {
    const bins = fc.stringMatching(/^[0-9]{6,8}$/);
    fc.assert(
      fc.property(bins, command, attempt, (bin, commandId, n) => {
        const generated = openVault({ key, bin }).generate(commandId, n);
        expect(generated.number).toMatch(/^[0-9]{16}$/);
        expect(generated.number.startsWith(bin)).toBe(true);
        expect(luhnValid(generated.number)).toBe(true);
        expect(generated).toEqual({ number: generated.number, bin, last4: generated.number.slice(12) });
        expect(openVault({ key, bin }).generate(commandId, n)).toEqual(generated);
      }),
      { numRuns: 50 },
    );
  });

  test('differs from command to command, from attempt to attempt and from key to key', () => {
    const other = openVault({ key: new Uint8Array(32).fill(8) });
    const numbers = new Set<string>();
    for (let i = 0; i < 300; i++) {
      numbers.add(vault.generate(`command-${i}`, 0).number);
      numbers.add(vault.generate(`command-${i}`, 1).number);
      numbers.add(other.generate(`command-${i}`, 0).number);
    }
    expect(numbers.size).toBe(900); // of 10^9: a collision of these 900 would come once in 2,500 keys
  });

  test('spreads over all that the BIN has: every digit at every free place', () => {
    const seen = Array.from({ length: 16 }, () => new Set<string>());
    for (let i = 0; i < 500; i++) {
      [...vault.generate(`command-${i}`, 0).number].forEach((digit, place) => {
        seen[place]?.add(digit);
      });
    }
    expect(seen.slice(TEST_BIN.length).map((digits) => digits.size)).toEqual(Array(10).fill(10));
  });

  test.each([-1, 0.5, VAULT_LIMITS.attempts, Number.NaN])('attempt %s is refused', (n) => {
    expect(() => vault.generate('command', n)).toThrow(RangeError);
  });
});

describe('a fingerprint', () => {
  const hex = (number: string) => Buffer.from(vault.fingerprint(number)).toString('hex');

  test('is 16 bytes, equal exactly for equal numbers', () => {
    const number = fc.stringMatching(/^[0-9]{12,19}$/);
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(vault.fingerprint(a)).toHaveLength(16);
        expect(hex(a) === hex(b)).toBe(a === b);
        expect(hex(a)).toBe(hex(a));
      }),
    );
  });

  test('is another one under another key', () => {
    const other = openVault({ key: new Uint8Array(32).fill(8) });
    expect(other.fingerprint('4761739001010119')).not.toEqual(vault.fingerprint('4761739001010119'));
    expect(other.keyId).not.toBe(vault.keyId);
  });

  test.each(['', '4761 7390', '476173900101011９', '1'.repeat(20)])('of %j is refused without naming it', (number) => {
    expect(() => vault.fingerprint(number)).toThrow('a card number is 1 to 19 ASCII digits');
  });
});

describe('the key', () => {
  test('is named by an id that shares nothing with it', () => {
    for (let i = 0; i < 100; i++) {
      const random = randomBytes(32);
      const id = Buffer.from(openVault({ key: random }).keyId, 'base64url');
      expect(id).toHaveLength(8);
      for (let at = 0; at + 3 <= id.length; at++) expect(random.includes(id.subarray(at, at + 4))).toBe(false);
    }
  });

  test('needs 32 bytes, and the error does not show it', () => {
    expect(() => openVault({ key: key.subarray(1) })).toThrow(
      new InvalidVaultKey('the vault key has 31 bytes; it needs at least 32'),
    );
    expect(openVault({ key: new Uint8Array(64) }).bin).toBe(TEST_BIN);
  });

  test.each(['99999', '999999999', '99999a', ''])('with BIN %j is refused', (bin) => {
    expect(() => openVault({ key, bin })).toThrow(InvalidVaultKey);
  });
});
