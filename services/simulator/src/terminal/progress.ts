// progress.ts: how a run stands: a frame that is drawn over and over in a terminal, or one plain line.

import { formatDuration } from '../duration.ts';
import type { Tally } from '../measure/tally.ts';
import { approvedShare, descending, kindsOf } from '../report.ts';
import { DISORDERS } from '../traffic/disorder.ts';
import { disorderName, formatAskedRate, formatCount, formatMs, formatRate, formatShare, wrapped } from './format.ts';
import type { Paint } from './paint.ts';

export type Standing = {
  readonly title: string;
  readonly tally: Tally;
  readonly nowMs: number;
  readonly startedAtMs: number;
  /** Absent when the end is not known: the end of a file. */
  readonly durationMs?: number;
  readonly rate: number;
  readonly waiting: number;
  readonly stopping: boolean;
};

/** As much of it as there is room for. */
const BAR_WIDTH = 40;
const BESIDE_BAR = 24;
const TOP_DECLINES = 3;
const LABEL = 10;
const MOST_WIDTH = 100;

/** Lines of at most `width` columns, from 50 on: lists go over several lines, and notes are left out. */
export function frame(standing: Standing, paint: Paint, width = 80): string {
  const { tally } = standing;
  const bad = problems(tally);
  const room = Math.min(width, MOST_WIDTH) - 2 - LABEL;
  const row = (label: string, value: string, note: string, painted = value) => {
    const fits = note !== '' && value.length + 3 + note.length <= room;
    return `  ${paint.dim(label.padEnd(LABEL))}${painted}${fits ? paint.dim(`   ${note}`) : ''}`;
  };
  const list = (label: string, counts: readonly (readonly [string, number])[], none: string) => {
    const cells = counts.map(([name, count]) => `${name} ${formatCount(count)}`);
    const lines = cells.length === 0 ? [none] : wrapped(cells, room);
    return lines.map((line, index) => row(index === 0 ? label : '', line, ''));
  };
  const declines = Object.entries(descending(tally.declines)).slice(0, TOP_DECLINES);
  // Always in the same order: what moves cannot be read.
  const kinds = kindsOf(tally).map(([kind, { sent }]) => [kind, sent] as const);
  const disorder = DISORDERS.flatMap((kind) => {
    const made = tally.disorder.get(kind);
    return made === undefined ? [] : [[disorderName(kind), made] as const];
  });

  const rateNow = formatRate(tally.rateNow(standing.nowMs));
  const approved = formatShare(approvedShare(tally));

  return [
    '',
    `  ${paint.bold('Holdfast simulator')}${titled(standing.title, paint, width)}`,
    '',
    `  ${bar(standing, paint, Math.max(4, Math.min(BAR_WIDTH, width - 2 - BESIDE_BAR)))}`,
    '',
    row('rate', rateNow, `asked: ${formatAskedRate(standing.rate)}`, paint.bold(rateNow)),
    row('sent', formatCount(tally.sent), standing.waiting === 0 ? '' : `${formatCount(standing.waiting)} to follow up`),
    ...list('messages', kinds, 'none yet'),
    ...(disorder.length === 0 ? [] : list('disorder', disorder, '')),
    row('approved', approved, 'of authorizations', paint.green(approved)),
    row(
      'latency',
      `p50 ${formatMs(tally.latency.percentileMs(50))}   p99 ${formatMs(tally.latency.percentileMs(99))}`,
      '',
    ),
    row(
      'errors',
      formatCount(bad),
      bad === 0 ? '' : worst(tally),
      bad === 0 ? formatCount(bad) : paint.red(formatCount(bad)),
    ),
    row('declines', declines.length === 0 ? 'none yet' : '', ''),
    ...declines.map(([reason, count]) => `    ${paint.yellow(formatCount(count).padStart(8))}  ${reason}`),
    '',
  ].join('\n');
}

/** Behind the name, or below it. */
function titled(title: string, paint: Paint, width: number): string {
  const name = '  Holdfast simulator'.length;
  return name + 3 + title.length <= width ? `   ${paint.dim(title)}` : `\n  ${paint.dim(title.slice(0, width - 2))}`;
}

export function plainLine(standing: Standing): string {
  const { tally } = standing;
  const elapsed = Math.max(0, Math.round((standing.nowMs - standing.startedAtMs) / 1_000)) * 1_000;
  return [
    formatDuration(elapsed),
    `${formatCount(tally.sent)} sent`,
    formatRate(tally.rateNow(standing.nowMs)),
    `approved ${formatShare(approvedShare(tally))}`,
    `p50 ${formatMs(tally.latency.percentileMs(50))}`,
    `p99 ${formatMs(tally.latency.percentileMs(99))}`,
    `errors ${formatCount(problems(tally))}`,
  ].join('   ');
}

/** Attempts that failed, messages refused, expectations broken. */
function problems(tally: Tally): number {
  const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);
  const broken = sum([...tally.broken.values()].map(({ count }) => count));
  return sum(tally.errors.values()) + sum(tally.refusals.values()) + broken;
}

function worst(tally: Tally): string {
  const names = [...tally.broken.keys(), ...Object.keys(descending(tally.errors)), ...tally.refusals.keys()];
  return names.slice(0, 2).join(', ');
}

function bar({ nowMs, startedAtMs, durationMs, stopping }: Standing, paint: Paint, width: number): string {
  const elapsedMs = Math.max(0, nowMs - startedAtMs);
  const elapsed = formatDuration(Math.floor(elapsedMs / 1_000) * 1_000);
  if (stopping) return paint.yellow('stopping: waiting for the answers that are on their way');
  if (durationMs === undefined) return `${elapsed} so far`;
  const share = Math.min(1, elapsedMs / durationMs);
  if (share === 1) return paint.yellow('done: waiting for the answers that are on their way');
  const full = Math.round(share * width);
  const track = paint.cyan('━'.repeat(full)) + paint.dim('─'.repeat(width - full));
  return `${track}  ${elapsed} of ${formatDuration(durationMs)}`;
}
