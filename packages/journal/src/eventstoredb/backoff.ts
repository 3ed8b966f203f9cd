// backoff.ts: how long to wait before the next try.

const FIRST_MS = 20;
const MOST_MS = 1_000;

/** Milliseconds before try `failures + 1`: doubled with each failure up to a second, the upper half of it drawn by lot. */
export function backoffMs(failures: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return most / 2 + (Math.random() * most) / 2;
}
