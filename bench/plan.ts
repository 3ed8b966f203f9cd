// plan.ts: how long and how often everything is measured.

import type { Options } from './options.ts';

export type Plan = {
  readonly quick: boolean;
  readonly large: boolean;
  /** Each round measures every subject and its floor once, one after the other. */
  readonly rounds: number;
  /** Of one measurement over HTTP. */
  readonly seconds: number;
  /** Says on the terminal what is being done; not part of the table. */
  readonly say: (what: string) => void;
};

export function planOf({ quick, large }: Options, say: (what: string) => void): Plan {
  return quick ? { quick, large, rounds: 3, seconds: 1, say } : { quick, large, rounds: 7, seconds: 4, say };
}

/** The order of `subjects` in a round: every other round backwards, so that none always comes after the same one. */
export function inRound<Subject>(subjects: readonly Subject[], round: number): readonly Subject[] {
  return round % 2 === 0 ? subjects : subjects.toReversed();
}
