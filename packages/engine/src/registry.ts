// registry.ts: what every decision may need and no account holds: programs, API keys, facts for cards not yet issued.

import type {
  ApiKeyEvent,
  CardId,
  CommandId,
  ContentHash,
  Program,
  ProgramEvent,
  ProgramId,
  Recorded,
  UnmatchedEvent,
} from '@holdfast/domain';
import { evolveProgram } from '@holdfast/domain';
import { decode, STREAM_PREFIXES, unmatchedStream } from '@holdfast/events';
import type { JournalReader, Position } from '@holdfast/journal';

/** A fact that came for a number before its card was issued, and where it is recorded. */
export type EarlyFact = {
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly recordedIn: string;
};

export type Registry = {
  program(id: ProgramId): Program | undefined;
  apiKey(secretHash: string): ApiKeyEvent['data'] | undefined;
  /** Those in the log now, whichever engine recorded them. Rejects with the journal's error when it cannot be read. */
  earlyFacts(cardId: CardId): Promise<readonly EarlyFact[]>;
  /** Durable events of programs and keys: in force from now on. */
  apply(event: Recorded<ProgramEvent | ApiKeyEvent>): void;
};

/** Reads the programs, keys and unmatched facts of the log. The engine is ready when this is done. */
export async function loadRegistry(journal: JournalReader): Promise<Registry> {
  const programs = new Map<ProgramId, Program>();
  const keys = new Map<string, ApiKeyEvent['data']>();
  const facts = new Map<CardId, readonly EarlyFact[]>();

  function apply(event: Recorded<ProgramEvent | ApiKeyEvent>): void {
    if (event.type === 'ApiKeyIssued') keys.set(event.data.secretHash, event.data);
    else programs.set(event.data.programId, evolveProgram(programs.get(event.data.programId), event));
  }

  /** How far the log was read for facts. */
  let factsUpTo: Position = 0n;
  const unmatched = { streamPrefixes: [STREAM_PREFIXES.unmatched], types: ['UnmatchedMessageRecorded'] };

  async function readFacts(): Promise<void> {
    for await (const { events, position } of journal.readAll({ after: factsUpTo, filter: unmatched })) {
      for (const stored of events) noteFact(decode(stored) as Recorded<UnmatchedEvent>);
      if (position > factsUpTo) factsUpTo = position;
    }
  }

  let reading: Promise<void> = Promise.resolve();
  let nextReading: Promise<void> | undefined;

  /** One reading at a time, for all who asked before it began: what is under way may have passed by what they look for. */
  function factsUpToNow(): Promise<void> {
    nextReading ??= reading
      .catch(() => {})
      .then(() => {
        reading = readFacts();
        nextReading = undefined;
        return reading;
      });
    return nextReading;
  }

  function noteFact({ data, metadata: { commandId, contentHash } }: Recorded<UnmatchedEvent>): void {
    if (!('decision' in data) || data.decision !== 'accepted' || contentHash === undefined) return;
    const { cardId } = data.message;
    const known = facts.get(cardId) ?? [];
    facts.set(cardId, [...known, { commandId, contentHash, recordedIn: unmatchedStream(commandId) }]);
  }

  const registered = { streamPrefixes: [STREAM_PREFIXES.program, STREAM_PREFIXES.apikey] };
  for await (const { events } of journal.readAll({ filter: registered })) {
    for (const stored of events) apply(decode(stored) as Recorded<ProgramEvent | ApiKeyEvent>);
  }
  await factsUpToNow();
  return {
    program: (id) => programs.get(id),
    apiKey: (secretHash) => keys.get(secretHash),
    earlyFacts: async (cardId) => {
      await factsUpToNow();
      return facts.get(cardId) ?? [];
    },
    apply,
  };
}
