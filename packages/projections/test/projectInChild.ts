// projectInChild.ts: for tests: a process that projects the log in the folder it is given, until it is killed or fails.

import { openSqliteJournalReader } from '@holdfast/journal';
import { openProjections } from '../src/index.ts';

const directory = process.argv[2] ?? '';
const reader = await openSqliteJournalReader({ directory, pollMs: 2 });
const projections = await openProjections({ directory, reader, onCommit: (at) => process.stdout.write(`${at}\n`) });
projections.failed.catch((error: Error) => {
  process.stdout.write(`failed: ${error.name}\n`, () => process.exit(1));
});
process.stdout.write(`${projections.rebuilt ?? 'went on'}\n`);
setInterval(() => {}, 1_000);
