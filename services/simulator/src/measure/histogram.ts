// histogram.ts: latencies in bounded memory: buckets that widen with the value, so a percentile is never off by more than
// one part in 64, and never below the true one.

/** 2^7 values of one microsecond each, then 64 buckets for every doubling. */
const EXACT = 128;
const PER_DOUBLING = 64;
/** About 71 minutes; what is longer counts as this long. */
const MOST_US = 2 ** 32 - 1;
const BUCKETS = EXACT + (32 - 7) * PER_DOUBLING;

export type Histogram = {
  readonly count: number;
  /** Milliseconds, zero when nothing was added. */
  readonly maxMs: number;
  readonly meanMs: number;
  add(ms: number): void;
  /**
   * The nearest-rank percentile in milliseconds, `p` in (0, 100]: at least the exact one (of whole microseconds), and at
   * most 1/64 more. Zero when nothing was added.
   */
  percentileMs(p: number): number;
};

export function histogram(): Histogram {
  const counts = new Float64Array(BUCKETS);
  let count = 0;
  let maxUs = 0;
  let sumUs = 0;

  return {
    get count() {
      return count;
    },
    get maxMs() {
      return maxUs / 1_000;
    },
    get meanMs() {
      return count === 0 ? 0 : sumUs / count / 1_000;
    },
    add(ms) {
      const us = Math.min(MOST_US, Math.max(0, Math.round(ms * 1_000)));
      const bucket = bucketOf(us);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count += 1;
      sumUs += us;
      maxUs = Math.max(maxUs, us);
    },
    percentileMs(p) {
      const rank = Math.max(1, Math.ceil((p / 100) * count));
      let seen = 0;
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        seen += counts[bucket] ?? 0;
        if (seen >= rank) return Math.min(highestIn(bucket), maxUs) / 1_000;
      }
      return 0;
    },
  };
}

function bucketOf(us: number): number {
  if (us < EXACT) return us;
  const doubling = Math.floor(Math.log2(us)) - 7;
  return EXACT + doubling * PER_DOUBLING + Math.floor(us / 2 ** (doubling + 1)) - PER_DOUBLING;
}

function highestIn(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const doubling = Math.floor((bucket - EXACT) / PER_DOUBLING);
  const place = (bucket - EXACT) % PER_DOUBLING;
  return (PER_DOUBLING + place + 1) * 2 ** (doubling + 1) - 1;
}
