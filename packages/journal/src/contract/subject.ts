// subject.ts: what the contract suite runs on, and the small words its tests are written with.

import { createHash, randomUUID } from 'node:crypto';
import { WrongExpectedRevision } from '../errors.ts';
import type {
  Appended,
  EventToAppend,
  ExpectedRevision,
  Journal,
  JournalReader,
  Page,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
} from '../journal.ts';

/** An opened log. It may hold events of others: the suite only looks at streams that it named itself. */
export type Subject = {
  readonly journal: Journal;
  /** Through which the suite reads; without it, the journal itself. */
  readonly reader?: JournalReader;
  /** The longest stream name it takes; without it, that of `LIMITS`. */
  readonly streamNameLength?: number;
  /** Closes everything and opens the same log again. */
  reopen(): Promise<Subject>;
  /** Closes everything and removes what can be removed. */
  destroy(): Promise<void>;
};

/** The subject of a suite, which `reopen` replaces. */
export type Current = {
  readonly journal: Journal;
  readonly reader: JournalReader;
  readonly streamNameLength: number;
  reopen(): Promise<void>;
};

/** A category that no other run uses, so that filters find only the streams of one test. */
export function uniqueCategory(): string {
  return `t${randomUUID().replaceAll('-', '')}`;
}

export function uniqueStream(): string {
  return `${uniqueCategory()}-1`;
}

/** The same `seed` gives the same id; without one, every call another. */
export function event(fields: Partial<EventToAppend> & { readonly seed?: string } = {}): EventToAppend {
  const { seed = randomUUID(), ...given } = fields;
  const hex = createHash('sha1').update(seed).digest('hex');
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return { id, type: 'Tested', data: JSON.stringify({ seed }), metadata: '{"schemaVersion":1}', ...given };
}

export function events(count: number): EventToAppend[] {
  return Array.from({ length: count }, () => event());
}

export async function readStream(
  reader: JournalReader,
  stream: string,
  options?: ReadStreamOptions,
): Promise<StoredEvent[]> {
  return (await Array.fromAsync(reader.readStream(stream, options))).flat();
}

export async function readPages(reader: JournalReader, options: ReadAllOptions): Promise<Page[]> {
  return Array.fromAsync(reader.readAll(options));
}

export async function readAll(reader: JournalReader, options: ReadAllOptions): Promise<StoredEvent[]> {
  return (await readPages(reader, options)).flatMap((page) => page.events);
}

/** What became of an append, as a value that a test can compare. */
export type Outcome = Appended | { readonly refusedAt: ExpectedRevision };

export async function outcomeOf(appending: Promise<Appended>): Promise<Outcome> {
  try {
    return await appending;
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return { refusedAt: error.actual };
    throw error;
  }
}
