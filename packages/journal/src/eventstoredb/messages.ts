// messages.ts: what crosses the boundary between the thread that appends and the one that holds the appending client.

import type { FlatAppends } from '../flatAppends.ts';

/** To the thread of the client: appends, or `'close'` when all have been answered. */
export type ToClientThread = AppendsMessage | 'close';

export type AppendsMessage = {
  /** One for each append, rising: the answer names it. */
  readonly ids: readonly number[];
  /** When each was accepted, by `Date.now()`. */
  readonly since: readonly number[];
  /** An earlier thread may have sent them. */
  readonly inDoubt: boolean;
  readonly appends: FlatAppends;
};

/** Answers: four fields each, `id`, kind, and what the kind says. */
export type FromClientThread = (number | string | bigint)[];
export const ANSWER_FIELDS = 4;

export const ANSWER = {
  /** Revision, position of the last event. */
  written: 0,
  /** The stream's revision, `NO_REVISION` when it has no event. */
  wrongRevision: 1,
  /** A sentence: it will never be written. */
  refused: 2,
  /** A sentence: it was not written, and may be tried again. */
  unavailable: 3,
  /** A sentence: it may be written. */
  unknown: 4,
} as const;

/** What the thread is started with; the string may hold a password. */
export type ClientThreadData = {
  readonly connectionString: string;
  readonly before: string;
  readonly patienceMs: number;
  readonly answerWithinMs: number;
};
