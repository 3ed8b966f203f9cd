// tally.ts: what a run has counted so far. Memory is bounded: names that come from outside are counted up to a limit.

import type { Answer } from '../answer.ts';
import type { Broken } from '../expectations.ts';
import type { DisorderKind } from '../traffic/disorder.ts';
import { type Histogram, histogram } from './histogram.ts';

/** Names kept apart in one table; further ones are counted together. */
export const MOST_NAMES = 64;
export const OTHER = 'other';

export type KindCounts = Record<Decision | 'sent' | 'repeats' | 'refused' | 'lost', number>;
export type Decision = Answer['decision'];

export type Tally = {
  readonly kinds: ReadonlyMap<string, Readonly<KindCounts>>;
  /** By reason; authorizations and others. */
  readonly declines: ReadonlyMap<string, number>;
  readonly flags: ReadonlyMap<string, number>;
  /** What the network did wrong on purpose. */
  readonly disorder: ReadonlyMap<DisorderKind, number>;
  /** Failed attempts: transport errors and 5xx, those that a repeat made good included. */
  readonly errors: ReadonlyMap<string, number>;
  /** Answers 4xx, by status and code. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly broken: ReadonlyMap<Broken, { count: number; readonly example: string }>;
  /** From the moment a message should have been sent to its answer. */
  readonly latency: Histogram;
  /** From the moment a message should have been sent to the moment it was. */
  readonly lag: Histogram;
  readonly sent: number;
  /** Attempts beyond the first. */
  readonly resent: number;
  /** Messages that no attempt got an answer for. */
  readonly lost: number;
  /** Messages sent per second over the last whole seconds, at most `RATE_WINDOW_S`. */
  rateNow(nowMs: number): number;

  countSent(kind: string, repeat: boolean, lagMs: number, nowMs: number): void;
  countDisorder(kinds: readonly DisorderKind[]): void;
  countFailures(failures: readonly string[], resent: number): void;
  countAnswer(kind: string, answer: Answer, latencyMs: number): void;
  countUnreadable(latencyMs: number): void;
  countRefusal(kind: string, refusal: string, latencyMs: number): void;
  countLost(kind: string): void;
  countBroken(broken: readonly Broken[], example: string): void;
};

const RATE_WINDOW_S = 3;

export function tally(startedAtMs: number): Tally {
  const kinds = new Map<string, KindCounts>();
  const declines = new Map<string, number>();
  const flags = new Map<string, number>();
  const disorder = new Map<DisorderKind, number>();
  const errors = new Map<string, number>();
  const refusals = new Map<string, number>();
  const broken = new Map<Broken, { count: number; readonly example: string }>();
  const latency = histogram();
  const lag = histogram();
  /** Messages sent in each of the last seconds, by second modulo the length. */
  const seconds = Array.from({ length: RATE_WINDOW_S + 1 }, () => ({ second: -1, sent: 0 }));
  const totals = { sent: 0, resent: 0, lost: 0 };

  const of = (kind: string): KindCounts => {
    const name = kinds.has(kind) || kinds.size < MOST_NAMES ? kind : OTHER;
    const found = kinds.get(name);
    if (found !== undefined) return found;
    const fresh = {
      sent: 0,
      repeats: 0,
      approved: 0,
      partially_approved: 0,
      declined: 0,
      accepted: 0,
      refused: 0,
      lost: 0,
    };
    kinds.set(name, fresh);
    return fresh;
  };

  return {
    kinds,
    declines,
    flags,
    disorder,
    errors,
    refusals,
    broken,
    latency,
    lag,
    get sent() {
      return totals.sent;
    },
    get resent() {
      return totals.resent;
    },
    get lost() {
      return totals.lost;
    },
    rateNow(nowMs) {
      const now = Math.floor((nowMs - startedAtMs) / 1_000);
      const whole = seconds.filter(({ second }) => second >= 0 && second < now && second >= now - RATE_WINDOW_S);
      const covered = Math.min(now, RATE_WINDOW_S);
      return covered === 0 ? totals.sent : whole.reduce((sum, { sent }) => sum + sent, 0) / covered;
    },
    countSent(kind, repeat, lagMs, nowMs) {
      totals.sent += 1;
      const counts = of(kind);
      counts.sent += 1;
      if (repeat) counts.repeats += 1;
      lag.add(lagMs);
      const second = Math.floor((nowMs - startedAtMs) / 1_000);
      const slot = seconds[second % seconds.length];
      if (slot === undefined) return;
      if (slot.second !== second) Object.assign(slot, { second, sent: 0 });
      slot.sent += 1;
    },
    countDisorder(kinds) {
      for (const kind of kinds) disorder.set(kind, (disorder.get(kind) ?? 0) + 1);
    },
    countFailures(failures, resent) {
      for (const failure of failures) count(errors, failure);
      totals.resent += resent;
    },
    countAnswer(kind, answer, latencyMs) {
      latency.add(latencyMs);
      of(kind)[answer.decision] += 1;
      if (answer.decision === 'declined') count(declines, answer.reason ?? 'no reason');
      for (const flag of answer.flags) count(flags, flag);
    },
    countUnreadable(latencyMs) {
      latency.add(latencyMs);
    },
    countRefusal(kind, refusal, latencyMs) {
      latency.add(latencyMs);
      of(kind).refused += 1;
      count(refusals, refusal);
    },
    countLost(kind) {
      totals.lost += 1;
      of(kind).lost += 1;
    },
    countBroken(names, example) {
      for (const name of names) {
        const found = broken.get(name);
        if (found === undefined) broken.set(name, { count: 1, example });
        else found.count += 1;
      }
    },
  };
}

function count(names: Map<string, number>, name: string): void {
  const key = names.has(name) || names.size < MOST_NAMES ? name : OTHER;
  names.set(key, (names.get(key) ?? 0) + 1);
}
