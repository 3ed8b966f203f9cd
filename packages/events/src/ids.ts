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

/** The character codes of 32 values. */
const CODES = Buffer.from(ALPHABET);

/**
 * Where ids are put together. A text that is made by adding texts keeps all of them until somebody reads it: as a key of
 * what is remembered for ever, an id of 30 characters would take 450 bytes.
 */
const scratch = Buffer.alloc(64);

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
  return idOfBytes(prefix, bytes);
}

/**
 * An id derived from `parts`: the same parts give the same id, on any machine, for ever. The bits are those of a
 * UUIDv8: the first 16 bytes of SHA-256 over the length-delimited parts, with its version and variant.
 */
export function deriveId<P extends IdPrefix>(prefix: P, ...parts: readonly string[]): IdByPrefix[P] {
  return idOfBytes(prefix, uuid8Of(delimited(parts)));
}

/** An id of 122 random bits, for what nothing identifies beforehand. */
export function randomId<P extends IdPrefix>(prefix: P): IdByPrefix[P] {
  return idOfBytes(prefix, Buffer.from(randomUUID().replaceAll('-', ''), 'hex'));
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
  scratch.write(digest, 0, 21, 'latin1');
  // The 22nd character has two bits of byte 16 and four of byte 17: only the former belong to the first 16 bytes.
  scratch[21] = LAST_CHARACTER[BASE64URL.indexOf(digest.charAt(21)) >> 4] ?? 0;
  return scratch.toString('latin1', 0, 22);
}
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LAST_CHARACTER = Buffer.from('AQgw');

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
  const bytes = uuid8Of(text);
  let at = 0;
  for (let byte = 0; byte < 16; byte++) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) scratch[at++] = HYPHEN;
    const bits = bytes[byte] ?? 0;
    scratch[at++] = CODES[bits >> 4] ?? 0;
    scratch[at++] = CODES[bits & 15] ?? 0;
  }
  return scratch.toString('latin1', 0, at);
}

/** The same ASCII text, as one: V8 keeps what was added together, or cut out, as its parts. For what stays in memory. */
export function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** `['ab', 'c']` is `2:ab1:c`, which no other list of parts gives. */
export function delimited(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}

const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

const uuid = new Uint8Array(16);

/** The first 16 bytes of SHA-256 with version 8 and variant 10 (RFC 9562). Valid until it is called again. */
function uuid8Of(text: string): Uint8Array {
  const digest = hash('sha256', text, 'binary');
  for (let at = 0; at < 16; at++) uuid[at] = digest.charCodeAt(at);
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}

/** 128 bits as 2 + 3 × 8 characters: the top 8 bits after two zero bits, then 40 bits at a time. */
function idOfBytes<P extends IdPrefix>(prefix: P, bytes: Uint8Array): IdByPrefix[P] {
  let to = scratch.write(prefix, 'latin1');
  scratch[to++] = UNDERSCORE;
  const [first = 0] = bytes;
  scratch[to++] = CODES[first >> 5] ?? 0;
  scratch[to++] = CODES[first & 31] ?? 0;
  for (let from = 1; from < 16; from += 5) {
    // 40 bits are more than an integer of V8 holds: two halves of 20.
    const middle = bytes[from + 2] ?? 0;
    const upper = ((bytes[from] ?? 0) << 12) | ((bytes[from + 1] ?? 0) << 4) | (middle >> 4);
    const lower = ((middle & 15) << 16) | ((bytes[from + 3] ?? 0) << 8) | (bytes[from + 4] ?? 0);
    for (const bits of [upper, lower]) {
      scratch[to++] = CODES[bits >> 15] ?? 0;
      scratch[to++] = CODES[(bits >> 10) & 31] ?? 0;
      scratch[to++] = CODES[(bits >> 5) & 31] ?? 0;
      scratch[to++] = CODES[bits & 31] ?? 0;
    }
  }
  return scratch.toString('latin1', 0, to) as IdByPrefix[P];
}
