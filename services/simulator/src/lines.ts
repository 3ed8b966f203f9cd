// lines.ts: lines out of a stream of bytes, in bounded memory.

/** Far more than a network message has. */
export const MOST_LINE_BYTES = 1_048_576;

export class LineTooLong extends Error {
  override name = 'LineTooLong';
}

/** Each line without its end (LF or CRLF), decoded as UTF-8. Throws `LineTooLong` beyond `MOST_LINE_BYTES`. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(0x0a, start);
      if (end === -1) break;
      yield line(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > MOST_LINE_BYTES) throw new LineTooLong();
  }
  if (rest.length > 0) yield line(rest);
}

function line(bytes: Buffer): string {
  if (bytes.length > MOST_LINE_BYTES) throw new LineTooLong();
  return bytes.toString('utf8').replace(/\r$/, '');
}
