// journalRefusal.ts: why a log cannot be opened for writing, in one sentence.

import { JournalLocked, NotAJournal } from '@holdfast/journal';
import { EXIT, Refusal } from './refusal.ts';

/** A `Refusal` for what a person can put right, else the error itself. */
export function journalRefusal(error: unknown): unknown {
  if (error instanceof JournalLocked) return new Refusal(`${error.message}: is it running already?`, EXIT.cannotStart);
  if (error instanceof NotAJournal || error instanceof RangeError) return new Refusal(error.message);
  return error;
}
