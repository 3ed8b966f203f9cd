import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subject } from '../contract.ts';
import { journalContract } from '../contract.ts';
import { openSqliteJournal } from './journal.ts';
import { openSqliteJournalReader } from './reader.ts';

async function subjectIn(directory: string, reading: 'itself' | 'separate'): Promise<Subject> {
  const journal = await openSqliteJournal({ directory });
  const reader = reading === 'separate' ? await openSqliteJournalReader({ directory }) : journal;
  const close = async (): Promise<void> => {
    await reader.close();
    await journal.close();
  };
  return {
    journal,
    reader,
    reopen: async () => {
      await close();
      return subjectIn(directory, reading);
    },
    destroy: async () => {
      await close();
      await rm(directory, { recursive: true });
    },
  };
}

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'holdfast-journal-'));

journalContract('the embedded log', { open: async () => subjectIn(await newDirectory(), 'itself') });
journalContract('the embedded log, read beside its writer', {
  open: async () => subjectIn(await newDirectory(), 'separate'),
});
