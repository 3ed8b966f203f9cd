// strictJson.test.ts: what is read, and what is refused although JSON.parse would take it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH, parseStrictJson } from './strictJson.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('strict JSON', () => {
  test('reads what JSON.stringify writes', () => {
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, scalar, tie('array'), tie('object')),
      array: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4 },
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (written, indent) => {
        const text = JSON.stringify(written, undefined, indent);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['{"a":1,}', 'a syntax error at position 7 (line 1 column 8)'],
    ['{"a": 4761739001010119x}', 'a syntax error at position 22 (line 1 column 23)'],
    ['{"number":4761739001010119', 'a syntax error at position 26 (line 1 column 27)'],
    ['nope', 'a syntax error'],
    ['', 'a syntax error'],
    ['\ufeff{}', 'a syntax error'],
    ['{"a":1,"a":2}', 'an object has the same key twice'],
    ['{"a":{"b":[{"c":1,"d":2,"c":1}]}}', 'an object has the same key twice'],
    ['{"a":1,"\\u0061":2}', 'an object has the same key twice'],
    ['{"__proto__":{"admin":true}}', 'an object has the key __proto__'],
    ['{"a":{"\\u005f_proto__":1}}', 'an object has the key __proto__'],
    ['{"constructor":{"prototype":{}}}', 'an object has the keys constructor.prototype'],
    ['{"name":"\\ud800"}', 'a string has half of a surrogate pair'],
    ['{"\\udfff x":1}', 'a string has half of a surrogate pair'],
    [nested(MAX_JSON_DEPTH + 1), `it is nested deeper than ${MAX_JSON_DEPTH}`],
    [nested(30_000), `it is nested deeper than ${MAX_JSON_DEPTH}`],
  ])('refuses %.60s: %s', (text, what) => {
    expect(() => parse(text)).toThrow(`The body is not acceptable JSON: ${what}.`);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('it is not UTF-8');
  });

  test('reads colons, braces, quotes and points in strings as text', () => {
    const text = '{"a:b":"{[\\\\\\"1.5e3:\\\\","c\\\\":"\\\\\\\\","constructor":1,"\\u00e9":"\\ud83d\\ude00"}';
    expect(parse(text)).toEqual(JSON.parse(text));
    expect(parse(nested(MAX_JSON_DEPTH))).toEqual(JSON.parse(nested(MAX_JSON_DEPTH)));
  });

  test.each([
    ['1.5', Number.NaN],
    ['100.0', Number.NaN],
    ['1e2', Number.NaN],
    ['1E400', Number.NaN],
    ['100.00000000000000001', Number.NaN],
    ['-0', -0],
    ['123456789012345678901', 123456789012345680000],
    ['true', true],
    ['"1.5e3"', '1.5e3'],
  ])('the number %s is read as %s', (written, value) => {
    expect(parse(`{"false":false,"list":[${written}]}`)).toEqual({ false: false, list: [value] });
  });

  test('never repeats what was sent', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const sent = `{"number":"4761739001010119"${text}`;
        try {
          parse(sent);
        } catch (error) {
          expect(String(error)).not.toContain('4761739001010119');
        }
      }),
    );
  });
});
