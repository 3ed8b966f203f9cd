// bounds.ts: the smaller of two amounts, and none below zero.

export function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function atLeastZero(minor: bigint): bigint {
  return minor > 0n ? minor : 0n;
}
