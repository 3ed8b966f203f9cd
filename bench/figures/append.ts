// append.ts: the embedded log beside bare SQLite inserts of the same rows.

import { against, type Figure, line, type Series } from '../figure.ts';
import { inRound, type Plan } from '../plan.ts';
import { startChild } from '../support/child.ts';
import { scratch } from '../support/folders.ts';
import type { AppendGiven, AppendQuestion, AppendSubject } from './appendRun.ts';

const SUBJECTS: readonly AppendSubject[] = ['bare', 'bare, pages of 8 KiB', 'journal', 'journal, one batch ahead'];

const LABELS: Readonly<Record<AppendSubject, string>> = {
  bare: 'bare SQLite, its own page size (4 KiB)',
  'bare, pages of 8 KiB': "bare SQLite, the log's page size (8 KiB)",
  journal: 'embedded log, each batch awaited',
  'journal, one batch ahead': 'embedded log, the next batch waiting',
};

export async function append(plan: Plan): Promise<readonly Figure[]> {
  const given: AppendGiven = { directory: await scratch('append') };
  const child = await startChild(new URL('./appendRun.ts', import.meta.url), given);
  const batches = plan.quick ? 20 : 100;
  const measured = new Map(SUBJECTS.map((subject) => [subject, [] as number[]]));
  // The first round warms up.
  for (let round = -1; round < plan.rounds; round++) {
    for (const subject of inRound(SUBJECTS, Math.abs(round))) {
      plan.say(`round ${round + 1} of ${plan.rounds}: ${LABELS[subject]}`);
      const question: AppendQuestion = { subject, batches };
      const rate = await child.ask<number>(question);
      if (round >= 0) measured.get(subject)?.push(rate);
    }
  }
  await child.stop();
  const values = (subject: AppendSubject): readonly number[] => measured.get(subject) ?? [];
  const series = (subject: AppendSubject): Series => ({ label: LABELS[subject], unit: '/s', values: values(subject) });
  const same = values('bare, pages of 8 KiB');
  return [
    {
      name: 'append',
      title: 'Embedded log: appending events in batches of 200',
      lines: [
        line(series('bare')),
        line(series('bare, pages of 8 KiB')),
        line(
          series('journal'),
          against('of bare, 8 KiB', values('journal'), same),
          against('of bare, 4 KiB', values('journal'), values('bare')),
        ),
        line(
          series('journal, one batch ahead'),
          against('of bare, 8 KiB', values('journal, one batch ahead'), same, { atLeast: 0.8 }),
          against('of bare, 4 KiB', values('journal, one batch ahead'), values('bare')),
        ),
      ],
      notes: [
        "bare: the same table and index, WAL, synchronous = FULL, a transaction for each 200, SQLite's own checkpoints",
      ],
    },
  ];
}
