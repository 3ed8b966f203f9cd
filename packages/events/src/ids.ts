// ids.ts: identifiers: TypeIDs derived from what makes a thing itself, command ids, content hashes, event ids.

import { hash, randomUUID } from 'node:crypto';
import type {
  AccountId,
  ApiKeyId,
  CardId,
  ClearingFileId,
  CommandId,
  ContentHash,
  CorrectionId,
  DepositId,
  LimitId,
  ProgramId,
  TransactionId,
  TransferId,
  WithdrawalId,
} from '@holdfast/domain';

/** The prefix of a TypeID says what it names. */
export type IdByPrefix = {
  prog: ProgramId;
  acct: AccountId;
  card: CardId;
  txn: TransactionId;
  dep: DepositId;
  wdr: WithdrawalId;
  cor: CorrectionId;
  trf: TransferId;
  lim: LimitId;
  key: ApiKeyId;
  clf: ClearingFileId;
};
export type IdPrefix = keyof IdByPrefix;

/** Crockford's base32 in lower case, as TypeID has it: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Two characters for each value of ten bits: hexadecimal in, base32 out, without big integers. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);

/** 26 characters hold 130 bits, so the first one is at most 7. */
const SUFFIX = '[0-7][0-9a-hjkmnp-tv-z]{25}';

const PATTERNS: Readonly<Record<IdPrefix, RegExp>> = {
  prog: idPattern('prog'),
  acct: idPattern('acct'),
  card: idPattern('card'),
  txn: idPattern('txn'),
  dep: idPattern('dep'),
  wdr: idPattern('wdr'),
  cor: idPattern('cor'),
  trf: idPattern('trf'),
  lim: idPattern('lim'),
  key: idPattern('key'),
  clf: idPattern('clf'),
};

/** The whole of an id with this prefix, anchored. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_${SUFFIX}$`);
}

/** True for an id exactly as this file writes it: its prefix, `_`, 26 characters of lower-case base32, 128 bits. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is IdByPrefix[P] {
  return PATTERNS[prefix].test(text);
}

/** `card_` and 16 bytes. Throws `RangeError` for another number of bytes. */
export function typeId<P extends IdPrefix>(prefix: P, bytes: Uint8Array): IdByPrefix[P] {
  if (bytes.length !== 16) throw new RangeError(`an id has 16 bytes, not ${bytes.length}`);
  return idOfHex(prefix, Buffer.from(bytes).toString('hex'));
}

/**
 * An id derived from `parts`: the same parts give the same id, on any machine, for ever. The bits are those of a
 * UUIDv8: the first 16 bytes of SHA-256 over the length-delimited parts, with its version and variant.
 */
export function deriveId<P extends IdPrefix>(prefix: P, ...parts: readonly string[]): IdByPrefix[P] {
  return idOfHex(prefix, asUuid8(hash('sha256', delimited(parts), 'hex')));
}

/** An id of 122 random bits, for what nothing identifies beforehand. */
export function randomId<P extends IdPrefix>(prefix: P): IdByPrefix[P] {
  return idOfHex(prefix, randomUUID().replaceAll('-', ''));
}

export const programId = (...parts: readonly string[]): ProgramId => deriveId('prog', ...parts);
export const accountId = (...parts: readonly string[]): AccountId => deriveId('acct', ...parts);
export const cardId = (...parts: readonly string[]): CardId => deriveId('card', ...parts);
export const transactionId = (...parts: readonly string[]): TransactionId => deriveId('txn', ...parts);
export const depositId = (...parts: readonly string[]): DepositId => deriveId('dep', ...parts);
export const withdrawalId = (...parts: readonly string[]): WithdrawalId => deriveId('wdr', ...parts);
export const correctionId = (...parts: readonly string[]): CorrectionId => deriveId('cor', ...parts);
export const transferId = (...parts: readonly string[]): TransferId => deriveId('trf', ...parts);
export const limitId = (...parts: readonly string[]): LimitId => deriveId('lim', ...parts);
export const apiKeyId = (...parts: readonly string[]): ApiKeyId => deriveId('key', ...parts);
/** One sender's sequence number is one file. */
export const clearingFileId = (sender: string, sequence: number): ClearingFileId =>
  deriveId('clf', sender, String(sequence));

/** What makes a command itself: a hash of its length-delimited parts. */
export function commandIdOf(...parts: readonly string[]): CommandId {
  return shortHash(delimited(parts)) as CommandId;
}

/** Hash of the canonical form of what is compared when the same command comes again. */
export function contentHashOf(text: string): ContentHash {
  return shortHash(text) as ContentHash;
}

/** The first 16 bytes of SHA-256 over UTF-8, as 22 characters of base64url. */
export function shortHash(text: string): string {
  const digest = hash('sha256', text, 'base64url');
  // The 22nd character has two bits of byte 16 and four of byte 17: only the former belong to the first 16 bytes.
  return digest.slice(0, 21) + LAST_CHARACTER[BASE64URL.indexOf(digest.charAt(21)) >> 4];
}
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LAST_CHARACTER = ['A', 'Q', 'g', 'w'] as const;

/**
 * The id of an event: a UUIDv8 of where it goes and every byte of it, so that a log recognises a repeated append and
 * never takes another decision for it. `index` is the event's place in what its command appends.
 */
export function eventId(
  stream: string,
  commandId: CommandId,
  index: number,
  type: string,
  data: string,
  metadata: string,
): string {
  // Lengths of all but the last part make the concatenation unambiguous.
  const text = `${stream.length}:${commandId.length}:${index}:${type.length}:${data.length}:${stream}${commandId}${type}${data}${metadata}`;
  const hex = asUuid8(hash('sha256', text, 'hex'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** `['ab', 'c']` is `2:ab1:c`, which no other list of parts gives. */
export function delimited(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}

/** The first 16 bytes, with version 8 in the high half of byte 6 and variant 10 in the top bits of byte 8 (RFC 9562). */
function asUuid8(hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`;
}

/** 128 bits as 2 + 6 × 4 characters: the top 8 bits after two zero bits, then 20 bits at a time. */
function idOfHex<P extends IdPrefix>(prefix: P, hex: string): IdByPrefix[P] {
  let text = `${prefix}_${PAIRS[Number.parseInt(hex.slice(0, 2), 16)]}`;
  for (let at = 2; at < 32; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    text += PAIRS[bits >> 10];
    text += PAIRS[bits & 1023];
  }
  return text as IdByPrefix[P];
}
