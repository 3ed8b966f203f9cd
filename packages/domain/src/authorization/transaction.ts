// transaction.ts: the life of one transaction: its state, and what can be said of it.

import type { CurrencyCode } from '@holdfast/money';
import { proportionHalfUp } from '@holdfast/money';
import type { AccountEvent, Share, Taken } from '../events.ts';
import type { CardId, CommandId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import type { Instant } from '../time.ts';
import type { Charges } from './charges.ts';
import { kindOf, type NetworkMessage } from './message.ts';
import type { Posted } from './posted.ts';
import type { Totals } from './totals.ts';

export const TRANSACTION_STATUSES = [
  'pending',
  'partially_settled',
  'settled',
  'voided',
  'expired',
  'declined',
] as const;

export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** One increment that was approved: a reversal may mean it alone. Transaction currency. */
export type Increment = {
  readonly revision: number;
  readonly requestedMinor: bigint;
  readonly approvedMinor: bigint;
  /** What is not reversed of it. */
  readonly leftMinor: bigint;
  readonly rrn: string | undefined;
} & Sent;

/** By which another message's `original` names it. */
export type Sent = Pick<NetworkMessage, 'stan' | 'transmittedAt' | 'acquirerId'>;

/** The newest approval, while nothing has touched its transaction since: it can still be released as late. */
export type Releasable = {
  readonly commandId: CommandId;
  readonly revision: number;
  readonly answerBy: Instant;
  readonly kind: 'hold' | 'posting' | 'credit';
  /** What it held, posted or announced. Transaction currency. */
  readonly addedMinor: bigint;
};

export type Transaction = {
  readonly transactionId: TransactionId;
  /** Of its first message: whose limits it counts against. */
  readonly cardId: CardId;
  readonly network: string;
  readonly currency: CurrencyCode;
  /** Transaction currency. */
  readonly totals: Totals;
  /** Account currency. */
  readonly accountTotals: Totals;
  /** Account currency. */
  readonly heldMinor: bigint;
  /**
   * What limits still count of it, oldest charge first: in sum what is open and cleared, less what refunds gave back
   * (below zero, at the time of the refund). Account currency. Absent: `chargesOf` says them.
   */
  readonly charges: Charges | undefined;
  /** What its refunds gave back to limits. Account currency. */
  readonly givenBackMinor: bigint;
  readonly status: TransactionStatus;
  /** A final clearing came: a reversal moves nothing any more. */
  readonly finallyCleared: boolean;
  readonly firstRequestedMinor: bigint;
  readonly firstApprovedMinor: bigint;
  readonly authorizationCode: string | undefined;
  /** Of its hold; absent while nothing was approved. */
  readonly expiresAt: Instant | undefined;
  /** Of its pending credit. */
  readonly creditExpiresAt: Instant | undefined;
  /** Of its first message, as sent. */
  readonly transmittedAt: string | undefined;
  readonly openedAt: Instant;
  readonly openedRevision: number;
  /** An authorization was decided for it here, whichever way. */
  readonly decided: boolean;
  /** The network has said what it stands at. */
  readonly advised: boolean;
  /** Something was asked for, or paid: it is not only money given back. */
  readonly purchase: boolean;
  /** A single message: posted at once, never held. */
  readonly financial: boolean;
  /** A reversal of all of it came before the first word about it, and nothing was opened since. */
  readonly undone: boolean;
  /** The network declined it in our place. */
  readonly declinedByNetwork: boolean;
  /** What refund authorizations have announced in all. Transaction currency. */
  readonly announcedMinor: bigint;
  readonly increments: readonly Increment[];
  /** Of a financial authorization and of clearings, oldest first; those of which nothing is left are gone. */
  readonly posted: readonly Posted[];
  readonly releasable: Releasable | undefined;
  /** Revisions of the approvals that were released as late: the network was told 91. */
  readonly releasedLate: readonly number[];
  readonly lastRevision: number;
};

/** The transaction that an event belongs to, or undefined for one that touches none. */
export function transactionIdOf(event: AccountEvent): TransactionId | undefined {
  return 'transactionId' in event.data ? event.data.transactionId : undefined;
}

/** The increment of `tx` that a message's `original` names. */
export function incrementOf({ increments }: Transaction, { original }: NetworkMessage): Increment | undefined {
  if (original === undefined || kindOf(original.type) !== 'increment') return undefined;
  const { stan, transmittedAt, acquirerId } = original;
  return increments.find(
    (each) => each.stan === stan && each.transmittedAt === transmittedAt && each.acquirerId === acquirerId,
  );
}

/** True once an authorization was decided for it, whichever way. */
export function wasDecided({ decided }: Transaction): boolean {
  return decided;
}

/** True once something was approved for it, by us or by the network in our place, also of zero. */
export function wasApproved({ expiresAt, financial }: Transaction): boolean {
  return expiresAt !== undefined || financial;
}

/** Something was posted of it and not posted back. By another currency it may be nothing in its own. */
export function isCleared({ totals, accountTotals }: Transaction): boolean {
  return totals.clearedMinor > 0n || accountTotals.clearedMinor > 0n;
}

/** What a transaction becomes when all that is open of it is released, for the reason that `released` names. */
export function statusReleased({ status }: Transaction, released: 'voided' | 'expired'): TransactionStatus {
  if (status === 'partially_settled') return 'settled';
  return status === 'pending' ? released : status;
}

/** What a transaction becomes when a share of a single message is posted back. All of it in one currency may be less in the other. */
export function statusPostedBack(
  { status, totals, accountTotals }: Transaction,
  { amountMinor, accountMinor }: Pick<Share, 'amountMinor' | 'accountMinor'>,
): TransactionStatus {
  const all = totals.clearedMinor === amountMinor && accountTotals.clearedMinor === accountMinor;
  return all && totals.openMinor === 0n ? 'voided' : status;
}

/** To take `openMinor` of what is open: the one rule by which anything lowers a hold. */
export function take(tx: Transaction, openMinor: bigint): Taken {
  const { openMinor: open } = tx.totals;
  invariant(openMinor >= 0n && openMinor <= open, `taking ${openMinor} of ${open} on ${tx.transactionId}`);
  if (openMinor === open) return { openMinor, openAccountMinor: tx.accountTotals.openMinor, heldMinor: tx.heldMinor };
  return {
    openMinor,
    openAccountMinor: proportionHalfUp(tx.accountTotals.openMinor, openMinor, open),
    heldMinor: proportionHalfUp(tx.heldMinor, openMinor, open),
  };
}
