// spool.ts: the records of a clearing file between its check and its application: in a temporary file, since they may be
// many. It holds card ids instead of numbers, and no CVV2.

import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CardId } from '@holdfast/domain';
import { type CheckedRecord, fileLines, type WireClearing } from '@holdfast/events';

export type SpooledRecord = { readonly line: number; readonly recordId: string; readonly cardId: CardId } & {
  /** Its card has neither number nor CVV2. */
  readonly wire: WireClearing;
};

export type Spool = {
  add(record: CheckedRecord, cardId: CardId): Promise<void>;
  /** Everything that was added, in that order; to be called once, after the last. */
  records(): AsyncGenerator<SpooledRecord>;
  close(): Promise<void>;
};

const WRITE_CHARACTERS = 256 * 1024;

/** In the folder that TMPDIR names. The file has no name there: it is gone with the process, however that ends. */
export async function openSpool(): Promise<Spool> {
  const path = join(tmpdir(), `holdfast-clearing-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  let waiting = '';

  async function write(): Promise<void> {
    const text = waiting;
    waiting = '';
    if (text !== '') await file.appendFile(text);
  }

  return {
    async add({ line, recordId, wire }, cardId) {
      const { expiry } = wire.card;
      const card = expiry === undefined ? {} : { expiry };
      const record: SpooledRecord = { line, recordId, cardId, wire: { ...wire, card } };
      waiting += `${JSON.stringify(record)}\n`;
      if (waiting.length >= WRITE_CHARACTERS) await write();
    },
    async *records() {
      await write();
      const stream = file.createReadStream({ start: 0, autoClose: false });
      for await (const line of fileLines(stream, Number.POSITIVE_INFINITY)) {
        // Exactly what `add` wrote.
        if (line !== undefined) yield JSON.parse(line.toString()) as SpooledRecord;
      }
    },
    close: () => file.close(),
  };
}
