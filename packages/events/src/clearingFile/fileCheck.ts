// fileCheck.ts: a clearing file, line by line: whether it is one from its first line to its last, or every fault with its
// line. Nothing of a file may be applied before its last line was checked.

import { createHash } from 'node:crypto';
import { CLEARING_KINDS, type ClearingFileFacts } from '@holdfast/domain';
import type { z } from 'zod';
import { clearingFileId } from '../ids.ts';
import type { WireMessage } from '../wire/networkMessage.ts';
import { fieldIssuesOf, parseNetworkMessage } from '../wire/parse.ts';
import type { FileLine } from './fileLines.ts';
import { fileTotals, type WireClearing } from './fileTotals.ts';
import { type FileHeader, type FileTrailer, headerLine, recordLine, trailerLine } from './format.ts';
import { CLEARING_FILE_LIMITS } from './limits.ts';

/** `line` counts from 1; `field` is such as `record.message.amount`, or empty for the line itself. Never shows a value. */
export type FileFault = { readonly line: number; readonly field: string; readonly message: string };

export type CheckedRecord = {
  readonly line: number;
  readonly recordId: string;
  /** Its `message_id` is the record's id, unless it has one of its own. */
  readonly wire: WireClearing;
};

export type CheckedFile = { readonly facts: ClearingFileFacts } | { readonly faults: readonly FileFault[] };

export type FileCheck = {
  /** The record on the next line, if there is a good one. */
  line(line: FileLine): CheckedRecord | undefined;
  /** As many faults as are told: nothing more needs to be looked at. */
  readonly hopeless: boolean;
  /** After the last line. */
  end(): CheckedFile;
};

/** `parseJson` throws an `Error` that says in a few words what is wrong with a text, and never repeats it. */
export function checkClearingFile(parseJson: (bytes: Buffer) => unknown): FileCheck {
  const hash = createHash('sha256');
  const totals = fileTotals();
  const recordIds = new Map<string, number>();
  const faults: FileFault[] = [];
  let at = 0;
  let header: FileHeader | undefined;
  let trailer: FileTrailer | undefined;
  let trailerAt: number | undefined;
  let sha256 = '';

  function fault(field: string, message: string, line = at): void {
    if (faults.length < CLEARING_FILE_LIMITS.faults) faults.push({ line, field, message });
  }

  function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { field, message } of fieldIssuesOf(result.error)) fault(field, message);
    return undefined;
  }

  function json(line: FileLine): unknown {
    if (line === undefined) {
      fault('', `is longer than ${CLEARING_FILE_LIMITS.lineBytes} bytes`);
      return undefined;
    }
    try {
      return parseJson(line);
    } catch (error) {
      fault('', error instanceof Error ? error.message : 'is no JSON');
      return undefined;
    }
  }

  function kindOfLine(value: unknown): 'header' | 'record' | 'trailer' | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    if ('trailer' in value) return 'trailer';
    if ('record' in value) return 'record';
    return 'header' in value ? 'header' : undefined;
  }

  function takeRecord(value: unknown): CheckedRecord | undefined {
    const found = parsed(recordLine, value)?.record;
    if (found === undefined) return undefined;
    const { id, message } = found;
    const before = recordIds.get(id);
    if (before !== undefined) fault('record.id', `stands on line ${before} too`);
    else if (recordIds.size === CLEARING_FILE_LIMITS.records) {
      fault('', `is one record more than the ${CLEARING_FILE_LIMITS.records} that a file may have`);
      return undefined;
    }
    recordIds.set(id, at);
    const result = parseNetworkMessage({ message_id: id, ...message });
    if ('issues' in result) {
      for (const issue of result.issues) fault(`record.message${issue.field && `.${issue.field}`}`, issue.message);
      return undefined;
    }
    const { wire } = result;
    if (!isClearing(wire)) {
      fault('record.message.type', `is not one of ${CLEARING_KINDS.join(', ')}`);
      return undefined;
    }
    const { number } = wire.card;
    if (number !== undefined && id.replace(/[^0-9]/g, '').includes(number)) {
      fault('record.id', 'a card number may stand in card.number only');
      return undefined;
    }
    totals.add(wire);
    return { line: at, recordId: id, wire };
  }

  return {
    line(line) {
      at += 1;
      const value = json(line);
      const kind = kindOfLine(value);
      if (trailerAt === undefined && kind === 'trailer') sha256 = hash.digest('hex');
      else if (trailerAt === undefined && line !== undefined) hash.update(line).update('\n');
      if (value === undefined) return undefined;
      if (trailerAt !== undefined) {
        if (trailerAt === at - 1) fault('', 'stands after the trailer, which is the last line');
        return undefined;
      }
      if (at === 1) {
        if (kind === 'header') header = parsed(headerLine, value)?.header;
        else fault('', 'is not a header, which is the first line');
        return undefined;
      }
      switch (kind) {
        case 'trailer':
          trailerAt = at;
          trailer = parsed(trailerLine, value)?.trailer;
          return undefined;
        case 'record':
          return takeRecord(value);
        case 'header':
          fault('', 'is a second header');
          return undefined;
        case undefined:
          fault('', 'is neither a record nor a trailer');
          return undefined;
        default:
          return kind satisfies never;
      }
    },
    get hopeless() {
      return faults.length >= CLEARING_FILE_LIMITS.faults;
    },
    end() {
      if (at === 0) fault('', 'there is no header: the file is empty', 1);
      else if (trailerAt === undefined) fault('', 'there is no trailer after it: the file is cut off');
      if (totals.tooManyCurrencies) {
        fault('', `the records are in more than ${CLEARING_FILE_LIMITS.currencies} currencies`);
      }
      // A record that could not be read is in neither sum: what the trailer says of it would be told as a fault of its own.
      if (trailer !== undefined && trailerAt !== undefined && faults.length === 0) {
        for (const { field, message } of totals.differences(trailer)) fault(field, message, trailerAt);
        if (trailer.sha256 !== sha256) {
          fault('trailer.sha256', 'is not the SHA-256 of the lines before the trailer', trailerAt);
        }
      }
      if (header === undefined || faults.length > 0) return { faults };
      const { sender, sequence, business_date: businessDate } = header;
      return {
        facts: {
          clearingFileId: clearingFileId(sender, sequence),
          ...{ sender, sequence, businessDate, sha256 },
          records: totals.records,
          sums: totals.sums(),
        },
      };
    },
  };
}

function isClearing(wire: WireMessage): wire is WireClearing {
  return CLEARING_KINDS.some((kind) => kind === wire.type);
}
