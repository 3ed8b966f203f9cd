import { describe, expect, test } from 'vitest';
import { accountId, apiKeyId, cardId, clearingFileId, commandIdOf, programId } from './ids.ts';
import {
  accountIdOfStream,
  accountStream,
  apiKeyStream,
  cardStream,
  clearingFileStream,
  parseStream,
  programStream,
  STREAM_PREFIXES,
  unmatchedStream,
} from './streams.ts';

const account = accountId('a');
const suffix = account.slice('acct_'.length);

describe('a stream’s name', () => {
  test.each([
    ['an account', accountStream(account), `account-${suffix}`, { category: 'account', id: account }],
    ['a program', programStream(programId('a')), `program-${suffix}`, { category: 'program', id: programId('a') }],
    ['a card', cardStream(cardId('a')), `card-${suffix}`, { category: 'card', id: cardId('a') }],
    ['an API key', apiKeyStream(apiKeyId('a')), `apikey-${suffix}`, { category: 'apikey', id: apiKeyId('a') }],
    [
      'a clearing file',
      clearingFileStream(clearingFileId('a', 1)),
      `clearingfile-${clearingFileId('a', 1).slice(4)}`,
      { category: 'clearingfile', id: clearingFileId('a', 1) },
    ],
  ])('of %s tells whose it is', (_, stream, name, parsed) => {
    expect(stream).toBe(name);
    expect(parseStream(stream)).toEqual(parsed);
  });

  test.each([
    '',
    'account',
    'account-',
    `account_${suffix}`,
    `account-${suffix}x`,
    'account-8'.padEnd(34, 'z'),
    '$all',
  ])('%j is none of ours', (stream) => {
    expect(parseStream(stream)).toBeUndefined();
    expect(accountIdOfStream(stream)).toBeUndefined();
  });

  test.each(['unmatched-0', 'unmatched-FF', 'unmatched-000', 'unmatched-zz'])('%s is no shard', (stream) => {
    expect(parseStream(stream)).toBeUndefined();
  });

  test('gives an account only for an account’s stream', () => {
    expect(accountIdOfStream(accountStream(account))).toBe(account);
    expect(accountIdOfStream(cardStream(cardId('a')))).toBeUndefined();
  });

  test('no prefix begins another', () => {
    const prefixes = Object.values(STREAM_PREFIXES);
    for (const one of prefixes) expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
  });
});

describe('messages of unknown cards', () => {
  test('with one identity meet in one stream', () => {
    expect(unmatchedStream(commandIdOf('a'))).toBe(unmatchedStream(commandIdOf('a')));
  });

  test('spread over all 256 streams', () => {
    const streams = new Set(Array.from({ length: 5000 }, (_, at) => unmatchedStream(commandIdOf(String(at)))));
    expect(streams.size).toBe(256);
    for (const stream of streams)
      expect(parseStream(stream)).toEqual({ category: 'unmatched', shard: stream.slice(-2) });
  });
});
