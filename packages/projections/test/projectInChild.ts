// projectInChild.ts: for tests: a process that projects the log in the folder it is given, until it is killed.

import { openSqliteJournalReader } from '@holdfast/journal';
import { openProjections } from '../src/index.ts';

const directory = process.argv[2] ?? '';
const reader = await openSqliteJournalReader({ directory, pollMs: 2 });
const projections = await openProjections({ directory, reader, onCommit: (at) => process.stdout.write(`${at}\n`) });
process.stdout.write(`${projections.rebuilt ?? 'went on'}\n`);
setInterval(() => {}, 1_000);
