// limits.ts: what an append may hold, at each limit and one beyond it, and which bytes come back.

import { describe, expect, test } from 'vitest';
import { InvalidAppend } from '../errors.ts';
import type { EventToAppend, ExpectedRevision } from '../journal.ts';
import { LIMITS } from '../journal.ts';
import type { Current } from './subject.ts';
import { event, events, readStream, uniqueCategory, uniqueStream } from './subject.ts';

const TYPE = 'Sized';

/** An event of exactly `bytes` by the formula of `LIMITS`, of one-, two- and four-byte characters. */
function sized(bytes: number, filler = 'x'): EventToAppend {
  const fixed = '{"x":""}'.length + '{}'.length + 2 * TYPE.length;
  const each = Buffer.byteLength(filler);
  const rest = bytes - fixed;
  const text = filler.repeat(Math.floor(rest / each)) + 'x'.repeat(rest % each);
  return event({ type: TYPE, data: `{"x":"${text}"}`, metadata: '{}' });
}

const full = LIMITS.appendBytes / 8;
const fitting: readonly (readonly [string, () => readonly EventToAppend[]])[] = [
  ['an event of the largest size', () => [sized(LIMITS.eventBytes)]],
  ['an event of the largest size in two-byte characters', () => [sized(LIMITS.eventBytes, 'é')]],
  ['an event of the largest size in four-byte characters', () => [sized(LIMITS.eventBytes, '😀')]],
  ['as many events as may be', () => events(LIMITS.appendEvents)],
  ['an append of the largest size', () => Array.from({ length: 8 }, () => sized(full))],
  ['a type of the largest length', () => [event({ type: 'T'.repeat(LIMITS.typeLength) })]],
  ['JSON that is no object', () => ['[]', '""', '0', '-1500', 'true', 'null'].map((data) => event({ data }))],
  ['every kind of character', () => [event({ data: '{"text":"é€😀\u2028\uffff\\u0000\\ud800"}', type: 'Gebühr' })]],
];

const refused: readonly (readonly [string, () => readonly EventToAppend[]])[] = [
  ['no events', () => []],
  ['an event one byte too large', () => [sized(LIMITS.eventBytes + 1)]],
  ['an event one byte too large in two-byte characters', () => [sized(LIMITS.eventBytes + 1, 'é')]],
  ['one event too many', () => events(LIMITS.appendEvents + 1)],
  [
    'an append one byte too large',
    () => [...Array.from({ length: 7 }, () => sized(full)), sized(full - 50), sized(51)],
  ],
  ['a type one character too long', () => [event({ type: 'T'.repeat(LIMITS.typeLength + 1) })]],
  ['an empty type', () => [event({ type: '' })]],
  ['a type that begins with $', () => [event({ type: '$Tested' })]],
  ['an id that is no UUID', () => [event({ id: 'a' })]],
  ['an empty id', () => [event({ id: '' })]],
  [
    'an id in upper case, which would come back in lower case',
    () => [event({ id: 'A'.repeat(8) + event().id.slice(8) })],
  ],
  ['half a surrogate pair in data', () => [event({ data: '{"x":"\ud800"}' })]],
  ['half a surrogate pair in metadata', () => [event({ metadata: '{"x":"\udc00"}' })]],
  ['half a surrogate pair in a type', () => [event({ type: 'T\ud800' })]],
  ['a NUL in data', () => [event({ data: '{"x":"\0"}' })]],
  ['data that is no JSON', () => [event({ data: 'hello' })]],
  ['data cut off', () => [event({ data: '{"x":1' })]],
  ['empty data', () => [event({ data: '' })]],
  ['empty metadata', () => [event({ metadata: '' })]],
  ['a wrong event behind a right one', () => [event(), event({ id: 'a' })]],
];

export function limitsContract(current: Current): void {
  describe('what an append holds', () => {
    test.each(fitting)('%s: written, and read back unchanged', async (_, make) => {
      const stream = uniqueStream();
      const given = make();
      await current.journal.append(stream, 'no_stream', given);
      const stored = await readStream(current.reader, stream);
      expect(stored.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(given);
    });

    test.each(refused)('%s: refused, and nothing is written', async (_, make) => {
      const stream = uniqueStream();
      await expect(current.journal.append(stream, 'no_stream', make())).rejects.toBeInstanceOf(InvalidAppend);
      expect(await readStream(current.reader, stream)).toEqual([]);
      await expect(current.journal.append(stream, 'no_stream', [event()])).resolves.toMatchObject({ revision: 0 });
    });

    test('a stream name of the largest length is taken, a longer one refused', async () => {
      const longest = `${uniqueCategory()}-`.padEnd(current.streamNameLength, 'x');
      await expect(current.journal.append(longest, 'no_stream', [event()])).resolves.toMatchObject({ revision: 0 });
      await expect(current.journal.append(`${longest}x`, 'no_stream', [event()])).rejects.toBeInstanceOf(InvalidAppend);
    });

    test.each([
      '',
      'account',
      '-1',
      'account-',
      '$account-1',
      'account-é',
      'account-1 ',
      'acc ount-1',
      'account-\n',
      'account-\0',
    ])('stream name %j is refused', async (stream) => {
      await expect(current.journal.append(stream, 'no_stream', [event()])).rejects.toBeInstanceOf(InvalidAppend);
    });

    test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])(
      'expected revision %d is refused',
      async (expected: ExpectedRevision) => {
        await expect(current.journal.append(uniqueStream(), expected, [event()])).rejects.toBeInstanceOf(InvalidAppend);
      },
    );
  });
}
