// partialApproval.ts: as much of what was asked for as the funds cover.

import { proportionDown, proportionHalfUp } from '@holdfast/money';

export type PartialAmounts = {
  /** Transaction currency. */
  readonly approvedMinor: bigint;
  /** Account currency, the mark-up in it. */
  readonly accountMinor: bigint;
  readonly feeMinor: bigint;
};

/**
 * What can be approved of `askedMinor` (transaction currency), which is `askedAccountMinor` in account currency with
 * `askedFeeMinor` of mark-up in it, with `spendableMinor` of that to spend: in transaction currency rounded down, its hold
 * half up, so never more than is spendable. EUR 40.00 = USD 43.60 with USD 20.00: EUR 18.34, and
 * 43.60 × 18.34 / 40.00 = USD 19.99 held. Undefined when that is nothing.
 */
export function partialAmounts(
  askedMinor: bigint,
  askedAccountMinor: bigint,
  askedFeeMinor: bigint,
  spendableMinor: bigint,
): PartialAmounts | undefined {
  if (spendableMinor <= 0n) return undefined;
  const approvedMinor = proportionDown(askedMinor, spendableMinor, askedAccountMinor);
  if (approvedMinor === 0n) return undefined;
  return {
    approvedMinor,
    accountMinor: proportionHalfUp(askedAccountMinor, approvedMinor, askedMinor),
    feeMinor: askedFeeMinor === 0n ? 0n : proportionHalfUp(askedFeeMinor, approvedMinor, askedMinor),
  };
}
