// journal.ts: the log as a port. Every adapter obeys the same contract suite (`contract.ts`).

/** Position of an event in the whole log: opaque to clients, strictly increasing, compared only within one log. */
export type Position = bigint;

/** The revision that a stream must be at for an append to be written; `no_stream`: it has no event yet. */
export type ExpectedRevision = number | 'no_stream';

/**
 * An event as it is written: `data` and `metadata` are JSON texts, encoded once by the caller, exactly as JSON.stringify
 * writes them. An adapter may refuse any other text; white space around it, raw NULs and half surrogate pairs all do.
 */
export type EventToAppend = {
  /** A UUID in lower case derived from stream, command, index and content, so that a repeated append is recognised. */
  readonly id: string;
  /** Not empty, without a leading '$'. */
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
};

export type StoredEvent = EventToAppend & {
  readonly stream: string;
  /** 0 for the first event of the stream; always a safe integer. */
  readonly revision: number;
  readonly position: Position;
};

export type Appended = {
  /** Revision of the last event of this append (on a repeated append: of that append, not of the stream's head). */
  readonly revision: number;
  /** Position of the last event of this append. */
  readonly position: Position;
};

/** Events and how far the log was read for them: also when a filter matched none, `position` moves on. */
export type Page = { readonly events: readonly StoredEvent[]; readonly position: Position };

/** Both given: an event must match both. Several prefixes or types: any of them; an empty list is a `RangeError`. */
export type Filter = { readonly streamPrefixes?: readonly string[]; readonly types?: readonly string[] };

export type ReadStreamOptions = {
  readonly direction?: 'forwards' | 'backwards';
  /** First revision read, inclusive. Default: the first event, or the last one when reading backwards (also beyond it). */
  readonly from?: number;
  readonly limit?: number;
};

export type ReadAllOptions = {
  /**
   * Reading starts strictly after this position, which this log gave: of an event, a page or its head. Default `0n`: the
   * beginning of the log. An adapter may answer any other with a `RangeError`.
   */
  readonly after?: Position;
  /** Reading ends with this position, inclusive. Default: the head when reading starts. */
  readonly upTo?: Position;
  readonly filter?: Filter;
};

export type SubscriptionOptions = {
  /** Delivery starts strictly after this position: `0n` is the beginning, `'end'` a head between subscribing and `onCaughtUp`. */
  readonly after: Position | 'end';
  readonly filter?: Filter;
  /**
   * Called with pages in log order, one at a time: the next one waits for the returned promise. A page may have no
   * events: then it only says how far the log was read. When it throws, the subscription ends with that error.
   */
  readonly onPage: (page: Page) => void | Promise<void>;
  /**
   * Called when everything up to the head has been delivered: once after starting, then after each further catching up.
   * The next page waits for the returned promise, and is the larger for it.
   */
  readonly onCaughtUp?: (position: Position) => void | Promise<void>;
};

export type Subscription = {
  /** Resolves after `close()`, also of the journal; rejects when the subscription failed: handle it, or the process dies. */
  readonly ended: Promise<void>;
  /** Waits for the running page: a page that waits for it waits for ever. */
  close(): Promise<void>;
};

export interface JournalReader {
  /** Pages of one stream. A stream that does not exist has no events. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly StoredEvent[]>;
  /** Pages of the whole log in order. */
  readAll(options?: ReadAllOptions): AsyncIterable<Page>;
  subscribe(options: SubscriptionOptions): Subscription;
  /** The event at exactly this position; undefined when none stands there, and a filter's page may end at such a one. */
  eventAt(position: Position): Promise<StoredEvent | undefined>;
  /** Position of the last event of the log, `0n` when it is empty. */
  head(): Promise<Position>;
  /** Ends the subscriptions, then answers what was accepted. Whatever is called later is `JournalUnavailable`. */
  close(): Promise<void>;
}

export interface Journal extends JournalReader {
  /**
   * Appends all events or none, durably before it resolves. Appends to one stream are decided in the order of calling.
   * Stream names are printable ASCII, a category before the first '-' and something after it, without a leading '$'.
   * Rejects with `WrongExpectedRevision`, `InvalidAppend` (too large, bad name, no events …), `JournalUnavailable` (not written;
   * try later), `AppendOutcomeUnknown` (repeat the same bytes), or `JournalStopped` (a disk commit failed; open again).
   * A repeated append (same ids at the same slots) succeeds and writes nothing.
   */
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended>;
  /**
   * Resolves never, rejects with `JournalStopped` when the log can no longer be written and the process must stop;
   * unhandled, it ends the process. Appends that were waiting then are never answered: nobody knows.
   */
  readonly failed: Promise<never>;
}

/** What one append may hold, the prefix of an installation counting as part of the name; bytes are by the server's formula: data + metadata bytes + 2 × type length, summed. */
export const LIMITS = {
  streamNameLength: 200,
  typeLength: 100,
  eventBytes: 64 * 1024,
  appendEvents: 500,
  appendBytes: 512 * 1024,
} as const;
