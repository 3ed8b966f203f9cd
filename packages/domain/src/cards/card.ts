// card.ts: a card as its account knows it.

import { type Controls, NO_CONTROLS } from '../controls/limit.ts';
import { noSpending, type Spending } from '../controls/spending.ts';
import type { CardIssued } from '../events.ts';
import type { CardId } from '../ids.ts';
import type { Instant } from '../time.ts';

export type CardStatus = 'active' | 'paused' | 'closed';

export type Card = {
  readonly cardId: CardId;
  readonly bin: string;
  readonly last4: string;
  /** YYMM. */
  readonly expiry: string;
  /** The first moment at which it no longer works: the end of that month, UTC. */
  readonly expiresAt: Instant;
  readonly label?: string;
  readonly issuedAt: Instant;
  readonly status: CardStatus;
  readonly controls: Controls;
  readonly spending: Spending;
};

export function issuedCard({ cardId, bin, last4, expiry, label }: CardIssued['data'], issuedAt: Instant): Card {
  return {
    cardId,
    bin,
    last4,
    expiry,
    expiresAt: Date.UTC(2000 + Number(expiry.slice(0, 2)), Number(expiry.slice(2)), 1),
    ...(label === undefined ? {} : { label }),
    issuedAt,
    status: 'active',
    controls: NO_CONTROLS,
    spending: noSpending(),
  };
}
