// progress.ts: how a run stands: a frame that is drawn over and over in a terminal, or one plain line.

import { formatDuration } from '../duration.ts';
import type { Tally } from '../measure/tally.ts';
import { approvedShare, descending } from '../report.ts';
import { formatAskedRate, formatCount, formatMs, formatRate, formatShare } from './format.ts';
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

const BAR_WIDTH = 40;
const TOP_DECLINES = 3;

/** Lines of at most 80 columns, as long as reasons have at most 40 characters. */
export function frame(standing: Standing, paint: Paint): string {
  const { tally } = standing;
  const bad = problems(tally);
  const row = (label: string, value: string, note: string) =>
    `  ${paint.dim(label.padEnd(10))}${value}${note === '' ? '' : paint.dim(`   ${note}`)}`;
  const declines = Object.entries(descending(tally.declines)).slice(0, TOP_DECLINES);

  return [
    '',
    `  ${paint.bold('Holdfast simulator')}   ${paint.dim(standing.title)}`,
    '',
    `  ${bar(standing, paint)}`,
    '',
    row('rate', paint.bold(formatRate(tally.rateNow(standing.nowMs))), `asked: ${formatAskedRate(standing.rate)}`),
    row('sent', formatCount(tally.sent), standing.waiting === 0 ? '' : `${formatCount(standing.waiting)} to follow up`),
    row('approved', paint.green(formatShare(approvedShare(tally))), 'of authorizations'),
    row(
      'latency',
      `p50 ${formatMs(tally.latency.percentileMs(50))}   p99 ${formatMs(tally.latency.percentileMs(99))}`,
      '',
    ),
    row('errors', bad === 0 ? '0' : paint.red(formatCount(bad)), bad === 0 ? '' : worst(tally)),
    row('declines', declines.length === 0 ? 'none yet' : '', ''),
    ...declines.map(([reason, count]) => `    ${paint.yellow(formatCount(count).padStart(8))}  ${reason}`),
    '',
  ].join('\n');
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

function bar({ nowMs, startedAtMs, durationMs, stopping }: Standing, paint: Paint): string {
  const elapsedMs = Math.max(0, nowMs - startedAtMs);
  const elapsed = formatDuration(Math.floor(elapsedMs / 1_000) * 1_000);
  if (stopping) return paint.yellow('stopping: waiting for the answers that are on their way');
  if (durationMs === undefined) return `${elapsed} so far`;
  const share = Math.min(1, elapsedMs / durationMs);
  if (share === 1) return paint.yellow('done: waiting for the answers that are on their way');
  const full = Math.round(share * BAR_WIDTH);
  const track = paint.cyan('━'.repeat(full)) + paint.dim('─'.repeat(BAR_WIDTH - full));
  return `${track}  ${elapsed} of ${formatDuration(durationMs)}`;
}
