// cardClaim.ts: events of the streams `card-<fingerprint>`.

import type { AccountId, CardId, ProgramId } from '../ids.ts';
import type { Event } from './parts.ts';

export type CardNumberClaimed = Event<
  'CardNumberClaimed',
  {
    readonly cardId: CardId;
    readonly accountId: AccountId;
    readonly programId: ProgramId;
    readonly fingerprintKeyId: string;
  }
>;
export type CardClaimEvent = CardNumberClaimed;
