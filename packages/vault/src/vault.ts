// vault.ts: card numbers without keeping them: made from a key and a command, found again by a keyed fingerprint.

import { createHmac, hkdfSync } from 'node:crypto';
import { hmacSha256 } from './hmac.ts';
import { luhnCheckDigit } from './luhn.ts';

/**
 * ISO/IEC 7812-1: a number that begins with 9 is assigned by the standards body of the country whose ISO 3166-1 numeric
 * code follows, and 900–999 are codes that ISO 3166 leaves to its users. So 9 999 99 belongs to no country, no network
 * and no issuer: nothing that this BIN produces can be somebody's card.
 */
export const TEST_BIN = '999999';

export const VAULT_LIMITS = {
  /** Of a key, at least. */
  keyBytes: 32,
  /** Of a number that is made, and of one that is fingerprinted, at most (ISO/IEC 7812-1). */
  numberDigits: 16,
  numberLength: 19,
  fingerprintBytes: 16,
  attempts: 1_000,
} as const;

const CARD_NUMBER = /^[0-9]{1,19}$/;

export type GeneratedNumber = { readonly number: string; readonly bin: string; readonly last4: string };

export type Vault = {
  /** Names the key without giving it away: 11 characters of base64url. Events keep it beside what was fingerprinted. */
  readonly keyId: string;
  readonly bin: string;
  /** 16 bytes, equal for equal numbers, and of no use to anyone without the key. `number` is 1 to 19 ASCII digits. */
  fingerprint(number: string): Uint8Array;
  /**
   * A Luhn-valid number of 16 digits under the BIN. The same command and attempt give the same number, so an answer
   * can be given again although the number is stored nowhere. `attempt` counts from 0: the next one is for when a
   * number is taken.
   */
  generate(commandId: string, attempt: number): GeneratedNumber;
};

/** Throws `InvalidVaultKey` for a key below 32 bytes or a BIN that is not 6 to 8 digits. */
export function openVault({ key, bin = TEST_BIN }: { readonly key: Uint8Array; readonly bin?: string }): Vault {
  if (key.byteLength < VAULT_LIMITS.keyBytes) {
    throw new InvalidVaultKey(`the vault key has ${key.byteLength} bytes; it needs at least ${VAULT_LIMITS.keyBytes}`);
  }
  if (!/^[0-9]{6,8}$/.test(bin)) throw new InvalidVaultKey('a BIN is 6 to 8 digits');

  const fingerprintOf = hmacSha256(subkey(key, 'fingerprint'), VAULT_LIMITS.numberLength);
  const numberKey = subkey(key, 'number');
  const freeDigits = VAULT_LIMITS.numberDigits - bin.length - 1;

  return {
    keyId: subkey(key, 'id').subarray(0, 8).toString('base64url'),
    bin,
    fingerprint(number) {
      if (!CARD_NUMBER.test(number)) throw new TypeError('a card number is 1 to 19 ASCII digits');
      return fingerprintOf(number).subarray(0, VAULT_LIMITS.fingerprintBytes);
    },
    generate(commandId, attempt) {
      if (!Number.isInteger(attempt) || attempt < 0 || attempt >= VAULT_LIMITS.attempts) {
        throw new RangeError(`attempt must be an integer from 0 to ${VAULT_LIMITS.attempts - 1}`);
      }
      // 64 random bits against at most 10^9 numbers: the bias of the remainder is below one in 10^10.
      const random = createHmac('sha256', numberKey).update(`${attempt}:${commandId}`).digest().readBigUInt64BE();
      const account = (random % 10n ** BigInt(freeDigits)).toString().padStart(freeDigits, '0');
      const number = bin + account + luhnCheckDigit(bin + account);
      return { number, bin, last4: number.slice(-4) };
    },
  };
}

export class InvalidVaultKey extends Error {
  override name = 'InvalidVaultKey';
}

/** One key a purpose (HKDF, RFC 5869), so that neither a fingerprint nor the public id says anything about the others. */
function subkey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `holdfast/vault/v1/${purpose}`, 32));
}
