// flatAppends.ts: appends as one flat array, for crossing from one thread to another: cloning one array of strings costs
// a fraction of cloning an object for each event.

import type { EventToAppend, ExpectedRevision } from './journal.ts';

/** Appends one after the other (see `addAppend`). */
export type FlatAppends = (string | number)[];

/** Stands for `no_stream` where a number is needed: the revision before the first. */
export const NO_REVISION = -1;

/** Numbers before the events of an append: stream, expected revision, count of events. */
export const HEADER_FIELDS = 3;
/** Fields of each event: id, type, data, metadata. */
export const EVENT_FIELDS = 4;

export function addAppend(
  to: FlatAppends,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): void {
  to.push(stream, expected === 'no_stream' ? NO_REVISION : expected, events.length);
  for (const event of events) to.push(event.id, event.type, event.data, event.metadata);
}

/** The append that begins at `at`; its events begin at `at + HEADER_FIELDS`. */
export function readHeader(from: FlatAppends, at: number): { stream: string; expected: number; count: number } {
  return { stream: from[at] as string, expected: from[at + 1] as number, count: from[at + 2] as number };
}

/** One text of an event; `at` is an index into the flat array. */
export function textAt(from: FlatAppends, at: number): string {
  return from[at] as string;
}
