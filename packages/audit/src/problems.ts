// problems.ts: collects problems: the first ones in full, all of them counted.

import type { Position } from '@holdfast/journal';
import type { Problem, ProblemKind } from './report.ts';

/** Problems kept in full when nothing else is said. */
export const SHOWN_PROBLEMS = 20;

/** Where a problem was found. */
export type Place = { readonly stream: string; readonly revision: number; readonly position: Position };

export type Problems = {
  add(place: Place, kind: ProblemKind, what: string): void;
  readonly count: number;
  readonly byKind: Readonly<Partial<Record<ProblemKind, number>>>;
  readonly shown: readonly Problem[];
};

export function collectProblems(atMost: number = SHOWN_PROBLEMS): Problems {
  const shown: Problem[] = [];
  const byKind: Partial<Record<ProblemKind, number>> = {};
  let count = 0;
  return {
    add({ stream, revision, position }, kind, what) {
      count += 1;
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      if (shown.length < atMost) shown.push({ kind, stream, revision, position, what });
    },
    get count() {
      return count;
    },
    byKind,
    shown,
  };
}
