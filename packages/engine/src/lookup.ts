// lookup.ts: which account a card belongs to, by its stream: remembered, or read from the card's own stream.

import type { CardClaimEvent, CardId, Recorded } from '@holdfast/domain';
import { accountStream, cardStream, decode } from '@holdfast/events';
import type { JournalReader } from '@holdfast/journal';
import { EngineUnavailable } from './errors.ts';

/** Cards remembered; the least recently added leave first and are read again when they are needed. */
const REMEMBERED = 1_000_000;

/** Reads of unknown cards that may be under way at once. */
const READS_MOST = 4_096;

export type CardLookup = {
  /** Undefined when it is not in memory: then `read` tells. */
  known(cardId: CardId): string | undefined;
  /** Undefined for a card that nobody has claimed. Coalesced; rejects with `EngineUnavailable` when too many are under way. */
  read(cardId: CardId): Promise<string | undefined>;
  remember(cardId: CardId, stream: string): void;
};

export function createCardLookup(journal: JournalReader): CardLookup {
  const streams = new Map<CardId, string>();
  const reads = new Map<CardId, Promise<string | undefined>>();

  function remember(cardId: CardId, stream: string): void {
    if (streams.size >= REMEMBERED) {
      const oldest = streams.keys().next().value;
      if (oldest !== undefined) streams.delete(oldest);
    }
    streams.set(cardId, stream);
  }

  async function readClaim(cardId: CardId): Promise<string | undefined> {
    for await (const page of journal.readStream(cardStream(cardId), { limit: 1 })) {
      for (const stored of page) {
        const event = decode(stored) as Recorded<CardClaimEvent>;
        // One text for the card's messages and its account: its hash is known, and comparing it costs nothing.
        const stream = accountStream(event.data.accountId);
        remember(cardId, stream);
        return stream;
      }
    }
    return undefined;
  }

  function begin(cardId: CardId): Promise<string | undefined> {
    if (reads.size >= READS_MOST) return Promise.reject(new EngineUnavailable('too many unknown cards at once'));
    const reading = readClaim(cardId).finally(() => reads.delete(cardId));
    reads.set(cardId, reading);
    return reading;
  }

  return {
    known: (cardId) => streams.get(cardId),
    remember,
    read(cardId) {
      const underWay = reads.get(cardId);
      if (underWay === undefined) return begin(cardId);
      // It may have passed by before the card was claimed: what it does not find is looked for once more, for all who came since.
      return underWay.then((found) => found ?? reads.get(cardId) ?? begin(cardId));
    },
  };
}
