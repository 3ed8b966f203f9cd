// fingerprintKey.ts: the key under which card numbers are found again: configured, or made once beside the log.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { decode, STREAM_PREFIXES } from '@holdfast/events';
import type { JournalReader } from '@holdfast/journal';
import { VAULT_LIMITS } from '@holdfast/vault';
import type { Configuration } from './configuration.ts';
import { EXIT, Refusal } from './refusal.ts';
import { readSecret, writeSecret } from './secretFile.ts';

const FILE = 'fingerprint-key';

export type FingerprintKey = {
  readonly key: Uint8Array;
  /** Keeps a key that was just made. To be called once it is known to be right, and before it is used. */
  save(): Promise<void>;
};

/** The configured key; else, in sandbox mode, that of the data folder, or a new one. */
export async function fingerprintKeyOf({
  fingerprintKey,
  data,
}: Pick<Configuration, 'fingerprintKey' | 'data'>): Promise<FingerprintKey> {
  if (fingerprintKey !== undefined) return { key: fingerprintKey, save: async () => undefined };
  const path = join(data, FILE);
  const kept = await readSecret(path);
  if (kept === undefined) {
    const key = randomBytes(VAULT_LIMITS.keyBytes);
    return { key, save: () => writeSecret(path, key.toString('hex')) };
  }
  const key = Buffer.from(kept, 'hex');
  if (key.byteLength >= VAULT_LIMITS.keyBytes) return { key, save: async () => undefined };
  const sentence = `${path} holds no key of ${VAULT_LIMITS.keyBytes} bytes in hex: put the right one back`;
  throw new Refusal(sentence, EXIT.cannotStart);
}

/** Cards are found by this key only: with another one every number would be unknown. Rejects with `Refusal`. */
export async function checkFingerprintKey(log: JournalReader, keyId: string): Promise<void> {
  for await (const { events } of log.readAll({ filter: { streamPrefixes: [STREAM_PREFIXES.card] } })) {
    const [first] = events;
    if (first === undefined) continue;
    const { data } = decode(first);
    if ('fingerprintKeyId' in data && data.fingerprintKeyId !== keyId) {
      const sentence =
        'the fingerprint key is not the one under which the cards of this log were issued: start with that one';
      throw new Refusal(sentence, EXIT.cannotStart);
    }
    return;
  }
}
