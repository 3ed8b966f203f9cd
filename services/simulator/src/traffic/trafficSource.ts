// trafficSource.ts: simulated traffic: new purchases, and whatever is due of those that were made before.

import { type Clock, systemClock } from '../clock.ts';
import type { Outgoing, Source } from '../source.ts';
import { type Disorder, NO_DISORDER } from './disorder.ts';
import { dueQueue } from './dueQueue.ts';
import { stampsFrom } from './identity.ts';
import { merchantsOf } from './merchants.ts';
import { play } from './play.ts';
import { purchase, type SimulatedCard } from './purchase.ts';
import type { Send } from './stage.ts';

/** What waits is bounded: beyond this, purchases are left to expire. */
export const MOST_WAITING = 100_000;
/** A run of this length or more takes the delays as they stand. */
const FULL_DELAYS_AFTER_MS = 30_000;
/** Of the delays: what comes in any order needs some time to do so. */
const LEAST_SCALE = 0.02;
/** About three messages are sent of each. */
const MESSAGES_A_PURCHASE = 3;

export type TrafficOptions = {
  /** 32 bits. */
  readonly seed: number;
  /** At least one; the order matters to what is drawn. */
  readonly cards: readonly SimulatedCard[];
  readonly startedAtMs: number;
  /** How long it will be asked for messages; infinite when `purchases` ends it. */
  readonly durationMs: number;
  /** Left out: without end. */
  readonly purchases?: number;
  /** Messages a second, 0 for as fast as possible: how much time `purchases` take. */
  readonly rate?: number;
  readonly disorder?: Disorder;
  /** To wait for what is not due yet. */
  readonly clock?: Clock;
};

/**
 * Traffic of a seed. What is due goes first, so a run at a fixed rate sends fewer new purchases later on. With a number
 * of purchases it ends when each of them has come to its end.
 */
export function trafficSource(options: TrafficOptions): Source {
  const { seed, cards, startedAtMs, purchases = Number.POSITIVE_INFINITY, disorder = NO_DISORDER } = options;
  const { clock = systemClock } = options;
  const merchants = merchantsOf(seed);
  const due = dueQueue<{ readonly dueMs: number; readonly send: Send }>(MOST_WAITING);
  const changed = signal();
  const stage = {
    seed,
    disorder,
    at: (dueMs: number, send: Send) => {
      const kept = due.add(dueMs, { dueMs, send });
      changed.tell();
      return kept;
    },
    stamp: stampsFrom(startedAtMs),
    scale: scaleOf(options),
  };
  let made = 0;
  let underWay = 0;

  const sendDue = (nowMs: number): Outgoing | undefined => {
    for (let next = due.take(nowMs); next !== undefined; next = due.take(nowMs)) {
      const outgoing = next.send(nowMs);
      if (outgoing !== undefined) return tracked(outgoing, next.dueMs);
    }
    return undefined;
  };

  const tracked = (outgoing: Outgoing, dueMs: number): Outgoing => {
    underWay += 1;
    return {
      ...outgoing,
      // What waits within a run waits for the schedule; at its end there is nothing else to send.
      ...(made < purchases ? {} : { readyAtMs: dueMs }),
      ended: (nowMs) => {
        outgoing.ended?.(nowMs);
        underWay -= 1;
        changed.tell();
      },
    };
  };

  return {
    async next(startMs, stop) {
      let nowMs = startMs;
      while (stop?.aborted !== true) {
        const outgoing = sendDue(nowMs);
        if (outgoing !== undefined) return outgoing;
        if (made < purchases) {
          play(stage, purchase(seed, made++, cards, merchants), nowMs);
        } else if (due.size === 0 && underWay === 0) {
          return undefined;
        } else {
          await changed.orAt(due.firstDueMs, clock, stop);
          nowMs = clock.nowMs();
        }
      }
      return undefined;
    },
    get waiting() {
      return due.size;
    },
    close: () => undefined,
  };
}

function scaleOf({ durationMs, purchases, rate = 0 }: TrafficOptions): number {
  const takesMs =
    purchases === undefined ? durationMs : rate === 0 ? 0 : (purchases * MESSAGES_A_PURCHASE * 1_000) / rate;
  return Math.min(1, Math.max(LEAST_SCALE, Math.min(takesMs, durationMs) / FULL_DELAYS_AFTER_MS));
}

/** Looked at again after this long: a timer has a most. */
const LONGEST_WAIT_MS = 1_000;

/** Wakes everyone who waits, when it is told or a moment has come. */
function signal() {
  let waiting: AbortController[] = [];
  return {
    tell(): void {
      const woken = waiting;
      waiting = [];
      for (const each of woken) each.abort();
    },
    async orAt(dueMs: number | undefined, clock: Clock, stop: AbortSignal | undefined): Promise<void> {
      const woken = new AbortController();
      waiting.push(woken);
      const latestMs = clock.nowMs() + LONGEST_WAIT_MS;
      const signals = stop === undefined ? [woken.signal] : [woken.signal, stop];
      await clock.until(Math.min(dueMs ?? latestMs, latestMs), AbortSignal.any(signals));
    },
  };
}
