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
import type { JournalReader } from '@holdfast/journal';

/** A fact that came for a number before its card was issued, and where it is recorded. */
export type EarlyFact = {
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  readonly recordedIn: string;
};

export type Registry = {
  program(id: ProgramId): Program | undefined;
  apiKey(secretHash: string): ApiKeyEvent['data'] | undefined;
  earlyFacts(cardId: CardId): readonly EarlyFact[];
  /** Durable events of programs and keys: in force from now on. */
  apply(event: Recorded<ProgramEvent | ApiKeyEvent>): void;
  noteFact(cardId: CardId, fact: EarlyFact): void;
};

/** Reads the programs, keys and unmatched facts of the log. The engine is ready when this is done. */
export async function loadRegistry(journal: JournalReader): Promise<Registry> {
  const programs = new Map<ProgramId, Program>();
  const keys = new Map<string, ApiKeyEvent['data']>();
  const facts = new Map<CardId, EarlyFact[]>();

  function apply(event: Recorded<ProgramEvent | ApiKeyEvent>): void {
    if (event.type === 'ApiKeyIssued') keys.set(event.data.secretHash, event.data);
    else programs.set(event.data.programId, evolveProgram(programs.get(event.data.programId), event));
  }

  function noteFact(cardId: CardId, fact: EarlyFact): void {
    const known = facts.get(cardId);
    if (known === undefined) facts.set(cardId, [fact]);
    else if (!known.some(({ commandId }) => commandId === fact.commandId)) known.push(fact);
  }

  const registered = { streamPrefixes: [STREAM_PREFIXES.program, STREAM_PREFIXES.apikey] };
  for await (const { events } of journal.readAll({ filter: registered })) {
    for (const stored of events) apply(decode(stored) as Recorded<ProgramEvent | ApiKeyEvent>);
  }
  const unmatched = { streamPrefixes: [STREAM_PREFIXES.unmatched], types: ['UnmatchedMessageRecorded'] };
  for await (const { events } of journal.readAll({ filter: unmatched })) {
    for (const stored of events) {
      const { data, metadata } = decode(stored) as Recorded<UnmatchedEvent>;
      const { commandId, contentHash } = metadata;
      if (!('decision' in data) || data.decision !== 'accepted' || contentHash === undefined) continue;
      noteFact(data.message.cardId, { commandId, contentHash, recordedIn: unmatchedStream(commandId) });
    }
  }
  return {
    program: (id) => programs.get(id),
    apiKey: (secretHash) => keys.get(secretHash),
    earlyFacts: (cardId) => facts.get(cardId) ?? [],
    apply,
    noteFact,
  };
}
