// parts.ts: what a process that decides is made of, opened in the order in which one part needs another.

import {
  type AccountIndex,
  type Due,
  type Engine,
  openEngine,
  openSqliteAccountIndex,
  type Shared,
  sourceHash,
  type Unfinished,
} from '@holdfast/engine';
import { isId } from '@holdfast/events';
import { firstEventId, type Journal, type JournalReader, type LogLocation, type Position } from '@holdfast/journal';
import { NotReadModels, openQueries, type Queries } from '@holdfast/projections';
import { type Projector, startProjector } from '@holdfast/projector-service';
import { openVault, type Vault } from '@holdfast/vault';
import type { Configuration } from './configuration.ts';
import { checkFingerprintKey, fingerprintKeyOf } from './fingerprintKey.ts';
import { EXIT, Refusal } from './refusal.ts';
import type { Opened } from './service.ts';

/** The part of pino's interface that is used here. */
export type Logger = {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
};

export type EngineParts = {
  /** For what is derived from the log. */
  readonly directory: string;
  readonly journal: Journal;
  readonly shared: Shared | undefined;
  /** Absent: nothing expires by this engine, and it takes up no transfers. */
  readonly queries?: Queries;
  readonly logger: Logger;
  /** Left out: the engine's own bound. */
  readonly maxResidents?: number;
};

export async function openEngineOn(
  { directory, journal, shared, queries, logger, maxResidents }: EngineParts,
  opened: Opened,
): Promise<Engine> {
  const index = await openIndex(directory, journal, logger);
  opened.push(index);
  const engine = await openEngine({
    journal,
    index,
    ...(shared === undefined ? {} : { shared }),
    ...(maxResidents === undefined ? {} : { maxResidents }),
    ...(queries === undefined
      ? {}
      : {
          due: (now, limit) => queries.due(now, limit).flatMap(dueOf),
          unfinished: (before, limit) => [
            ...queries.unfinishedTransfers(before, limit).flatMap(unfinishedOf),
            ...queries.unfinishedAssignments(before, limit),
          ],
        }),
    alarm: (message, details) => logger.error(details, message),
  });
  opened.push(engine);
  return engine;
}

/** Runs `use` with an engine that decides no messages, and is closed again before anything else is opened. */
export async function withEngine(
  parts: Pick<EngineParts, 'directory' | 'journal' | 'shared' | 'logger'>,
  use: (engine: Engine) => Promise<void>,
): Promise<void> {
  const opened: Opened = [];
  const shared = parts.shared === undefined ? undefined : {};
  try {
    await use(await openEngineOn({ ...parts, shared }, opened));
  } finally {
    for (const part of opened.toReversed()) await part.close();
  }
}

/** Read models that this process keeps, or another one. */
export type ReadModels = {
  readonly queries: Queries;
  /** Only of this process's own. */
  readonly projector: Projector | undefined;
};

export async function openOwnReadModels(
  directory: string,
  log: LogLocation,
  logger: Logger,
  opened: Opened,
): Promise<ReadModels> {
  const projector = await startProjector({ directory, log });
  opened.push(projector);
  const { rebuilt } = projector;
  if (rebuilt !== undefined) logger.info({ reason: rebuilt }, 'the read models are made anew');
  return { queries: openQueriesIn(directory, opened, projector), projector };
}

/** Rejects with `Refusal` when no projector has made them. */
export function openOthersReadModels(directory: string, opened: Opened): ReadModels {
  try {
    return { queries: openQueriesIn(directory, opened), projector: undefined };
  } catch (error) {
    if (!(error instanceof NotReadModels)) throw error;
    throw new Refusal(`${error.message}: is \`holdfast projector\` running on that folder?`, EXIT.cannotStart);
  }
}

function openQueriesIn(directory: string, opened: Opened, projector?: Projector): Queries {
  const queries = openQueries({ directory, ...(projector === undefined ? {} : { projector }) });
  opened.push({ close: async () => queries.close() });
  return queries;
}

export async function openKeyedVault(
  configuration: Pick<Configuration, 'fingerprintKey' | 'data' | 'bin'>,
  journal: JournalReader,
): Promise<Vault> {
  const { key, save } = await fingerprintKeyOf(configuration);
  const vault = openVault({ key, bin: configuration.bin });
  await checkFingerprintKey(journal, vault.keyId);
  await save();
  return vault;
}

const LOOK_AT_HEAD_MS = 1_000;

/** The log's head as it was a second ago at most, for metrics. */
export function watchHead(journal: JournalReader, opened: Opened): () => Position {
  let position: Position = 0n;
  const timer = setInterval(() => {
    journal.head().then(
      (head) => {
        position = head;
      },
      // A log that cannot be read says so where it matters.
      () => undefined,
    );
  }, LOOK_AT_HEAD_MS).unref();
  opened.push({ close: async () => clearInterval(timer) });
  return () => position;
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

function unfinishedOf({
  accountId,
  transferId,
}: ReturnType<Queries['unfinishedTransfers']>[number]): readonly Unfinished[] {
  return isId('acct', accountId) && isId('trf', transferId) ? [{ accountId, transferId }] : [];
}
