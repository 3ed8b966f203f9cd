// stage.ts: what playing a purchase needs of the run around it: its time, its numbers, its disorder.

import type { Outgoing } from '../source.ts';
import { DELAYS_S, type Delay } from './balance.ts';
import type { Disorder } from './disorder.ts';
import type { Stamp } from './identity.ts';

/** Sends at `nowMs`, or has put off what it would send. */
export type Send = (nowMs: number) => Outgoing | undefined;

export type Stage = {
  readonly seed: number;
  readonly disorder: Disorder;
  /** False when there is no room: it is never sent. */
  at(dueMs: number, send: Send): boolean;
  stamp(): Stamp;
  /** Of all delays, above zero. */
  readonly scale: number;
};

/** A delay after `nowMs`; `wait` in [0, 1) is where within it. */
export function after({ scale }: Stage, nowMs: number, delay: Delay, wait: number): number {
  const [from, to] = DELAYS_S[delay];
  return nowMs + 1_000 * scale * (from + (to - from) * wait);
}
