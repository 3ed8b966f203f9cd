// clock.ts: time and timers, handed in, so that a test turns them by hand.

import type { Instant } from '@holdfast/domain';

export type Clock = {
  now(): Instant;
  /** Calls back once, `ms` later; the returned function prevents it. Does not keep a process alive. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
