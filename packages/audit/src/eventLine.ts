// eventLine.ts: an event as one line for people: position, time, stream, type, and what it says.

import { type DomainEvent, type Recorded, toIso } from '@holdfast/domain';
import { decode, UndecodableEvent } from '@holdfast/events';
import type { StoredEvent } from '@holdfast/journal';
import { type Fact, factsOf } from './facts.ts';

/** How parts of a line are set off: colours on a terminal, or nothing at all. */
export type LineStyle = {
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
};

export const PLAIN: LineStyle = { dim: same, good: same, bad: same, strong: same };

/** Characters that a terminal would obey instead of showing; they can come in with a merchant's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Never longer than this, whatever an event holds. */
export const LINE_LENGTH = 1000;

/** One line without its end. An event that cannot be read is a line too, which says so. */
export function eventLine(stored: StoredEvent, style: LineStyle = PLAIN): string {
  const event = read(stored);
  const time = 'why' in event ? ''.padEnd(24) : toIso(event.metadata.occurredAt);
  const facts: readonly Fact[] = 'why' in event ? [{ text: event.why, tone: 'bad' }] : factsOf(event);
  const place = `${stored.position.toString().padStart(7)}  ${time}  ${stored.stream}@${stored.revision}`;
  const shown = facts.map(({ text, tone }) => (tone === undefined ? clean(text) : style[tone](clean(text)))).join('  ');
  return `${style.dim(clean(place).padEnd(75))}  ${style.strong(clean(stored.type).padEnd(21))}  ${shown}`.trimEnd();
}

function read(stored: StoredEvent): Recorded<DomainEvent> | { readonly why: string } {
  try {
    return decode(stored);
  } catch (error) {
    if (error instanceof UndecodableEvent) return { why: error.message };
    throw error;
  }
}

function clean(text: string): string {
  const shown = text.replace(CONTROL, '·');
  return shown.length > LINE_LENGTH ? `${shown.slice(0, LINE_LENGTH)}…` : shown;
}

function same(text: string): string {
  return text;
}
