// appendCertainly.ts: an append whose outcome is known in the end.

import {
  type Appended,
  AppendOutcomeUnknown,
  type EventToAppend,
  type ExpectedRevision,
  type Journal,
} from '@holdfast/journal';
import type { Clock } from './clock.ts';
import { isTransient } from './errors.ts';

const RETRY_FIRST_MS = 10;
const RETRY_MOST_MS = 1_000;

/** Repeats the same bytes until there is a definite answer. Rejects with the journal's error when nothing was written. */
export async function appendCertainly(
  journal: Journal,
  clock: Clock,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): Promise<Appended> {
  let inDoubt = false;
  for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(waitMs * 2, RETRY_MOST_MS)) {
    try {
      return await journal.append(stream, expected, events);
    } catch (error) {
      if (error instanceof AppendOutcomeUnknown) inDoubt = true;
      // That a later try was refused says nothing about an earlier one.
      else if (!inDoubt || !isTransient(error)) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
  }
}
