// cardGate.ts: keeps the issuing of a card apart from recording messages for its still unknown number. A fact that is
// recorded must be among those that the card carries, and one that is not must be decided by the account.

import type { CardId } from '@holdfast/domain';

export type CardGate = {
  /** Runs `issue`; messages for the card wait meanwhile. Several for one card run at the same time. */
  issuing<Result>(cardId: CardId, issue: () => Promise<Result>): Promise<Result>;
  /** Resolves when the card is no longer being issued; undefined when it is not. */
  issued(cardId: CardId): Promise<void> | undefined;
  /** A message for the card is being recorded until the returned function is called. */
  recording(cardId: CardId): () => void;
  /** Resolves when nothing is being recorded for the card any more. Nothing new is, while it is being issued. */
  recorded(cardId: CardId): Promise<void>;
};

export function createCardGate(): CardGate {
  const issues = countedByCard();
  const recordings = countedByCard();
  return {
    async issuing(cardId, issue) {
      const leave = issues.enter(cardId);
      try {
        return await issue();
      } finally {
        leave();
      }
    },
    issued: issues.left,
    recording: recordings.enter,
    recorded: async (cardId) => recordings.left(cardId),
  };
}

type Inside = { count: number; readonly left: Promise<void>; readonly leave: () => void };

/** Who is inside, by card; and a promise for when nobody is. */
function countedByCard() {
  const inside = new Map<CardId, Inside>();
  return {
    enter(cardId: CardId): () => void {
      const { promise: left, resolve: leave } = Promise.withResolvers<void>();
      const each = inside.get(cardId) ?? { count: 0, left, leave };
      inside.set(cardId, each);
      each.count++;
      return () => {
        if (--each.count > 0) return;
        inside.delete(cardId);
        each.leave();
      };
    },
    left: (cardId: CardId): Promise<void> | undefined => inside.get(cardId)?.left,
  };
}
