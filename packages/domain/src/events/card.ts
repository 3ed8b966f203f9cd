// card.ts: events of an account's cards, and of its controls.

import type { Controls } from '../controls/limit.ts';
import type { CardId, CommandId, ContentHash } from '../ids.ts';
import type { Event } from './parts.ts';

export type CardIssued = Event<
  'CardIssued',
  {
    readonly cardId: CardId;
    readonly kind: 'virtual';
    readonly bin: string;
    readonly last4: string;
    /** YYMM; the card works through the last day of that month, UTC. */
    readonly expiry: string;
    readonly fingerprintKeyId: string;
    readonly label?: string;
    /** Identities of facts that came for this number before the card was issued: they stay recorded, once. */
    readonly carried: readonly {
      readonly commandId: CommandId;
      readonly contentHash: ContentHash;
      readonly recordedIn: string;
    }[];
  }
>;

type CardStateChanged = { readonly cardId: CardId; readonly reason?: string };
export type CardPaused = Event<'CardPaused', CardStateChanged>;
export type CardResumed = Event<'CardResumed', CardStateChanged>;
export type CardClosed = Event<'CardClosed', CardStateChanged>;
export type CardControlsSet = Event<'CardControlsSet', { readonly cardId: CardId; readonly controls: Controls }>;
export type AccountControlsSet = Event<'AccountControlsSet', { readonly controls: Controls }>;

export type CardEvent = CardIssued | CardPaused | CardResumed | CardClosed | CardControlsSet | AccountControlsSet;
