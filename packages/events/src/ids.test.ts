import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountId,
  apiKeyId,
  cardId,
  commandIdOf,
  contentHashOf,
  depositId,
  deriveId,
  eventId,
  isId,
  limitId,
  programId,
  randomId,
  transactionId,
  typeId,
} from './ids.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a TypeID', () => {
  // The vectors of the TypeID specification, valid.yml.
  test.each([
    ['00000000000000000000000000000000', 'card_00000000000000000000000000'],
    ['00000000000000000000000000000001', 'card_00000000000000000000000001'],
    ['0000000000000000000000000000000a', 'card_0000000000000000000000000a'],
    ['00000000000000000000000000000010', 'card_0000000000000000000000000g'],
    ['00000000000000000000000000000020', 'card_00000000000000000000000010'],
    ['ffffffffffffffffffffffffffffffff', 'card_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['0110c8531d0952d8d73e1194e95b5f19', 'card_0123456789abcdefghjkmnpqrs'],
    ['01890a5dac96774bbcceb302099a8057', 'card_01h455vb4pex5vsknk084sn02q'],
  ])('of the bytes %s is %s', (hex, id) => {
    expect(typeId('card', Buffer.from(hex, 'hex'))).toBe(id);
  });

  test('is base32 of its bytes as one big number', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        let number = BigInt(`0x${Buffer.from(some).toString('hex')}`);
        let suffix = '';
        for (let at = 0; at < 26; at += 1) {
          suffix = '0123456789abcdefghjkmnpqrstvwxyz'[Number(number & 31n)] + suffix;
          number >>= 5n;
        }
        expect(typeId('txn', some)).toBe(`txn_${suffix}`);
      }),
    );
  });

  test.each([0, 15, 17])('is not made of %i bytes', (length) => {
    expect(() => typeId('card', new Uint8Array(length))).toThrow(RangeError);
  });

  test.each([
    ['card_0123456789abcdefghjkmnpqrs', true],
    ['card_7zzzzzzzzzzzzzzzzzzzzzzzzz', true],
    ['card_8zzzzzzzzzzzzzzzzzzzzzzzzz', false], // more than 128 bits
    ['card_0123456789abcdefghjkmnpqr', false], // 25 characters
    ['card_0123456789abcdefghjkmnpqrst', false],
    ['card_0123456789ABCDEFGHJKMNPQRS', false],
    ['card_0123456789abcdefghijkmnpqr', false], // i
    ['card_0123456789abcdefghjklmnpqr', false], // l
    ['card_0123456789abcdefghjkmnopqr', false], // o
    ['card_0123456789abcdefghjkmnpqru', false], // u
    ['acct_0123456789abcdefghjkmnpqrs', false],
    ['card0123456789abcdefghjkmnpqrs', false],
    ['card_0123456789abcdefghjkmnpqrs\n', false],
    [' card_0123456789abcdefghjkmnpqrs', false],
    ['', false],
  ])('%j as a card’s id: %s', (text, valid) => {
    expect(isId('card', text)).toBe(valid);
  });
});

describe('a derived id', () => {
  test('is the same for the same parts, to the last bit, for ever', () => {
    expect(deriveId('acct', 'a', 'b')).toBe('acct_7tsqf7nfryhhdv04kkncq2gbvs');
    expect(commandIdOf('a', 'b')).toBe('-s3eer8erFswEnOrLigveQ');
    expect(contentHashOf('a')).toBe('ypeBEsobvcr6wjGzmiPcTQ');
  });

  test('has the prefix of what it names', () => {
    const made = [programId, accountId, cardId, transactionId, depositId, limitId, apiKeyId].map((of) => of('x'));
    expect(made.map((id) => id.split('_')[0])).toEqual(['prog', 'acct', 'card', 'txn', 'dep', 'lim', 'key']);
  });

  test('differs when the parts are cut elsewhere', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['1:a', 'b'], ['a1:b'], []];
    expect(new Set(lists.map((parts) => deriveId('txn', ...parts))).size).toBe(lists.length);
    expect(new Set(lists.map((parts) => commandIdOf(...parts))).size).toBe(lists.length);
  });

  test('is well-formed whatever it derives from', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => isId('lim', limitId(...parts))));
  });
});

test('a random id is well-formed and not met again', () => {
  const many = Array.from({ length: 1000 }, () => randomId('key'));
  expect(many.every((id) => isId('key', id))).toBe(true);
  expect(new Set(many).size).toBe(1000);
});

test('a content hash is the first 16 bytes of SHA-256 in base64url', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const digest = createHash('sha256').update(text).digest().subarray(0, 16);
      expect(contentHashOf(text)).toBe(digest.toString('base64url'));
    }),
  );
});

describe('an event’s id', () => {
  const commandId = commandIdOf('a');
  const base = ['account-1', commandId, 0, 'CardPaused', '{"a":1}', '{"b":2}'] as const;

  test('is a UUID of version 8', () => {
    expect(eventId(...base)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('is the same for the same event in the same place', () => {
    expect(eventId(...base)).toBe(eventId(...base));
  });

  test.each([
    ['stream', ['account-2', commandId, 0, 'CardPaused', '{"a":1}', '{"b":2}']],
    ['command', ['account-1', commandIdOf('b'), 0, 'CardPaused', '{"a":1}', '{"b":2}']],
    ['index', ['account-1', commandId, 1, 'CardPaused', '{"a":1}', '{"b":2}']],
    ['type', ['account-1', commandId, 0, 'CardClosed', '{"a":1}', '{"b":2}']],
    ['data', ['account-1', commandId, 0, 'CardPaused', '{"a":2}', '{"b":2}']],
    ['metadata', ['account-1', commandId, 0, 'CardPaused', '{"a":1}', '{"b":3}']],
    ['boundary of stream and command', [`account-1${commandId[0]}`, commandId, 0, 'CardPaused', '{"a":1}', '{"b":2}']],
    ['boundary of data and metadata', ['account-1', commandId, 0, 'CardPaused', '{"a":1', '}{"b":2}']],
  ] as const)('is another one for another %s', (_, [stream, command, index, type, data, about]) => {
    expect(eventId(stream, command, index, type, data, about)).not.toBe(eventId(...base));
  });
});
