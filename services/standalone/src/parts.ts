// parts.ts: what one process is made of, opened in the order in which one part needs another, and closed in reverse.

import {
  type AccountIndex,
  type Due,
  type Engine,
  openEngine,
  openSqliteAccountIndex,
  sourceHash,
} from '@holdfast/engine';
import { isId } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { openQueries, type Queries } from '@holdfast/projections';
import { type Projector, startProjector } from '@holdfast/projector-service';

/** The part of pino's interface that is used here. */
export type Logger = {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
};

export type Parts = {
  readonly engine: Engine;
  readonly projector: Projector;
  readonly queries: Queries;
  /** Answers what was accepted, writes snapshots, commits read models. The log stays open. */
  close(): Promise<void>;
};

export async function openParts(directory: string, journal: Journal, logger: Logger): Promise<Parts> {
  const projector = await startProjector({ directory });
  const { rebuilt } = projector;
  if (rebuilt !== undefined) logger.info({ reason: rebuilt }, 'the read models are made anew');
  const queries = openQueries({ directory, projector });
  const index = await openIndex(directory, journal, logger);
  const engine = await openEngine({
    journal,
    index,
    due: (now, limit) => queries.due(now, limit).flatMap(dueOf),
    alarm: (message, details) => logger.error(details, message),
  });
  return {
    engine,
    projector,
    queries,
    async close() {
      await engine.close();
      queries.close();
      await projector.close();
      await index.close();
    },
  };
}

/** Runs `use` with an engine that is closed again before anything else is opened. */
export async function withEngine(
  directory: string,
  journal: Journal,
  logger: Logger,
  use: (engine: Engine) => Promise<void>,
): Promise<void> {
  const index = await openIndex(directory, journal, logger);
  const engine = await openEngine({ journal, index, alarm: (message, details) => logger.error(details, message) });
  try {
    await use(engine);
  } finally {
    await engine.close();
    await index.close();
  }
}

async function openIndex(directory: string, journal: Journal, logger: Logger): Promise<AccountIndex> {
  return openSqliteAccountIndex({
    directory,
    logId: await logIdOf(journal),
    sourceHash: sourceHash(),
    onDiscarded: ({ reason, sentence }) => logger.info({ reason }, sentence),
  });
}

/** The first event's id, which holds every byte of it: no other log begins with it. An empty log has nothing indexed. */
async function logIdOf(journal: Journal): Promise<string> {
  for await (const { events } of journal.readAll()) for (const { id } of events) return id;
  return 'empty';
}

function dueOf({ accountId, transactionId, expiresAt }: ReturnType<Queries['due']>[number]): readonly Due[] {
  return isId('acct', accountId) && isId('txn', transactionId) ? [{ accountId, transactionId, expiresAt }] : [];
}
