// registry.ts: what every decision may need and no account holds: programs, API keys, authorizers, facts for cards not
// yet issued.

import type {
  ApiKeyEvent,
  AuthorizerEvent,
  CardId,
  CommandId,
  ContentHash,
  Program,
  ProgramEvent,
  ProgramId,
  Recorded,
  UnmatchedEvent,
} from '@holdfast/domain';
import { evolveProgram, InvariantBroken } from '@holdfast/domain';
import { decode, STREAM_PREFIXES, unmatchedStream } from '@holdfast/events';
import type { JournalReader, Position, StoredEvent } from '@holdfast/journal';
import { type Announced, announce } from './announced.ts';
import type { Change } from './seat.ts';

/** A fact that came for a number before its card was issued, and where it is recorded. */
export type EarlyFact = {
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly recordedIn: string;
};

export type Registry = {
  program(id: ProgramId): Program | undefined;
  apiKey(secretHash: string): ApiKeyEvent['data'] | undefined;
  readonly authorizers: ReadonlyMap<string, Announced>;
  /** Those in the log now, whichever engine recorded them. Rejects with the journal's error when it cannot be read. */
  earlyFacts(cardId: CardId): Promise<readonly EarlyFact[]>;
  /** A durable event of a program or key, of this engine: in force from now on, if nothing that precedes it is missing. */
  apply(stream: string, event: Recorded<ProgramEvent | ApiKeyEvent>, position: Position): void;
  /** What was in the log when this was called is known once it resolves. Rejects with the journal's error. */
  current(): Promise<void>;
  /** From now on what other engines write becomes known by itself. Resolves after `close`, rejects when it failed. */
  follow(): Promise<void>;
  close(): Promise<void>;
};

export type RegistryOptions = {
  /** A program, or whatever else is wider than an account, is no longer as it was; called when that is known here. */
  readonly onChange?: (change: Change) => void;
  readonly onAuthorizer?: (event: Recorded<AuthorizerEvent>, position: Position) => void;
};

const FOLLOWED = { streamPrefixes: [STREAM_PREFIXES.program, STREAM_PREFIXES.apikey, STREAM_PREFIXES.authorizer] };

/** Reads the programs, keys and authorizers of the log. */
export async function loadRegistry(journal: JournalReader, options: RegistryOptions = {}): Promise<Registry> {
  const { onChange = () => {}, onAuthorizer = () => {} } = options;
  const programs = new Map<ProgramId, Program>();
  const keys = new Map<string, ApiKeyEvent['data']>();
  const authorizers = new Map<string, Announced>();
  /** By stream, of the newest event that is known. */
  const revisions = new Map<string, number>();
  /** Everything up to here is known. */
  let position: Position = 0n;
  let subscription: ReturnType<JournalReader['subscribe']> | undefined;

  /** What was seen before is passed over: an own event comes again, and two readings may overlap. */
  function isNext(stream: string, revision: number): boolean {
    const next = (revisions.get(stream) ?? -1) + 1;
    if (revision > next) throw new InvariantBroken(`${stream} goes from revision ${next - 1} to ${revision}`);
    if (revision === next) revisions.set(stream, revision);
    return revision === next;
  }

  function take({ stream, position }: Pick<StoredEvent, 'stream' | 'position'>, event: FollowedEvent): void {
    if (!isNext(stream, event.revision)) return;
    switch (event.type) {
      case 'ApiKeyIssued':
        keys.set(event.data.secretHash, event.data);
        return;
      case 'ProgramCreated':
      case 'ProgramPaused':
      case 'ProgramResumed': {
        const { programId } = event.data;
        programs.set(programId, evolveProgram(programs.get(programId), event));
        // The first version is looked for by whoever misses it: nobody can have decided by an older one.
        if (event.revision > 0) onChange({ stream, revision: event.revision, position });
        return;
      }
      default: {
        const { name } = event.data;
        authorizers.set(name, announce(authorizers.get(name), event, position));
        onAuthorizer(event, position);
      }
    }
  }

  function takePage({
    events,
    position: upTo,
  }: {
    readonly events: readonly StoredEvent[];
    readonly position: Position;
  }) {
    for (const stored of events) take(stored, decode(stored) as FollowedEvent);
    if (upTo > position) position = upTo;
  }

  const current = shared(async () => {
    for await (const page of journal.readAll({ after: position, filter: FOLLOWED })) takePage(page);
  });

  const facts = readFacts(journal);
  await current();
  await facts.current();
  return {
    program: (id) => programs.get(id),
    apiKey: (secretHash) => keys.get(secretHash),
    authorizers,
    earlyFacts: async (cardId) => {
      await facts.current();
      return facts.of(cardId);
    },
    apply(stream, event, position) {
      // What precedes it was written by another engine: it comes with that.
      if (event.revision > (revisions.get(stream) ?? -1) + 1) return;
      take({ stream, position }, event);
    },
    current,
    follow() {
      subscription = journal.subscribe({ after: position, filter: FOLLOWED, onPage: takePage });
      return subscription.ended;
    },
    close: async () => subscription?.close(),
  };
}

type FollowedEvent = Recorded<ProgramEvent | ApiKeyEvent | AuthorizerEvent>;

/** The facts recorded for cards that nobody knew. */
function readFacts(journal: JournalReader) {
  const facts = new Map<CardId, readonly EarlyFact[]>();
  const filter = { streamPrefixes: [STREAM_PREFIXES.unmatched], types: ['UnmatchedMessageRecorded'] };
  let upTo: Position = 0n;

  function note({ data, metadata: { commandId, contentHash } }: Recorded<UnmatchedEvent>): void {
    if (!('decision' in data) || data.decision !== 'accepted' || contentHash === undefined) return;
    const { cardId } = data.message;
    const known = facts.get(cardId) ?? [];
    facts.set(cardId, [...known, { commandId, contentHash, recordedIn: unmatchedStream(commandId) }]);
  }

  return {
    of: (cardId: CardId): readonly EarlyFact[] => facts.get(cardId) ?? [],
    current: shared(async () => {
      for await (const { events, position } of journal.readAll({ after: upTo, filter })) {
        for (const stored of events) note(decode(stored) as Recorded<UnmatchedEvent>);
        if (position > upTo) upTo = position;
      }
    }),
  };
}

/** One reading at a time, for all who asked before it began: what is under way may have passed by what they look for. */
function shared(read: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= reading
      .catch(() => {})
      .then(() => {
        reading = read();
        next = undefined;
        return reading;
      });
    return next;
  };
}
