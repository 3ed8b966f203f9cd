import { describe, expect, test } from 'vitest';
import type { ClearingFileEvent, Recorded } from '../events.ts';
import type { ClearingFileId, CommandId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import {
  type ClearingFile,
  type ClearingFileFacts,
  completeClearingFile,
  evolveClearingFile,
  receiveClearingFile,
} from './clearingFile.ts';
import { buildReport } from './report.ts';

const facts: ClearingFileFacts = {
  clearingFileId: 'clf_1' as ClearingFileId,
  ...{ sender: 'acquirer-7', sequence: 1, businessDate: '2026-03-02', sha256: 'a', records: 0, sums: [] },
};
const other = { ...facts, sha256: 'b' };
const report = buildReport().report();

function after(...events: readonly ClearingFileEvent[]): ClearingFile | undefined {
  let file: ClearingFile | undefined;
  for (const [revision, event] of events.entries()) {
    const metadata = { occurredAt: 0, commandId: 'c' as CommandId, correlationId: 'r', actor: 'a' };
    file = evolveClearingFile(file, { ...event, metadata, revision } as Recorded<ClearingFileEvent>);
  }
  return file;
}

const received: ClearingFileEvent = { type: 'ClearingFileReceived', data: facts };
const applied: ClearingFileEvent = {
  type: 'ClearingFileApplied',
  data: { clearingFileId: facts.clearingFileId, report },
};
const refused: ClearingFileEvent = { type: 'ClearingFileRefused', data: other };

describe('a clearing file', () => {
  test('is received once, and other content in its place refused, before and after it was applied', () => {
    expect(receiveClearingFile(undefined, facts)).toEqual(received);
    expect(receiveClearingFile(after(received), other)).toEqual(refused);
    expect(receiveClearingFile(after(received, applied), other)).toEqual(refused);
  });

  test('is applied with its report', () => {
    expect(completeClearingFile(after(received, refused), report)).toEqual(applied);
    expect(after(received, refused, applied)).toMatchObject({ sha256: 'a', appliedRevision: 2, refusals: 1 });
  });

  test.each<[string, readonly ClearingFileEvent[]]>([
    ['received twice', [received, received]],
    ['applied twice', [received, applied, applied]],
    ['applied and never received', [applied]],
    ['refused for its own content', [received, { type: 'ClearingFileRefused', data: facts }]],
  ])('cannot be %s', (_, events) => {
    expect(() => after(...events)).toThrow(InvariantBroken);
  });

  test('cannot be applied without having been received', () => {
    expect(() => completeClearingFile(undefined, report)).toThrow(InvariantBroken);
  });
});
