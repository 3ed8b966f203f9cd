// pace.ts: when each message should be sent. The schedule is fixed before any answer is known (an open loop), and latency
// is measured from it: a server that stalls cannot hide the wait of the messages that should have been sent meanwhile
// (coordinated omission).

export type Pace = {
  /**
   * The moment at which the next message should be sent, in milliseconds; it may be past when all connections were busy.
   * Undefined when the run is over.
   */
  next(nowMs: number): number | undefined;
  /** Messages that should have been sent by `nowMs` and were not. */
  unsent(nowMs: number): number;
};

/** `rate` messages a second from `startMs` until `endMs`. Rate 0: as fast as answers come, each due when it is sent. */
export function paceOf(rate: number, startMs: number, endMs: number): Pace {
  let taken = 0;
  return {
    next(nowMs) {
      if (nowMs >= endMs) return undefined;
      if (rate === 0) return nowMs;
      const dueMs = startMs + (taken * 1_000) / rate;
      if (dueMs >= endMs) return undefined;
      taken += 1;
      return dueMs;
    },
    unsent(nowMs) {
      if (rate === 0) return 0;
      const elapsedMs = Math.min(nowMs, endMs) - startMs;
      return Math.max(0, Math.ceil((elapsedMs * rate) / 1_000) - taken);
    },
  };
}
