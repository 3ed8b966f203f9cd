// engine.ts: an engine on an embedded log, as the standalone server opens it, without read models.

import { type Engine, type EngineOptions, openEngine, openSqliteAccountIndex, sourceHash } from '@holdfast/engine';
import { type Journal, openSqliteJournal } from '@holdfast/journal';

export type Opened = { readonly engine: Engine; readonly journal: Journal; close(): Promise<void> };

export async function openOn(directory: string, options: Pick<EngineOptions, 'maxResidents'> = {}): Promise<Opened> {
  const journal = await openSqliteJournal({ directory });
  let logId = 'empty';
  for await (const { events } of journal.readAll({ upTo: 1n })) for (const { id } of events) logId = id;
  const index = await openSqliteAccountIndex({ directory, logId, sourceHash: sourceHash() });
  const alarm = (message: string, details: object): void => console.error('alarm:', message, details);
  const engine = await openEngine({ journal, index, alarm, ...options });
  return {
    engine,
    journal,
    async close() {
      await engine.close();
      await index.close();
      await journal.close();
    },
  };
}
