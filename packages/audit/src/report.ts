// report.ts: what verifying a log finds out, and every kind of problem that there can be.

import type { Position } from '@holdfast/journal';
import type { CurrencyCode } from '@holdfast/money';

/** Each kind of problem and what it means. The codes are stable: scripts read them from `holdfast verify --json`. */
export const PROBLEMS = {
  log_unreadable: 'the log cannot be read on',
  position_order: 'positions must rise from event to event',
  revision_gap: 'revisions of a stream must follow each other from 0',
  unknown_stream: 'a stream must have a name that Holdfast writes',
  misplaced_event: 'an event must stand in a stream of its own kind',
  undecodable_event: 'an event must be readable',
  invalid_event: 'an event must have the shape that its type and version say',
  wrong_event_id: 'an event’s id must follow from its stream, command, place and content',
  time_ran_back: 'time must not run back within a stream',
  command_twice: 'a command must have one effect in a stream',
  unbalanced_entry: 'an entry must sum to zero in each currency',
  broken_invariant: 'an event must be able to follow those before it',
  wrong_hold: 'held funds must be the sum of what the transactions hold',
  overspent: 'an approval must leave the account at or above its credit line',
  other_decision: 'deciding again on the state before must give the recorded outcome',
  wrong_transfer: 'a transfer must be sent, received or refused, and finished, once each and with one amount',
  wrong_suspense: 'a sum in suspense must be resolved once, as a whole, and get where it was assigned to',
  unclaimed_card: 'a card must have claimed its number, once',
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export type Problem = {
  readonly kind: ProblemKind;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** A sentence without card numbers or personal data. */
  readonly what: string;
};

/** Sums over the whole log, in minor units; `balanceMinor` is debits less credits. */
export type TrialBalanceLine = {
  readonly account: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly balanceMinor: bigint;
};

export type CurrencyTrialBalance = {
  readonly currency: CurrencyCode;
  readonly lines: readonly TrialBalanceLine[];
  /** Sum of the lines' balances: zero, or the log is broken. */
  readonly offMinor: bigint;
};

export type LogReport = {
  readonly events: number;
  readonly streams: number;
  readonly programs: number;
  readonly accounts: number;
  readonly cards: number;
  readonly transactions: number;
  /** Entries that move money, and the events of each type. */
  readonly entries: number;
  readonly eventsByType: Readonly<Record<string, number>>;
  /** Position of the last event that was verified. */
  readonly position: Position;
  readonly trialBalance: readonly CurrencyTrialBalance[];
  /** Exact counts, however many problems are shown. */
  readonly problemCount: number;
  readonly problemsByKind: Readonly<Partial<Record<ProblemKind, number>>>;
  readonly problems: readonly Problem[];
};

export type Progress = { readonly events: number; readonly position: Position; readonly head: Position };
