// streams.ts: names of streams. The part before the `-` is the category, the rest the id's suffix.

import { hash } from 'node:crypto';
import {
  type AccountId,
  type ApiKeyId,
  AUTHORIZER_NAME,
  type CardId,
  type ClearingFileId,
  type CommandId,
  type ProgramId,
} from '@holdfast/domain';
import { type IdPrefix, inOnePiece, isId } from './ids.ts';

export const CATEGORIES = ['account', 'program', 'card', 'apikey', 'authorizer', 'unmatched', 'clearingfile'] as const;
export type Category = (typeof CATEGORIES)[number];

/** For reads filtered by stream prefix. */
export const STREAM_PREFIXES = {
  account: 'account-',
  program: 'program-',
  card: 'card-',
  apikey: 'apikey-',
  authorizer: 'authorizer-',
  unmatched: 'unmatched-',
  clearingfile: 'clearingfile-',
} as const satisfies Record<Category, `${Category}-`>;

/** What a stream's name says. `shard` is `00` to `ff`. */
export type ParsedStream =
  | { readonly category: 'account'; readonly id: AccountId }
  | { readonly category: 'program'; readonly id: ProgramId }
  | { readonly category: 'card'; readonly id: CardId }
  | { readonly category: 'apikey'; readonly id: ApiKeyId }
  | { readonly category: 'authorizer'; readonly name: string }
  | { readonly category: 'unmatched'; readonly shard: string }
  | { readonly category: 'clearingfile'; readonly id: ClearingFileId };

export const accountStream = (id: AccountId): string => named('account', 'acct', id);
export const programStream = (id: ProgramId): string => named('program', 'prog', id);
/** The stream of a card's claim: a card's id derives from its number's fingerprint, so a number has one stream. */
export const cardStream = (id: CardId): string => named('card', 'card', id);
export const apiKeyStream = (id: ApiKeyId): string => named('apikey', 'key', id);
/** `name` as `AUTHORIZER_NAME` has it. */
export const authorizerStream = (name: string): string => STREAM_PREFIXES.authorizer + name;

export const clearingFileStream = (id: ClearingFileId): string => named('clearingfile', 'clf', id);

/** One of 256 streams for messages of unknown cards; the same identity always meets the same one. */
export function unmatchedStream(commandId: CommandId): string {
  return STREAM_PREFIXES.unmatched + hash('sha256', commandId, 'hex').slice(0, 2);
}

/** The account of a stream, or undefined when it is not an account's. */
export function accountIdOfStream(stream: string): AccountId | undefined {
  return idOfStream('account', 'acct', stream);
}

/** What the name says, or undefined for a name that this file does not write. */
export function parseStream(stream: string): ParsedStream | undefined {
  const category = CATEGORIES.find((each) => stream.startsWith(STREAM_PREFIXES[each]));
  switch (category) {
    case 'account':
      return identified(category, idOfStream(category, 'acct', stream));
    case 'program':
      return identified(category, idOfStream(category, 'prog', stream));
    case 'card':
      return identified(category, idOfStream(category, 'card', stream));
    case 'apikey':
      return identified(category, idOfStream(category, 'key', stream));
    case 'authorizer': {
      const name = stream.slice(STREAM_PREFIXES.authorizer.length);
      return AUTHORIZER_NAME.test(name) ? { category, name } : undefined;
    }
    case 'unmatched': {
      const shard = stream.slice(STREAM_PREFIXES.unmatched.length);
      return /^[0-9a-f]{2}$/.test(shard) ? { category, shard } : undefined;
    }
    case 'clearingfile':
      return identified(category, idOfStream(category, 'clf', stream));
    case undefined:
      return undefined;
  }
}

/** In one piece, since a name is kept for as long as its stream is in memory. */
function named(category: Category, prefix: IdPrefix, id: string): string {
  return inOnePiece(STREAM_PREFIXES[category] + id.slice(prefix.length + 1));
}

function idOfStream<P extends IdPrefix>(category: Category, prefix: P, stream: string) {
  const start = STREAM_PREFIXES[category];
  if (!stream.startsWith(start)) return undefined;
  const id = `${prefix}_${stream.slice(start.length)}`;
  return isId(prefix, id) ? id : undefined;
}

function identified<C extends Category, I>(category: C, id: I | undefined) {
  return id === undefined ? undefined : { category, id };
}
