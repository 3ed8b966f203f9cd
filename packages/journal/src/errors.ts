// errors.ts: every error of a journal. `code` is stable; the sentence says what, where and what to do.

import type { ExpectedRevision } from './journal.ts';

export abstract class JournalError extends Error {
  abstract readonly code: string;
}

/** The stream is at another revision, and the events there are not these: nothing was written. */
export class WrongExpectedRevision extends JournalError {
  override name = 'WrongExpectedRevision';
  readonly code = 'wrong_expected_revision';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: ExpectedRevision;
  constructor(stream: string, expected: ExpectedRevision, actual: ExpectedRevision) {
    super(`stream ${stream} is at ${actual}, not at ${expected}: read it on and decide again`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The append breaks a rule or a limit: nothing was written, and it will never be. */
export class InvalidAppend extends JournalError {
  override name = 'InvalidAppend';
  readonly code = 'invalid_append';
}

/** The log cannot be reached or is not ready: nothing was written; the same append may succeed later. */
export class JournalUnavailable extends JournalError {
  override name = 'JournalUnavailable';
  readonly code = 'journal_unavailable';
}

/** No definite answer came: the events may be there, or may still get there. Only the same append again tells. */
export class AppendOutcomeUnknown extends JournalError {
  override name = 'AppendOutcomeUnknown';
  readonly code = 'append_outcome_unknown';
}

/** A disk commit failed. Nothing more is written or answered; open the log again in a new process. */
export class JournalStopped extends JournalError {
  override name = 'JournalStopped';
  readonly code = 'journal_stopped';
}

/** Another process has the log open for writing. */
export class JournalLocked extends JournalError {
  override name = 'JournalLocked';
  readonly code = 'journal_locked';
}

/** There is no log at that path, or the file is not one of ours or of another release; or the server is older than Holdfast needs. */
export class NotAJournal extends JournalError {
  override name = 'NotAJournal';
  readonly code = 'not_a_journal';
}

/** What was read cannot be: a gap in revisions or positions, bytes that are no event. */
export class JournalCorrupt extends JournalError {
  override name = 'JournalCorrupt';
  readonly code = 'journal_corrupt';
}
