import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS, openSqliteJournal } from '@holdfast/journal';
import { journalContract, type Subject } from '@holdfast/journal/contract';
import { openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { startEventStoreServer } from './server.ts';

/** The real client, over a real connection, to the server over an embedded log: both open anew with each `reopen`. */
async function onDisk(directory: string): Promise<Subject> {
  const log = await openSqliteJournal({ directory });
  const server = await startEventStoreServer({ journal: log });
  const journal = openEventStoreJournal({ connectionString: server.connectionString, appenders: 2 });
  const close = async (): Promise<void> => {
    await journal.close();
    await server.close();
    await log.close();
  };
  return {
    journal,
    reopen: async () => {
      await close();
      return onDisk(directory);
    },
    destroy: async () => {
      await close();
      await rm(directory, { recursive: true });
    },
  };
}

/** With a prefix, on a log of which others write most. */
async function inMemory(memory: MemoryLog): Promise<Subject> {
  const log = openMemoryJournal(memory);
  const server = await startEventStoreServer({ journal: log });
  const journal = openEventStoreJournal({ connectionString: server.connectionString, streamPrefix: 'one' });
  const close = async (): Promise<void> => {
    await journal.close();
    await server.close();
    await log.close();
  };
  return {
    journal,
    streamNameLength: LIMITS.streamNameLength - 'one.'.length,
    reopen: async () => {
      await close();
      return inMemory(memory);
    },
    destroy: close,
  };
}

journalContract('the development server over the embedded log', {
  open: async () => onDisk(await mkdtemp(join(tmpdir(), 'holdfast-eventstore-'))),
});
journalContract('the development server over a journal in memory, with a stream prefix', {
  open: () => inMemory(newMemoryLog()),
});
