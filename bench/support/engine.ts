// engine.ts: an engine on a log, as the standalone server opens it, without read models.

import { type Engine, type EngineOptions, openEngine, openSqliteAccountIndex, sourceHash } from '@holdfast/engine';
import { firstEventId, type Journal, type LogLocation, openJournalAt } from '@holdfast/journal';

export type Opened = { readonly engine: Engine; readonly journal: Journal; close(): Promise<void> };

/** The log is in `directory` too, unless it is said to be elsewhere. */
export async function openOn(
  directory: string,
  { log = { directory }, ...options }: Pick<EngineOptions, 'maxResidents'> & { readonly log?: LogLocation } = {},
): Promise<Opened> {
  const journal = await openJournalAt(log);
  const logId = (await firstEventId(journal)) ?? 'empty';
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
