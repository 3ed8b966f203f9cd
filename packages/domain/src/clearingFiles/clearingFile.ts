// clearingFile.ts: one file of a sender: received once, applied once, and what else came in its place: state, decisions.

import type { CurrencyCode } from '@holdfast/money';
import type { ClearingFileEvent, Recorded } from '../events.ts';
import type { ClearingFileId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import type { ClearingFileReport } from './report.ts';

/** Kinds of network messages that a clearing file can hold. */
export const CLEARING_KINDS = ['clearing', 'clearing_reversal', 'refund', 'refund_reversal'] as const;
export type ClearingKind = (typeof CLEARING_KINDS)[number];

/** What the records of one kind in one transaction currency come to. */
export type ClearingSum = {
  readonly type: ClearingKind;
  readonly currency: CurrencyCode;
  readonly records: number;
  readonly amountMinor: bigint;
};

/** What a file says about itself, checked against its records. */
export type ClearingFileFacts = {
  readonly clearingFileId: ClearingFileId;
  readonly sender: string;
  readonly sequence: number;
  /** YYYY-MM-DD. */
  readonly businessDate: string;
  /** Over all lines before the trailer, in hexadecimal. */
  readonly sha256: string;
  readonly records: number;
  readonly sums: readonly ClearingSum[];
};

/** Small, since it stays in memory: the rest is read from the events at these revisions. */
export type ClearingFile = {
  readonly clearingFileId: ClearingFileId;
  readonly sha256: string;
  /** Of `ClearingFileApplied`. */
  readonly appliedRevision: number | undefined;
  /** Files of other content that came under its sender and sequence. */
  readonly refusals: number;
};

export function evolveClearingFile(file: ClearingFile | undefined, event: Recorded<ClearingFileEvent>): ClearingFile {
  if (event.type === 'ClearingFileReceived') {
    invariant(file === undefined, 'a clearing file that was received twice');
    const { clearingFileId, sha256 } = event.data;
    return { clearingFileId, sha256, appliedRevision: undefined, refusals: 0 };
  }
  invariant(file !== undefined, `${event.type} of a clearing file that was never received`);
  switch (event.type) {
    case 'ClearingFileApplied':
      invariant(file.appliedRevision === undefined, 'a clearing file that was applied twice');
      return { ...file, appliedRevision: event.revision };
    case 'ClearingFileRefused':
      invariant(file.sha256 !== event.data.sha256, 'a clearing file that was refused for its own content');
      return { ...file, refusals: file.refusals + 1 };
    default:
      return event satisfies never;
  }
}

/** The first content under a sender and sequence is the file; any other is refused, and that is recorded. */
export function receiveClearingFile(file: ClearingFile | undefined, facts: ClearingFileFacts): ClearingFileEvent {
  if (file === undefined) return { type: 'ClearingFileReceived', data: facts };
  invariant(file.sha256 !== facts.sha256, 'a clearing file that is received again is the command of the first time');
  return { type: 'ClearingFileRefused', data: facts };
}

/** Every record of it has its answer. */
export function completeClearingFile(file: ClearingFile | undefined, report: ClearingFileReport): ClearingFileEvent {
  invariant(file !== undefined, 'a clearing file was applied that was never received');
  return { type: 'ClearingFileApplied', data: { clearingFileId: file.clearingFileId, report } };
}
