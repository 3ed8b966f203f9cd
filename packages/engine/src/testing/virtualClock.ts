// virtualClock.ts: a clock that a test turns by hand.

import type { Instant } from '@holdfast/domain';
import type { Clock } from '../clock.ts';

export type VirtualClock = Clock & {
  /** Moves on by `ms`, calling back whatever falls due, in order, and letting everything that follows from it happen. */
  advance(ms: number): Promise<void>;
  /** Moves on by `ms` at once, as when a process was asleep: whatever fell due is called back once. */
  jump(ms: number): Promise<void>;
};

export function virtualClock(start: Instant = Date.UTC(2026, 2, 1, 12)): VirtualClock {
  let now = start;
  let count = 0;
  const timers = new Map<number, { readonly at: Instant; readonly callback: () => void }>();
  const next = (until: Instant) =>
    [...timers].filter(([, { at }]) => at <= until).sort(([a, { at: x }], [b, { at: y }]) => x - y || a - b)[0];
  return {
    now: () => now,
    after(ms, callback) {
      const id = count++;
      timers.set(id, { at: now + ms, callback });
      return () => timers.delete(id);
    },
    async advance(ms) {
      const until = now + ms;
      for (let due = next(until); due !== undefined; due = next(until)) {
        const [id, { at, callback }] = due;
        timers.delete(id);
        now = Math.max(now, at);
        callback();
        await settled();
      }
      now = until;
      await settled();
    },
    async jump(ms) {
      now += ms;
      for (const [id, { at, callback }] of [...timers].sort(([a], [b]) => a - b)) {
        if (at > now || !timers.delete(id)) continue;
        callback();
        await settled();
      }
    },
  };
}

/** Lets every promise that can go on without time go on: all of them run before the next turn of the event loop. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
