// clearText.ts: the report on a clearing file, for people.

import { RECORD_OUTCOMES, type RecordOutcome } from '@holdfast/domain';
import { type CurrencyCode, formatMinor } from '@holdfast/money';
import type pc from 'picocolors';
import type { ClearAnswer, ProblemAnswer } from './clearAnswer.ts';
import { grouped } from './output.ts';

type Colours = ReturnType<typeof pc.createColors>;

const MEANINGS: Readonly<Record<RecordOutcome, string>> = {
  duplicate: 'presented before; posted all the same',
  unmatched: 'of no purchase, or of a card that nobody knows',
  suspended: 'in suspense, for want of a rate',
  over: 'for more than was approved',
  under: 'for less than was approved',
  matched: '',
};

export function clearText(answer: ClearAnswer, c: Colours): string {
  const { id, sender, sequence, business_date, records, report } = answer;
  return [
    c.bold(`${sender} ${sequence} of ${business_date}`) + c.dim(`  ${id}`),
    '',
    ...outcomeLines(report.outcomes, c),
    ...currencyLines(report, c),
    ...recordLines(report, c),
    '',
    report.clean
      ? c.green(`All ${grouped(records)} records matched.`)
      : c.red(`Differs: ${grouped(report.outcomes.matched)} of ${grouped(records)} records matched.`),
  ].join('\n');
}

function outcomeLines(outcomes: ClearAnswer['report']['outcomes'], c: Colours): readonly string[] {
  const shown = RECORD_OUTCOMES.toReversed().map((outcome) => [outcome, grouped(outcomes[outcome])] as const);
  const width = Math.max(...shown.map(([, count]) => count.length));
  return shown.map(([outcome, count]) => {
    const meaning = outcomes[outcome] === 0 ? '' : c.dim(`  ${MEANINGS[outcome]}`);
    return `  ${outcome.padEnd(10)}  ${count.padStart(width)}${meaning}`.trimEnd();
  });
}

function currencyLines({ currencies, charged }: ClearAnswer['report'], c: Colours): readonly string[] {
  if (currencies.length === 0) return [];
  const head = ['', 'file', 'posted', 'converted', 'in suspense', 'difference'];
  const rows = currencies.map(({ currency, file, posted, converted, suspended, difference }) => [
    currency,
    ...[file, posted, converted, suspended, difference].map((minor) => amount(minor, currency)),
  ]);
  const off = currencies.map(({ difference }) => difference !== 0);
  const accounts = charged.map(({ currency, posted }) => `${amount(posted, currency)} ${currency}`).join(', ');
  return [
    '',
    ...table([head, ...rows]).map((text, at) => (at === 0 ? c.dim(text) : off[at - 1] ? c.red(text) : text)),
    ...(accounts === '' ? [] : ['', `  charged to cardholders: ${accounts}`]),
  ];
}

function recordLines({ listed, unlisted }: ClearAnswer['report'], c: Colours): readonly string[] {
  if (listed.length === 0) return [];
  const rows = listed.map(({ line, record_id, type, outcome, flags, reason, transaction_id }) => [
    `line ${line}`,
    record_id,
    type,
    outcome,
    [...flags, ...(reason === undefined ? [] : [reason])].join(' '),
    transaction_id ?? '',
  ]);
  return ['', ...table(rows, 0), ...(unlisted === 0 ? [] : [c.dim(`  and ${grouped(unlisted)} more`)])];
}

/** All columns but the first are aligned to the right, unless `right` says that none is. */
function table(rows: readonly (readonly string[])[], right: 0 | 1 = 1): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right === 1 && column > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .reduce((text, cell) => `${text}  ${cell}`, '')
      .trimEnd(),
  );
}

function amount(minor: number, currency: CurrencyCode): string {
  const [whole = '', fraction] = formatMinor(BigInt(minor), currency).split('.');
  const shown = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? shown : `${shown}.${fraction}`;
}

/** Why a file was refused, with its faults. */
export function refusalText({ detail, errors = [] }: ProblemAnswer): string {
  if (errors.length === 0) return detail;
  const faults = errors.map(
    ({ line, field, message }) => `  line ${line}: ${field === 'line' ? 'it' : field} ${message}`,
  );
  return ['the file is not as it must be, and nothing of it was applied:', ...faults].join('\n');
}
