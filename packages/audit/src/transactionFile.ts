// transactionFile.ts: transactions that a replay has put aside, in a file in the system's folder for temporary ones.
//
// Each time a transaction is put aside it takes its 400 bytes anew, so the file may get as large as the log. Its folder is
// the one that TMPDIR names.

import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transaction, TransactionId } from '@holdfast/domain';
import { NoRoomToVerify } from './errors.ts';
import { hashOf, slotOf } from './hash.ts';
import { transactionOf, transactionText } from './transactionText.ts';

export type TransactionFile = {
  /** Takes the transaction out again, as it was. */
  take(account: number, id: TransactionId): Transaction | undefined;
  /** The account's transaction, which must not be here. */
  put(account: number, transaction: Transaction): void;
  close(): void;
};

/** A record: its length, the account; then the transaction. */
const HEADER_BYTES = 12;
/** In UTF-8, of one UTF-16 unit, at most. */
const BYTES_OF_A_UNIT = 3;
const FIRST_SLOTS = 1 << 12;
const TAKEN = -1;
/** Most records are shorter than one read. */
const READ_BYTES = 2_048;
const BUFFER_BYTES = 1 << 20;

/**
 * A transaction that is here needs 21 to 43 bytes of memory: a slot of 16 (hash, place in the file), three of four taken
 * at most, in a table that doubles. `put` throws `NoRoomToVerify`.
 */
export function transactionFile(): TransactionFile {
  let hashes = new Float64Array(FIRST_SLOTS);
  /** 0 where a slot is free. */
  let places = new Float64Array(FIRST_SLOTS);
  let used = 0;
  let file: number | undefined;
  /** Places start at 1; `flushed` is that of the buffer's first byte. */
  let flushed = 1;
  let buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let filled = 0;
  let scratch = Buffer.allocUnsafe(READ_BYTES);

  /** The slots at which a hash may stand, one after the other, up to and including the first free one. */
  function* probe(hash: number): Generator<number> {
    const mask = places.length - 1;
    for (let slot = slotOf(hash, mask); ; slot = (slot + 1) & mask) {
      if (places[slot] === 0 || hashes[slot] === hash) yield slot;
      if (places[slot] === 0) return;
    }
  }

  function enter(hash: number, place: number): void {
    for (const slot of probe(hash)) {
      const held = places[slot];
      if (held !== 0 && held !== TAKEN) continue;
      if (held === 0) used += 1;
      hashes[slot] = hash;
      places[slot] = place;
      return;
    }
  }

  function grow(): void {
    const [oldHashes, oldPlaces] = [hashes, places];
    hashes = new Float64Array(oldPlaces.length * 2);
    places = new Float64Array(oldPlaces.length * 2);
    used = 0;
    for (const [slot, place] of oldPlaces.entries()) if (place > 0) enter(oldHashes[slot] ?? 0, place);
  }

  function flush(): void {
    try {
      file ??= openUnnamed();
      for (let written = 0; written < filled; ) {
        written += writeSync(file, buffer, written, filled - written, flushed - 1 + written);
      }
    } catch (error) {
      throw new NoRoomToVerify(tmpdir(), error);
    }
    flushed += filled;
    filled = 0;
  }

  function append(account: number, text: string): number {
    const atMost = HEADER_BYTES + text.length * BYTES_OF_A_UNIT;
    if (filled + atMost > buffer.length) flush();
    if (atMost > buffer.length) buffer = Buffer.allocUnsafe(atMost);
    const length = HEADER_BYTES + buffer.write(text, filled + HEADER_BYTES);
    buffer.writeUInt32LE(length, filled);
    buffer.writeDoubleLE(account, filled + 4);
    filled += length;
    return flushed + filled - length;
  }

  /** Valid until the next call. */
  function recordAt(place: number): Buffer {
    if (place >= flushed) return cut(buffer.subarray(place - flushed, filled));
    readAt(place);
    const length = scratch.readUInt32LE(0);
    if (length > scratch.length) {
      scratch = Buffer.allocUnsafe(length);
      readAt(place);
    }
    return cut(scratch);
  }

  function readAt(place: number): void {
    if (file === undefined) throw new RangeError(`nothing was written at ${place}`);
    const length = Math.min(scratch.length, flushed - place);
    for (let read = 0; read < length; ) {
      const more = readSync(file, scratch, read, length - read, place - 1 + read);
      if (more === 0) throw new Error('the temporary file of this verification was cut short');
      read += more;
    }
  }

  return {
    take(account, id) {
      for (const slot of probe(keyOf(account, id))) {
        const place = places[slot] ?? 0;
        if (place <= 0) continue;
        const record = recordAt(place);
        if (record.readDoubleLE(4) !== account) continue;
        const transaction = transactionOf(record.toString('utf8', HEADER_BYTES));
        if (transaction.transactionId !== id) continue;
        places[slot] = TAKEN;
        return transaction;
      }
      return undefined;
    },
    put(account, transaction) {
      if (used * 4 >= places.length * 3) grow();
      enter(keyOf(account, transaction.transactionId), append(account, transactionText(transaction)));
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** Nobody else can open it, and it goes with the process, however that ends. */
function openUnnamed(): number {
  const path = join(tmpdir(), `holdfast-verify-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

function cut(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.readUInt32LE(0));
}

function keyOf(account: number, id: TransactionId): number {
  return hashOf(`${account} ${id}`);
}
