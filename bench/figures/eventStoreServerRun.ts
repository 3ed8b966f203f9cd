// eventStoreServerRun.ts: the process of the development event store, when no other server is named.

import { startEventStoreServer } from '@holdfast/eventstore-server';
import { openSqliteJournal } from '@holdfast/journal';
import { given, serve } from '../support/parent.ts';

const { directory } = given<{ readonly directory: string }>();

await serve(async () => {
  const journal = await openSqliteJournal({ directory });
  const server = await startEventStoreServer({ journal });
  return {
    ready: { connectionString: server.connectionString },
    async stop() {
      await server.close();
      await journal.close();
    },
  };
});
