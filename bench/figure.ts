// figure.ts: what a benchmark says: lines of measurements, and checks of one against another or against a number.

import { median, ratios } from './statistics.ts';

export type Unit = '/s' | 'ms' | 'bytes';

/** One thing measured, several rounds. Latencies in milliseconds. */
export type Series = {
  readonly label: string;
  readonly unit: Unit;
  readonly values: readonly number[];
  readonly p50Ms?: readonly number[];
  readonly p99Ms?: readonly number[];
};

export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** The median of `values` against a bound. `what` says what the values are: `of the bare route`, `p99, of PostgreSQL's`. */
export type Check = {
  readonly what: string;
  readonly values: readonly number[];
  readonly median: number;
  /** Absent: only shown. */
  readonly bound?: Bound;
  readonly met: boolean;
  /** Of a check of the measured value itself. */
  readonly unit?: Unit;
};

export type Line = { readonly series: Series; readonly checks: readonly Check[] };

export type Figure = {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly Line[];
  /** What a reader must know to judge the figure. */
  readonly notes: readonly string[];
};

export function line(series: Series, ...checks: readonly Check[]): Line {
  return { series, checks };
}

/** `of` against `floor`, round by round. */
export function against(what: string, of: readonly number[], floor: readonly number[], bound?: Bound): Check {
  return check(what, ratios(of, floor), bound);
}

/** The measured values themselves against a bound. */
export function itself({ values, unit }: Series, bound: Bound): Check {
  return { ...check('', values, bound), unit };
}

function check(what: string, values: readonly number[], bound?: Bound): Check {
  const middle = median(values);
  return { what, values, median: middle, met: isMet(middle, bound), ...(bound === undefined ? {} : { bound }) };
}

function isMet(value: number, bound: Bound | undefined): boolean {
  if (bound === undefined) return true;
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
}

export function allMet(figures: readonly Figure[]): boolean {
  return figures.every(({ lines }) => lines.every(({ checks }) => checks.every(({ met }) => met)));
}
