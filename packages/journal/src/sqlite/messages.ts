// messages.ts: what crosses the boundary between the thread that appends and the thread that writes.

import type { FlatAppends } from '../flatAppends.ts';

/** To the writer: appends one after the other, or `'close'` after the last one. */
export type ToWriter = FlatAppends | 'close';

/**
 * From the writer. An array answers appends in the order in which they were sent: first the head of the log, then
 * two numbers for each append (see `ANSWERED`).
 */
export type FromWriter =
  | Float64Array
  | { readonly ready: true }
  | { readonly refused: string; readonly code: 'journal_locked' | 'not_a_journal' | 'journal_unavailable' }
  | { readonly stopped: string };

/** First number of an answer; any other is the position of the last event, and the second its revision. */
export const ANSWERED = {
  /** The second number is the stream's revision, `NO_REVISION` when it has no event. */
  wrongExpectedRevision: 0,
  /** The log was busy: nothing was written. The second number says nothing. */
  busy: -1,
} as const;
