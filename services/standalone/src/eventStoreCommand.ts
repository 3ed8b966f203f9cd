// eventStoreCommand.ts: `holdfast eventstore`: the development event store, until a signal stops it.

import { resolve } from 'node:path';
import { type EventStoreServer, startEventStoreServer } from '@holdfast/eventstore-server';
import { onStopSignal } from '@holdfast/http';
import { type Journal, openSqliteJournal } from '@holdfast/journal';
import { journalRefusal } from './journalRefusal.ts';
import { notListening } from './notListening.ts';
import { colours as c, complain, print } from './output.ts';
import { EXIT, type ExitStatus } from './refusal.ts';

type Options = { readonly data: string; readonly host: string; readonly port: number };

/** Resolves when it was stopped as asked. Rejects with `Refusal` when it cannot start. */
export async function runEventStore({ data, host, port }: Options): Promise<ExitStatus> {
  const stopping = Promise.withResolvers<NodeJS.Signals>();
  onStopSignal(stopping.resolve);
  const journal = await openSqliteJournal({ directory: data }).catch((error: unknown) => {
    throw journalRefusal(error);
  });
  journal.failed.catch((error: Error) => {
    complain(error.message);
    process.exit(EXIT.fatal);
  });
  const server = await listen(journal, host, port);
  await print(
    [
      '',
      `${c.bold('Development event store')} ${c.dim('speaks the protocol of EventStoreDB; production runs the real one')}`,
      '',
      `  Address   ${c.cyan(server.connectionString)}`,
      `  Data      ${resolve(data)}`,
      '',
      `  HOLDFAST_EVENTSTORE='${server.connectionString}' npx holdfast start`,
      '',
    ].join('\n'),
  );
  await stopping.promise;
  await server.close();
  await journal.close();
  return EXIT.ok;
}

async function listen(journal: Journal, host: string, port: number): Promise<EventStoreServer> {
  try {
    return await startEventStoreServer({ journal, host, port });
  } catch (error) {
    await journal.close();
    throw notListening(error, host, port);
  }
}
