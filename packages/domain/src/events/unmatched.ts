// unmatched.ts: events of the streams `unmatched-<00..ff>`.

import type { NetworkMessage } from '../authorization/message.ts';
import type { AccountId } from '../ids.ts';
import type { Entry } from '../ledger/entry.ts';
import type { SuspenseSum, SuspenseTo } from '../ledger/suspense.ts';
import type { MessageConflicted } from './fact.ts';
import type { Event } from './parts.ts';

/** A message for a card that nobody knows. A clearing is booked against suspense; the rest moves nothing. */
export type UnmatchedMessageRecorded = Event<
  'UnmatchedMessageRecorded',
  {
    readonly message: NetworkMessage;
    readonly decision: 'declined' | 'accepted';
    readonly responseCode: string;
    readonly reason: 'card_not_found';
    readonly entry: Entry;
  }
>;
/** What an event of this stream left in suspense is on its way to an account, or is the program's. */
export type SuspenseAssigned = Event<
  'SuspenseAssigned',
  SuspenseSum & {
    /** Of the event that left it there. */
    readonly revision: number;
    readonly to: 'in_transit' | SuspenseTo;
    /** To whom, when it is on its way. */
    readonly accountId?: AccountId;
    /** What it is to that account, in its currency. */
    readonly accountMinor?: bigint;
    readonly reason: string;
    readonly entry: Entry;
  }
>;

/** The identity of a message recorded here, with other content: 94, no effect. */
export type UnmatchedEvent = UnmatchedMessageRecorded | MessageConflicted | SuspenseAssigned;
