// totals.ts: the sums over the messages of a transaction, in minor units of one currency, and how an event changes them.

import type { Change } from '../events.ts';

export type Totals = {
  readonly requestedMinor: bigint;
  readonly approvedMinor: bigint;
  /** Approved and not yet reversed, cleared or expired. */
  readonly openMinor: bigint;
  readonly reversedMinor: bigint;
  /** Posted to the cardholder and not posted back. */
  readonly clearedMinor: bigint;
  readonly refundedMinor: bigint;
  /** Announced by a refund authorization and not yet refunded; balances ignore it. */
  readonly pendingCreditMinor: bigint;
};

export const NO_TOTALS: Totals = {
  requestedMinor: 0n,
  approvedMinor: 0n,
  openMinor: 0n,
  reversedMinor: 0n,
  clearedMinor: 0n,
  refundedMinor: 0n,
  pendingCreditMinor: 0n,
};

/** The totals after a change of them. */
export function changed(totals: Totals, change: Change['totals']): Totals {
  if (change === undefined) return totals;
  return {
    requestedMinor: totals.requestedMinor + (change.requestedMinor ?? 0n),
    approvedMinor: totals.approvedMinor + (change.approvedMinor ?? 0n),
    openMinor: totals.openMinor + (change.openMinor ?? 0n),
    reversedMinor: totals.reversedMinor + (change.reversedMinor ?? 0n),
    clearedMinor: totals.clearedMinor + (change.clearedMinor ?? 0n),
    refundedMinor: totals.refundedMinor + (change.refundedMinor ?? 0n),
    pendingCreditMinor: totals.pendingCreditMinor + (change.pendingCreditMinor ?? 0n),
  };
}
