// reportText.ts: a report of `holdfast verify`, for people and for scripts.

import type { CurrencyTrialBalance, LogReport } from '@holdfast/audit';
import { formatMinor } from '@holdfast/money';
import type pc from 'picocolors';
import { grouped } from './output.ts';

export type ReportStyle = {
  /** `The log in ./data`. */
  readonly where: string;
  readonly seconds: number;
  readonly colours: ReturnType<typeof pc.createColors>;
};

export function reportText(report: LogReport, { where, seconds, colours: c }: ReportStyle): string {
  const counts: readonly (readonly [string, number, string?])[] = [
    ['events', report.events, `to position ${report.position}`],
    ['streams', report.streams],
    ['programs', report.programs],
    ['accounts', report.accounts],
    ['cards', report.cards],
    ['transactions', report.transactions],
    ['entries', report.entries],
  ];
  const width = Math.max(...counts.map(([, count]) => grouped(count).length));
  const lines = [
    c.bold(where),
    '',
    ...counts.map(
      ([name, count, note]) =>
        `  ${name.padEnd(14)}${grouped(count).padStart(width)}${note === undefined ? '' : c.dim(`  ${note}`)}`,
    ),
    '',
    c.bold('Trial balance'),
    ...(report.trialBalance.length === 0 ? ['', '  no money has moved'] : []),
    ...report.trialBalance.flatMap((balance) => trialBalanceLines(balance, c)),
    '',
    ...problemLines(report, c),
    c.dim(`${grouped(report.events)} events in ${seconds.toFixed(1)} s`),
  ];
  return lines.join('\n');
}

function trialBalanceLines({ currency, lines, offMinor }: CurrencyTrialBalance, c: ReportStyle['colours']): string[] {
  const amount = (minor: bigint): string => {
    const [whole = '', fraction] = formatMinor(minor, currency).split('.');
    const shown = whole.startsWith('-') ? `-${grouped(BigInt(whole.slice(1)))}` : grouped(BigInt(whole));
    return fraction === undefined ? shown : `${shown}.${fraction}`;
  };
  const rows = [
    [currency, 'debit', 'credit', 'balance'],
    ...lines.map((line) => [
      line.account,
      amount(line.debitMinor),
      amount(line.creditMinor),
      amount(line.balanceMinor),
    ]),
    ['sum', '', '', amount(offMinor)],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    '',
    ...rows.map((row, at) => {
      const [name = '', ...amounts] = row;
      const text = `  ${name.padEnd(widths[0] ?? 0)}${amounts.map((each, column) => `  ${each.padStart(widths[column + 1] ?? 0)}`).join('')}`;
      if (at === 0) return c.dim(text);
      if (at < rows.length - 1) return text;
      return offMinor === 0n ? c.green(text) : c.red(text);
    }),
  ];
}

function problemLines(report: LogReport, c: ReportStyle['colours']): string[] {
  if (report.problemCount === 0) return [c.green('Clean: every event holds, every entry balances.')];
  const kinds = Object.entries(report.problemsByKind).map(([kind, count]) => `  ${kind.padEnd(20)}${grouped(count)}`);
  const more = report.problemCount - report.problems.length;
  return [
    c.red(`Broken: ${grouped(report.problemCount)} ${report.problemCount === 1 ? 'problem' : 'problems'}.`),
    '',
    ...kinds,
    '',
    ...report.problems.map(
      ({ kind, stream, revision, position, what }) =>
        `  ${c.bold(`position ${position}`)}  ${stream === '' ? '' : `${stream}@${revision}  `}${c.red(kind)}: ${what}`,
    ),
    ...(more > 0 ? [c.dim(`  and ${grouped(more)} more`)] : []),
    '',
  ];
}

/** Amounts and positions as decimal strings, as in events. */
export function reportJson(report: LogReport): string {
  return JSON.stringify(
    { clean: report.problemCount === 0, ...report },
    (_key, value) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  );
}
