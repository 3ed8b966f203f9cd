// report.ts: the report at the end of a run, for people.

import { formatDuration } from '../duration.ts';
import type { Report } from '../report.ts';
import { formatAskedRate, formatCount, formatMs, formatRate, formatShare } from './format.ts';
import type { Paint } from './paint.ts';

const LABEL = 12;

export function reportText(report: Report, paint: Paint): string {
  return [
    ...heading(report, paint),
    ...messages(report, paint),
    ...named('declines', report.declines, paint.yellow, paint),
    ...named('flags', report.flags, paint.cyan, paint),
    ...latency(report, paint),
    ...named('errors', report.errors, paint.red, paint),
    ...named('refused', report.refusals, paint.red, paint),
    ...broken(report, paint),
    '',
    verdict(report, paint),
    ...hint(report, paint),
    '',
  ].join('\n');
}

function heading(report: Report, paint: Paint): string[] {
  const from = report.file === null ? `seed ${report.seed}` : report.file;
  return [
    '',
    `  ${paint.bold('Holdfast simulator')}   ${paint.dim(`${from}   ${report.url}`)}`,
    '',
    row('sent', `${counted(report.sent, 'message')} in ${formatDuration(roundToTenth(report.elapsed_ms))}`, paint),
    row('rate', `${formatRate(report.rate.achieved)} (asked: ${formatAskedRate(report.rate.asked)})`, paint),
    row('approved', `${formatShare(report.approved_share)} of authorizations`, paint),
    ...(report.resent === 0
      ? []
      : [row('sent again', `${counted(report.resent, 'time')}, for want of an answer`, paint)]),
    ...(report.lost === 0 ? [] : [row('no answer', formatCount(report.lost), paint)]),
    ...(report.unsent === 0
      ? []
      : [row('not sent', `${formatCount(report.unsent)}: every connection was busy when they were due`, paint)]),
    ...(report.follow_ups_left === 0
      ? []
      : [row('left open', `${counted(report.follow_ups_left, 'follow-up')} would have come later`, paint)]),
  ];
}

const COLUMNS = [
  ['sent', 'sent'],
  ['approved', 'approved'],
  ['partially_approved', 'in part'],
  ['declined', 'declined'],
  ['accepted', 'accepted'],
  ['repeats', 'repeats'],
] as const;
const COLUMN = 10;
const FIRST_COLUMN = 20;

function messages(report: Report, paint: Paint): string[] {
  const cell = (count: number) => (count === 0 ? '·' : formatCount(count)).padStart(COLUMN);
  const rows = Object.entries(report.kinds).map(
    ([kind, counts]) => `  ${kind.padEnd(FIRST_COLUMN)}${COLUMNS.map(([name]) => cell(counts[name])).join('')}`,
  );
  if (rows.length === 0) return [];
  const head = COLUMNS.map(([, title]) => title.padStart(COLUMN)).join('');
  return ['', paint.dim(`  ${'message'.padEnd(FIRST_COLUMN)}${head}`), ...rows];
}

function latency(report: Report, paint: Paint): string[] {
  if (report.sent === report.lost) return [];
  const { latency_ms: ms } = report;
  const cells = [
    ['p50', ms.p50],
    ['p90', ms.p90],
    ['p99', ms.p99],
    ['p99.9', ms.p99_9],
    ['max', ms.max],
  ] as const;
  const from =
    ms.measured_from === 'schedule'
      ? `from the moment each was due, waits included; sent ${formatMs(report.lag_ms.p50)} later (p50)`
      : 'from sending: at full speed there is no schedule to measure from';
  return [
    '',
    `  ${paint.dim('latency'.padEnd(LABEL))}${cells.map(([name, value]) => `${paint.dim(name)} ${formatMs(value)}`).join('   ')}`,
    `  ${' '.repeat(LABEL)}${paint.dim(from)}`,
  ];
}

function named(title: string, counts: Readonly<Record<string, number>>, color: (text: string) => string, paint: Paint) {
  const entries = Object.entries(counts);
  if (entries.length === 0) return [];
  return [
    '',
    ...entries.map(
      ([name, count], index) =>
        `  ${paint.dim((index === 0 ? title : '').padEnd(LABEL))}${color(formatCount(count).padStart(8))}  ${name}`,
    ),
  ];
}

function broken(report: Report, paint: Paint): string[] {
  return report.broken.flatMap(({ code, count, meaning, example }) => [
    '',
    `  ${paint.red(paint.bold('broken'.padEnd(LABEL)))}${paint.red(formatCount(count).padStart(8))}  ${code}`,
    `  ${' '.repeat(LABEL)}${meaning}`,
    `  ${' '.repeat(LABEL)}${paint.dim(`first: ${example}`)}`,
  ]);
}

function verdict(report: Report, paint: Paint): string {
  const early = report.stopped_early ? ' Stopped early.' : '';
  if (report.sent === 0) return `  ${paint.yellow('Nothing was sent.')}${early}`;
  if (report.ok) return `  ${paint.green('Every message was answered, and every answer is as it must be.')}${early}`;
  if (report.broken.length > 0) return `  ${paint.red('Some answers are not as they must be.')}${early}`;
  return `  ${paint.red('Some messages were refused, or not answered at once.')}${early}`;
}

/** Accounts run dry: without this, a long run looks like a fault. */
function hint(report: Report, paint: Paint): string[] {
  const authorizations = report.kinds.authorization?.declined ?? 0;
  const dry = report.declines.insufficient_funds ?? 0;
  if (report.approved_share === null || report.approved_share >= 0.7 || dry * 2 < authorizations) return [];
  return [`  ${paint.dim('Most declines are for want of funds: deposit money with POST /v1/accounts/{id}/deposits.')}`];
}

function row(label: string, value: string, paint: Paint): string {
  return `  ${paint.dim(label.padEnd(LABEL))}${value}`;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function roundToTenth(ms: number): number {
  return Math.round(ms / 100) * 100;
}
