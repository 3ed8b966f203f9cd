// fileLines.ts: the lines of a stream of bytes, in bounded memory: what a line is hashed by is its bytes as they came.

import { CLEARING_FILE_LIMITS } from './limits.ts';

const LINE_FEED = 0x0a;

/** A line without its line feed; undefined for one that is longer than a line may be. */
export type FileLine = Buffer | undefined;

/** Whatever the chunks are, the lines are the same. The last line may lack its line feed. */
export async function* fileLines(
  chunks: AsyncIterable<Uint8Array>,
  most: number = CLEARING_FILE_LIMITS.lineBytes,
): AsyncGenerator<FileLine> {
  let parts: Buffer[] = [];
  let length = 0;

  function take(bytes: Buffer): void {
    length += bytes.length;
    if (length <= most) parts.push(bytes);
    else parts = [];
  }

  function line(): FileLine {
    const whole = length > most ? undefined : Buffer.concat(parts, length);
    parts = [];
    length = 0;
    return whole;
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      take(bytes.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < bytes.length) take(bytes.subarray(start));
  }
  if (length > 0) yield line();
}
