// markdown.ts: figures as the table that docs/benchmarks.md shows.

import type { Check, Figure, Line, Unit } from './figure.ts';
import type { Machine } from './machine.ts';
import { median } from './statistics.ts';
import { valueText } from './table.ts';

export function markdown(
  begun: Date,
  { cores, cpu, memoryGiB, system, node, flushMs }: Machine,
  figures: readonly Figure[],
): string {
  const day = begun.toISOString().slice(0, 10);
  return [
    `${day}, ${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}, Node ${node}, disk flush ${flushMs.toFixed(2)} ms.`,
    '',
    '| | measured | p50 | p99 | held against (least–most of a round) | bound | |',
    '|---|---:|---:|---:|---|---|---|',
    ...figures.flatMap(({ title, lines }) => [`| **${title}** | | | | | | |`, ...lines.flatMap(rowsOf)]),
    '',
  ].join('\n');
}

/** A row for the measurement and its first check, one more for each further check. */
function rowsOf({ series, checks }: Line): readonly string[] {
  const { label, unit, values, p50Ms, p99Ms } = series;
  const measured = [label, valueText(median(values), unit), latency(p50Ms), latency(p99Ms)];
  const [first, ...rest] = checks.length === 0 ? [undefined] : checks;
  return [row([...measured, ...checkCells(first)]), ...rest.map((each) => row(['', '', '', '', ...checkCells(each)]))];
}

function checkCells(check: Check | undefined): readonly string[] {
  if (check === undefined) return ['', '', ''];
  const { what, values, median: middle, bound, met, unit } = check;
  const held =
    unit === undefined ? `${ratio(middle)} ${what} (${ratio(Math.min(...values))}–${ratio(Math.max(...values))})` : '';
  if (bound === undefined) return [held, '', ''];
  const [sign, least] = 'atLeast' in bound ? ['≥', bound.atLeast] : ['≤', bound.atMost];
  return [held, `${sign} ${number(least, unit)}`, met ? 'met' : '**not met**'];
}

function number(value: number, unit: Unit | undefined): string {
  return unit === undefined ? ratio(value) : valueText(value, unit);
}

function ratio(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function latency(values: readonly number[] | undefined): string {
  return values === undefined ? '' : `${median(values).toFixed(2)} ms`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
