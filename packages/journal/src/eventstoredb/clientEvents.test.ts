import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidAppend } from '../errors.ts';
import { isOurs, toClientEvent, toStoredEvent } from './clientEvents.ts';

const event = (data: string, metadata = '{}') => ({ id: randomUUID(), type: 'Tested', data, metadata });

test.each([
  ['a key that comes twice, of which the client would drop one', '{"a":1,"a":2}'],
  ['a number that it would write otherwise', '{"a":1.50}'],
  ['a number in another notation', '-1.5e3'],
  ['a number too large to be kept', '{"a":12345678901234567890}'],
  ['white space inside', '{"a": 1}'],
  ['an escape that is not needed', '{"a":"\\u0041"}'],
  ['keys that it would put in another order', '{"b":1,"1":2}'],
  ['text that only ends like JSON', '{"a":}'],
])('%s is refused, as data and as metadata', (_, text) => {
  expect(() => toClientEvent(event(text))).toThrow(InvalidAppend);
  expect(() => toClientEvent(event('{}', text))).toThrow(InvalidAppend);
});

test('any text of JSON.stringify comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (data, metadata) => {
      const texts = [data, metadata].map((text) => JSON.stringify(JSON.parse(text)));
      const given = event(texts[0] ?? '', texts[1]);
      const sent = toClientEvent(given);
      // What the client puts on the wire, and makes of it when it reads.
      const read = {
        ...{ id: given.id, type: given.type, streamId: 'x.t-1', revision: 0n, isJson: true, created: new Date(0) },
        ...{ position: { commit: 7n, prepare: 7n }, data: JSON.parse(JSON.stringify(sent.data)) },
        metadata: JSON.parse(Buffer.from(sent.metadata as Uint8Array).toString()),
      };
      expect(toStoredEvent(read, 'x.')).toEqual({ ...given, stream: 't-1', revision: 0, position: 7n });
    }),
  );
});

test.each([
  ['x.t-1', 'Tested', true],
  ['y.t-1', 'Tested', false],
  ['t-1', 'Tested', false],
  ['$x.t-1', 'Tested', false],
  ['x.t-1', '$metadata', false],
])('of a stream %s and type %s, with the prefix x: %s', (streamId, type, ours) => {
  expect(isOurs({ streamId, type }, 'x.')).toBe(ours);
});
