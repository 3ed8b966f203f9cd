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
import { firstEventId, type Journal, type LogLocation } from '@holdfast/journal';
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

/** `directory` is for what is derived from the log. */
export async function openParts(directory: string, log: LogLocation, journal: Journal, logger: Logger): Promise<Parts> {
  const projector = await startProjector({ directory, log });
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
    logId: (await firstEventId(journal)) ?? 'empty',
    sourceHash: sourceHash(),
    onDiscarded: ({ reason, sentence }) => logger.info({ reason }, sentence),
  });
}

function dueOf({ accountId, transactionId, expiresAt }: ReturnType<Queries['due']>[number]): readonly Due[] {
  return isId('acct', accountId) && isId('txn', transactionId) ? [{ accountId, transactionId, expiresAt }] : [];
}
