import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS, openSqliteJournal } from '@holdfast/journal';
import { journalContract, type Subject } from '@holdfast/journal/contract';
import { openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { startEventStoreServer } from './server.ts';

const PREFIX = 'one';

/** The real client, over a real connection, to the server over an embedded log: both open anew with each `reopen`. */
async function onDisk(directory: string): Promise<Subject> {
  const log = await openSqliteJournal({ directory });
  const server = await startEventStoreServer({ journal: log });
  const journal = openEventStoreJournal({
    connectionString: server.connectionString,
    appenders: 2,
    streamPrefix: PREFIX,
  });
  const close = async (): Promise<void> => {
    await journal.close();
    await server.close();
    await log.close();
  };
  return {
    journal,
    streamNameLength: LIMITS.streamNameLength - `${PREFIX}.`.length,
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

journalContract('the development server over the embedded log', {
  open: async () => onDisk(await mkdtemp(join(tmpdir(), 'holdfast-eventstore-'))),
});
