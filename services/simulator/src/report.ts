// report.ts: what a run found, as data: the JSON of --json, and what the printed report is made of.

import { BROKEN } from './expectations.ts';
import type { KindCounts, Tally } from './measure/tally.ts';
import { MESSAGE_TYPES } from './traffic/message.ts';

export type RunFacts = {
  readonly url: string;
  /** Absent of a file. */
  readonly seed?: number;
  readonly file?: string;
  /** Messages a second; 0 is as fast as possible. */
  readonly rate: number;
  readonly connections: number;
  readonly startedAtMs: number;
  readonly elapsedMs: number;
  /** By Ctrl-C or a failure. */
  readonly stoppedEarly: boolean;
  readonly unsent: number;
  readonly waiting: number;
};

export type Report = ReturnType<typeof reportOf>;

/** `ok` is false when a message had to be sent again or was lost, was refused, or an answer broke an expectation. */
export function reportOf(facts: RunFacts, tally: Tally) {
  const { latency, lag } = tally;
  const p = (percentile: number) => latency.percentileMs(percentile);
  return {
    ok: tally.errors.size === 0 && tally.lost === 0 && tally.refusals.size === 0 && tally.broken.size === 0,
    url: facts.url,
    seed: facts.seed ?? null,
    file: facts.file ?? null,
    started_at: new Date(facts.startedAtMs).toISOString(),
    elapsed_ms: Math.round(facts.elapsedMs),
    stopped_early: facts.stoppedEarly,
    connections: facts.connections,
    rate: { asked: facts.rate, achieved: facts.elapsedMs === 0 ? 0 : (tally.sent * 1_000) / facts.elapsedMs },
    sent: tally.sent,
    resent: tally.resent,
    lost: tally.lost,
    /** Due within the run, not sent since every connection was busy. */
    unsent: facts.unsent,
    /** What would have come after the end: of purchases made, and copies. */
    follow_ups_left: facts.waiting,
    approved_share: approvedShare(tally),
    kinds: Object.fromEntries(kindsOf(tally)),
    declines: descending(tally.declines),
    flags: descending(tally.flags),
    /** What the network did wrong on purpose, in messages. */
    disorder: descending(tally.disorder),
    latency_ms: {
      measured_from: facts.rate === 0 ? 'sending' : 'schedule',
      mean: latency.meanMs,
      p50: p(50),
      p90: p(90),
      p99: p(99),
      p99_9: p(99.9),
      max: latency.maxMs,
    },
    /** How long after its scheduled moment a message was sent: timers, and waiting for a free connection. */
    lag_ms: { p50: lag.percentileMs(50), p99: lag.percentileMs(99), max: lag.maxMs },
    errors: descending(tally.errors),
    refusals: descending(tally.refusals),
    broken: [...tally.broken].map(([code, { count, example }]) => ({ code, count, meaning: BROKEN[code], example })),
  };
}

/** In the order in which docs/api.md names them; what a file has beside at the end. */
export function kindsOf({ kinds }: Tally): readonly (readonly [string, Readonly<KindCounts>])[] {
  const order: readonly string[] = MESSAGE_TYPES;
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...kinds].sort(([a], [b]) => place(a) - place(b));
}

/** Of the authorizations decided, how many were approved, wholly or in part; null before the first one. */
export function approvedShare(tally: Tally): number | null {
  const counts = tally.kinds.get('authorization');
  const decided = counts === undefined ? 0 : decisions(counts);
  if (counts === undefined || decided === 0) return null;
  return (counts.approved + counts.partially_approved) / decided;
}

/** Authorizations that were decided. */
export function decisions(counts: Readonly<KindCounts>): number {
  return counts.approved + counts.partially_approved + counts.declined;
}

/** The most frequent first. */
export function descending(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
