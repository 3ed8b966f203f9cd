// report.ts: the report at the end of a run, for people.

import { formatDuration } from '../duration.ts';
import type { Report } from '../report.ts';
import {
  disorderName,
  formatAskedRate,
  formatCount,
  formatMs,
  formatRate,
  formatShare,
  wrapped,
  wrappedText,
} from './format.ts';
import type { Paint } from './paint.ts';

const LABEL = 12;

/** Lines of at most `width` columns, from 50 on, as long as names and addresses are short. */
export function reportText(report: Report, paint: Paint, width = 80): string {
  return [
    ...heading(report, paint, width),
    ...messages(report, paint, width),
    ...named('disorder', worded(report.disorder), paint.magenta, paint),
    ...named('declines', report.declines, paint.yellow, paint),
    ...named('flags', report.flags, paint.cyan, paint),
    ...latency(report, paint, width),
    ...named('errors', report.errors, paint.red, paint),
    ...named('refused', report.refusals, paint.red, paint),
    ...broken(report, paint, width),
    '',
    ...verdict(report, width).map((line) => `  ${paint[colorOf(report)](line)}`),
    ...hint(report, width).map((line) => `  ${paint.dim(line)}`),
    '',
  ].join('\n');
}

function heading(report: Report, paint: Paint, width: number): string[] {
  const from = report.file === null ? `seed ${report.seed}` : report.file;
  return [
    '',
    ...titled(['Holdfast simulator', from, report.url], width, paint),
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
      : rows('not sent', `${formatCount(report.unsent)}: every connection was busy when they were due`, width, paint)),
    ...(report.follow_ups_left === 0
      ? []
      : rows('left open', `${counted(report.follow_ups_left, 'follow-up')} would have come later`, width, paint)),
  ];
}

/** The name, and what the run is about, behind it or below it. */
function titled([name, ...about]: readonly [string, ...string[]], width: number, paint: Paint): string[] {
  const [first = '', ...rest] = wrapped([name, ...about], width - 2);
  return [`  ${paint.bold(name)}${paint.dim(first.slice(name.length))}`, ...rest.map((line) => `  ${paint.dim(line)}`)];
}

/** By what is given up first where there is little room. */
const COLUMNS = [
  { name: 'sent', title: 'sent', keep: 6 },
  { name: 'approved', title: 'approved', keep: 4 },
  { name: 'partially_approved', title: 'in part', keep: 1 },
  { name: 'declined', title: 'declined', keep: 5 },
  { name: 'accepted', title: 'accepted', keep: 2 },
  { name: 'repeats', title: 'repeats', keep: 3 },
] as const;
const COLUMN = 9;
/** `financial_authorization` and a space. */
const FIRST_COLUMN = 24;

function messages(report: Report, paint: Paint, width: number): string[] {
  const room = Math.max(1, Math.floor((width - FIRST_COLUMN - 2) / COLUMN));
  const least = COLUMNS.length - room;
  const columns = COLUMNS.filter(({ keep }) => keep > least);
  const cell = (count: number) => (count === 0 ? '·' : formatCount(count)).padStart(COLUMN);
  const rows = Object.entries(report.kinds).map(
    ([kind, counts]) => `  ${kind.padEnd(FIRST_COLUMN)}${columns.map(({ name }) => cell(counts[name])).join('')}`,
  );
  if (rows.length === 0) return [];
  const head = columns.map(({ title }) => title.padStart(COLUMN)).join('');
  return ['', paint.dim(`  ${'message'.padEnd(FIRST_COLUMN)}${head}`), ...rows];
}

function latency(report: Report, paint: Paint, width: number): string[] {
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
  const lines = [
    ...wrapped(
      cells.map(([name, value]) => `${name} ${formatMs(value)}`),
      width - 2 - LABEL,
    ),
    ...wrappedText(from, width - 2 - LABEL).map((line) => paint.dim(line)),
  ];
  return ['', ...lines.map((line, index) => row(index === 0 ? 'latency' : '', line, paint))];
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

function worded(disorder: Report['disorder']): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(disorder).map(([kind, count]) => [disorderName(kind), count]));
}

function broken(report: Report, paint: Paint, width: number): string[] {
  return report.broken.flatMap(({ code, count, meaning, example }) => [
    '',
    `  ${paint.red(paint.bold('broken'.padEnd(LABEL)))}${paint.red(formatCount(count).padStart(8))}  ${code}`,
    ...wrappedText(meaning, width - 2 - LABEL).map((line) => row('', line, paint)),
    ...wrappedText(`first: ${example}`, width - 2 - LABEL).map((line) => row('', paint.dim(line), paint)),
  ]);
}

function verdict(report: Report, width: number): readonly string[] {
  const early = report.stopped_early ? ' Stopped early.' : '';
  return wrappedText(`${sentenceOf(report)}${early}`, width - 2);
}

function sentenceOf(report: Report): string {
  if (report.sent === 0) return 'Nothing was sent.';
  if (report.ok) return 'Every message was answered, and every answer is as it must be.';
  if (report.broken.length > 0) return 'Some answers are not as they must be.';
  return 'Some messages were refused, or not answered at once.';
}

function colorOf({ sent, ok }: Report): 'yellow' | 'green' | 'red' {
  if (sent === 0) return 'yellow';
  return ok ? 'green' : 'red';
}

/** Accounts run dry: without this, a long run looks like a fault. */
function hint(report: Report, width: number): readonly string[] {
  const authorizations = report.kinds.authorization?.declined ?? 0;
  const dry = report.declines.insufficient_funds ?? 0;
  if (report.approved_share === null || report.approved_share >= 0.7 || dry * 2 < authorizations) return [];
  const sentence = 'Most declines are for want of funds: deposit money with POST /v1/accounts/{id}/deposits.';
  return wrappedText(sentence, width - 2);
}

function row(label: string, value: string, paint: Paint): string {
  return `  ${paint.dim(label.padEnd(LABEL))}${value}`;
}

function rows(label: string, text: string, width: number, paint: Paint): string[] {
  return wrappedText(text, width - 2 - LABEL).map((line, index) => row(index === 0 ? label : '', line, paint));
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function roundToTenth(ms: number): number {
  return Math.round(ms / 100) * 100;
}
