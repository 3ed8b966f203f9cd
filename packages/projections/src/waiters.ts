// waiters.ts: who waits for the read models to reach a position.

import type { Position } from '@holdfast/journal';

/** Nobody waits longer than this. */
export const MAX_WAIT_MS = 60_000;

export type Waiters = {
  /** True when `position` is reached within `timeoutMs`, at once when it is already; false after that, or when closed. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** The read models have reached `position`. */
  advance(position: Position): void;
  readonly waiting: number;
  position(): Position;
  close(): void;
};

/** `onChange` is called when the first one begins to wait, and when none waits any more. */
export function createWaiters(start: Position, onChange: (waiting: boolean) => void = () => {}): Waiters {
  const waiters = new Set<{ readonly position: Position; readonly done: (reached: boolean) => void }>();
  let current = start;
  let closed = false;

  return {
    waitFor: (position, timeoutMs) => {
      if (!(timeoutMs >= 0 && timeoutMs <= MAX_WAIT_MS)) {
        throw new RangeError(`a wait lasts from 0 to ${MAX_WAIT_MS} ms, not ${timeoutMs}`);
      }
      if (position <= current) return Promise.resolve(true);
      if (closed || timeoutMs === 0) return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const waiter = {
        position,
        done: (reached: boolean): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          if (waiters.size === 0) onChange(false);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.done(false), timeoutMs);
      waiters.add(waiter);
      if (waiters.size === 1) onChange(true);
      return promise;
    },
    advance: (position) => {
      if (position > current) current = position;
      for (const waiter of waiters) if (waiter.position <= current) waiter.done(true);
    },
    get waiting() {
      return waiters.size;
    },
    position: () => current,
    close: () => {
      closed = true;
      for (const waiter of waiters) waiter.done(false);
    },
  };
}
