// statistics.ts: few numbers from several noisy rounds.

/** The middle one; of an even count the mean of the two in the middle. Throws `RangeError` for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('a median of no values');
  return (lower + upper) / 2;
}

/** The value that `share` (0 to 1) of the ascending `sorted` do not exceed. NaN for none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

/** Round by round, so that what slows both of a round down does not count. */
export function ratios(of: readonly number[], to: readonly number[]): readonly number[] {
  if (of.length !== to.length) throw new RangeError(`${of.length} rounds of one, ${to.length} of the other`);
  return of.map((value, round) => value / (to[round] ?? Number.NaN));
}
