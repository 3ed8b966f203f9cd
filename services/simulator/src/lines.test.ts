import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineTooLong, linesOf, MOST_LINE_BYTES } from './lines.ts';

async function lines(...chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  return Array.fromAsync(linesOf(stream()));
}

describe('lines of a stream', () => {
  test.each([
    [['a\nb\n'], ['a', 'b']],
    [['a\nb'], ['a', 'b']],
    [['a\r\nb\r\n'], ['a', 'b']],
    [['\n\na'], ['', '', 'a']],
    [[], []],
  ])('%j are %j', async (chunks, expected) => {
    expect(await lines(...chunks)).toEqual(expected);
  });

  test('do not depend on where the chunks are cut, not even within a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(200)), async (texts, cuts) => {
        const clean = texts.map((text) => text.replace(/[\r\n]/g, ' '));
        const bytes = Buffer.from(clean.map((text) => `${text}\n`).join(''));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(await lines(...chunks)).toEqual(clean);
      }),
    );
  });

  test('may be as long as the limit and no longer, with an end or without', async () => {
    const longest = 'x'.repeat(MOST_LINE_BYTES);
    expect(await lines(longest, '\n')).toEqual([longest]);
    expect(await lines(longest)).toEqual([longest]);
    await expect(lines(longest, 'x\n')).rejects.toThrow(LineTooLong);
    await expect(lines(longest, 'x')).rejects.toThrow(LineTooLong);
  });
});
