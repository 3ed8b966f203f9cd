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
import type { Landmark, RegistrySnapshot } from './registrySnapshot.ts';
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
  readonly apiKeys: ReadonlyMap<string, ApiKeyEvent['data']>;
  readonly authorizers: ReadonlyMap<string, Announced>;
  /** Those in the log now, whichever engine recorded them. Rejects with the journal's error when it cannot be read. */
  earlyFacts(cardId: CardId): Promise<readonly EarlyFact[]>;
  /** A durable event of a program or key, of this engine: in force from now on, if nothing that precedes it is missing. */
  apply(stream: string, event: Recorded<ProgramEvent | ApiKeyEvent>, position: Position): void;
  /** What was in the log when this was called is known once it resolves. Rejects with the journal's error. */
  current(): Promise<void>;
  /** Undefined when no event stands at the log's head by which it could be recognised. Rejects with the journal's error. */
  snapshot(): Promise<RegistrySnapshot | undefined>;
  /** From now on what other engines write becomes known by itself. Resolves after `close`, rejects when it failed. */
  follow(): Promise<void>;
  close(): Promise<void>;
};

export type RegistryOptions = {
  /** A program, or whatever else is wider than an account, is no longer as it was; called when that is known here. */
  readonly onChange?: (change: Change) => void;
  /** Of an earlier process: what comes after it is read. */
  readonly saved?: RegistrySnapshot | undefined;
  readonly onAuthorizer?: (event: Recorded<AuthorizerEvent>, position: Position) => void;
};

const FOLLOWED = { streamPrefixes: [STREAM_PREFIXES.program, STREAM_PREFIXES.apikey, STREAM_PREFIXES.authorizer] };

/** Reads the programs, keys and authorizers of the log. */
export async function loadRegistry(journal: JournalReader, options: RegistryOptions = {}): Promise<Registry> {
  const { onChange = () => {}, onAuthorizer = () => {}, saved } = options;
  const programs = new Map<ProgramId, Program>(saved?.programs.map((program) => [program.programId, program]));
  const keys = new Map<string, ApiKeyEvent['data']>(saved?.keys.map((key) => [key.secretHash, key]));
  const authorizers = new Map<string, Announced>(saved?.authorizers.map((each) => [each.name, each]));
  /** By stream, of the newest event that is known. */
  const revisions = new Map<string, number>(saved?.revisions);
  /** Everything up to here is known. */
  let position: Position = saved?.position ?? 0n;
  /** The newest event that was read. */
  let newest: Landmark | undefined = saved?.landmarks.at(-1);
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
      case 'ProgramResumed':
      case 'RatesPublished':
      case 'MarkupSet':
      case 'HoldExpirySet': {
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
    const last = events.at(-1);
    if (last !== undefined && last.position > (newest?.position ?? 0n))
      newest = { position: last.position, id: last.id };
    if (upTo > position) position = upTo;
  }

  const current = shared(async () => {
    for await (const page of journal.readAll({ after: position, filter: FOLLOWED })) takePage(page);
  });

  const facts = readFacts(journal, saved);
  await current();
  await facts.current();
  return {
    program: (id) => programs.get(id),
    apiKey: (secretHash) => keys.get(secretHash),
    apiKeys: keys,
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
    async snapshot() {
      const head = await journal.head();
      const event = head === 0n ? undefined : await journal.eventAt(head);
      await Promise.all([current(), facts.current()]);
      if (event === undefined) return undefined;
      return {
        position: head,
        landmarks: [{ position: head, id: event.id }, ...(newest === undefined ? [] : [newest])],
        programs: [...programs.values()],
        keys: [...keys.values()],
        authorizers: [...authorizers.values()],
        revisions: [...revisions],
        facts: facts.all(),
      };
    },
    follow() {
      subscription = journal.subscribe({ after: position, filter: FOLLOWED, onPage: takePage });
      return subscription.ended;
    },
    close: async () => subscription?.close(),
  };
}

type FollowedEvent = Recorded<ProgramEvent | ApiKeyEvent | AuthorizerEvent>;

/** The facts recorded for cards that nobody knew. */
function readFacts(journal: JournalReader, saved: RegistrySnapshot | undefined) {
  const facts = new Map<CardId, readonly EarlyFact[]>(saved?.facts);
  const filter = { streamPrefixes: [STREAM_PREFIXES.unmatched], types: ['UnmatchedMessageRecorded'] };
  let upTo: Position = saved?.position ?? 0n;

  function note({ data, metadata: { commandId, contentHash } }: Recorded<UnmatchedEvent>): void {
    if (!('decision' in data) || data.decision !== 'accepted' || contentHash === undefined) return;
    const { cardId } = data.message;
    const known = facts.get(cardId) ?? [];
    // A snapshot may be newer than the position that it stands for.
    if (known.some((fact) => fact.commandId === commandId)) return;
    facts.set(cardId, [...known, { commandId, contentHash, recordedIn: unmatchedStream(commandId) }]);
  }

  return {
    all: () => [...facts],
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
