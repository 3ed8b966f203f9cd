import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileLines } from './fileLines.ts';

async function linesOf(chunks: readonly Buffer[], most?: number): Promise<readonly (string | undefined)[]> {
  async function* stream() {
    yield* chunks;
  }
  const lines: (string | undefined)[] = [];
  for await (const line of fileLines(stream(), most)) lines.push(line?.toString());
  return lines;
}

describe('the lines of a file', () => {
  test.each<[string, string, readonly (string | undefined)[]]>([
    ['nothing', '', []],
    ['a line', 'a\n', ['a']],
    ['a last line without its end', 'a\nb', ['a', 'b']],
    ['empty lines', '\n\na\n', ['', '', 'a']],
    ['a carriage return, which is a byte of the line', 'a\r\n', ['a\r']],
    ['a line as long as a line may be', '12345\n', ['12345']],
    ['a line that is longer', 'a\n123456\nb\n', ['a', undefined, 'b']],
    ['a last line that is longer', '123456', [undefined]],
  ])('of %s', async (_, text, lines) => {
    expect(await linesOf([Buffer.from(text)], 5)).toEqual(lines);
  });

  test('are the same however the bytes come in', async () => {
    const bytes = fc
      .array(fc.constantFrom('a', 'ü', '\n'), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join('')));
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat(80)), async (whole, cuts) => {
        const ends = [...new Set([0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length])].sort(
          (a, b) => a - b,
        );
        const chunks = ends.slice(1).map((end, at) => whole.subarray(ends[at], end));
        expect(await linesOf(chunks, 6)).toEqual(await linesOf([whole], 6));
      }),
    );
  });
});
