// clock.ts: milliseconds since 1970 that never run back, with fractions, and waiting for one of them.

import { setTimeout as sleep } from 'node:timers/promises';

export type Clock = {
  nowMs(): number;
  /** Resolves at `atMs`, or at once when `stop` is aborted. */
  until(atMs: number, stop: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  async until(atMs, stop) {
    const wait = atMs - systemClock.nowMs();
    if (wait <= 0 || stop.aborted) return;
    try {
      await sleep(wait, undefined, { signal: stop });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  },
};
