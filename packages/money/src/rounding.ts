// rounding.ts: exact proportions of minor units, with the rounding named at each call.

/** `amount × numerator / denominator`, half up. All three at least zero, `denominator` above zero. */
export function proportionHalfUp(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  check(amount, numerator, denominator);
  return (2n * amount * numerator + denominator) / (2n * denominator);
}

/** `amount × numerator / denominator`, rounded down. All three at least zero, `denominator` above zero. */
export function proportionDown(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  check(amount, numerator, denominator);
  return (amount * numerator) / denominator;
}

function check(amount: bigint, numerator: bigint, denominator: bigint): void {
  if (amount < 0n || numerator < 0n || denominator <= 0n) {
    throw new RangeError(`no proportion of negative amounts or of zero: ${amount} × ${numerator} / ${denominator}`);
  }
}
