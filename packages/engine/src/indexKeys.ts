// indexKeys.ts: keys of events and the revisions that they lead to, as bytes: many of them wait in memory to be written,
// where as texts the collector would look at each again and again, and they go to another thread in one piece.

/**
 * Of an entry: bytes of its text, number of keys, revision; then the length of each key in UTF-16 units, two bytes each;
 * then all keys in UTF-8.
 */
const HEAD_BYTES = 16;
const COUNT_AT = 4;
const REVISION_AT = 8;
const LENGTH_BYTES = 2;
const MOST_BYTES_PER_UNIT = 3;

/** Of one key, in UTF-16 units: what its length must fit into. */
export const KEY_LENGTH_MOST = 65_535;

/** Small enough that Node cuts many of them out of one piece of memory. */
const CHUNK_BYTES = 2_000;

export class IndexKeys implements Iterable<readonly [key: string, revision: number]> {
  readonly #full: Buffer[] = [];
  #last = EMPTY;
  #end = 0;
  #byteLength = 0;
  #newest = -1;

  static of(...pairs: readonly (readonly [key: string, revision: number])[]): IndexKeys {
    const keys = new IndexKeys();
    for (const [key, revision] of pairs) keys.add([key], revision);
    return keys;
  }

  /** Pairs in the order in which they were added, of what `toBytes` made. */
  static *read(bytes: Uint8Array): Generator<readonly [key: string, revision: number]> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < buffer.length; ) {
      const count = buffer.readUInt32LE(at + COUNT_AT);
      const revision = buffer.readDoubleLE(at + REVISION_AT);
      const textAt = at + HEAD_BYTES + count * LENGTH_BYTES;
      const end = textAt + buffer.readUInt32LE(at);
      const text = buffer.toString('utf8', textAt, end);
      let from = 0;
      for (let key = 0; key < count; key++) {
        const length = buffer.readUInt16LE(at + HEAD_BYTES + key * LENGTH_BYTES);
        yield [text.slice(from, from + length), revision];
        from += length;
      }
      at = end;
    }
  }

  /** Throws `RangeError` for what is no revision, or too long a key. Half a surrogate pair comes out as U+FFFD. */
  add(keys: readonly string[], revision: number): void {
    if (!Number.isSafeInteger(revision) || revision < 0) throw new RangeError(`a key has revision ${revision}`);
    const count = keys.length;
    if (count === 0) return;
    let text = '';
    for (const key of keys) {
      if (key.length > KEY_LENGTH_MOST) throw new RangeError(`a key of ${key.length} characters`);
      text += key;
    }
    this.#makeRoomFor(HEAD_BYTES + count * LENGTH_BYTES + text.length * MOST_BYTES_PER_UNIT);
    const [buffer, at] = [this.#last, this.#end];
    let end = at + HEAD_BYTES;
    for (const { length } of keys) {
      buffer[end++] = length & 0xff;
      buffer[end++] = length >> 8;
    }
    const textBytes = buffer.write(text, end, 'utf8');
    buffer.writeUInt32LE(textBytes, at);
    buffer.writeUInt32LE(count, at + COUNT_AT);
    buffer.writeDoubleLE(revision, at + REVISION_AT);
    this.#end = end + textBytes;
    this.#byteLength += this.#end - at;
    if (revision > this.#newest) this.#newest = revision;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** The newest revision that a key leads to; below zero without keys. */
  get newest(): number {
    return this.#newest;
  }

  /** In a piece of memory of its own: for another thread. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const chunk of [...this.#full, this.#last.subarray(0, this.#end)]) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  [Symbol.iterator](): Iterator<readonly [key: string, revision: number]> {
    return IndexKeys.read(this.toBytes());
  }

  #makeRoomFor(bytes: number): void {
    if (this.#end + bytes <= this.#last.length) return;
    if (this.#end > 0) this.#full.push(this.#last.subarray(0, this.#end));
    this.#last = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes));
    this.#end = 0;
  }
}

const EMPTY = Buffer.alloc(0);
