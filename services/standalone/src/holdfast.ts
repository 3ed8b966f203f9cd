// holdfast.ts: the whole of Holdfast in one process: log, engine, read models, and HTTP in front of them.

import { mkdir } from 'node:fs/promises';
import { networkRoutes } from '@holdfast/authorizer-service';
import { systemClock } from '@holdfast/engine';
import { buildServer, closeServer, type createLogger, healthRoutes, type Server } from '@holdfast/http';
import { issuingRoutes } from '@holdfast/issuing-service';
import {
  describeLocation,
  firstEventId,
  type Journal,
  JournalUnavailable,
  type LogLocation,
  openJournalAt,
  type Position,
} from '@holdfast/journal';
import type { Queries } from '@holdfast/projections';
import { openVault, redact, type Vault } from '@holdfast/vault';
import { issueAnotherKey, prepareSandboxKey, sandboxKeyPath } from './apiKeys.ts';
import type { Configuration } from './configuration.ts';
import { checkFingerprintKey, fingerprintKeyOf } from './fingerprintKey.ts';
import { journalRefusal } from './journalRefusal.ts';
import { createMeters } from './meters.ts';
import { notListening } from './notListening.ts';
import { openParts, type Parts, withEngine } from './parts.ts';
import { EXIT, Refusal } from './refusal.ts';
import { makeSandbox, type SandboxState, sandboxState } from './sandbox.ts';
import { writeSecret } from './secretFile.ts';

export type Logger = ReturnType<typeof createLogger>;

export type Holdfast = {
  /** `http://127.0.0.1:2600`. */
  readonly address: string;
  readonly queries: Queries;
  readonly sandbox: SandboxState;
  /** The read models have come to the log's head: what is not in them is not there. */
  readonly current: boolean;
  /** Issued by this start, to be shown once. */
  readonly newKey: string | undefined;
  /** The log can no longer be written: nobody may be answered any more. */
  readonly failed: Promise<never>;
  /** Answers what was accepted, writes snapshots and lets go of every file. */
  stop(): Promise<'drained' | 'cut'>;
};

/** Rejects with `Refusal` when it cannot start: the log is not ours or locked, the key is wrong, the port is taken. */
export async function startHoldfast(configuration: Configuration, logger: Logger): Promise<Holdfast> {
  const journal = await openJournal(configuration.log, logger);
  const opened: { close(): Promise<unknown> }[] = [journal];
  try {
    // An embedded log has made it already, and only where nothing else was.
    await mkdir(configuration.data, { recursive: true, mode: 0o700 });
    const vault = await openKeyedVault(configuration, journal);
    const { sandbox, newKey } = await prepare(configuration, journal, vault, logger);
    const parts = await openParts(configuration.data, configuration.log, journal, logger);
    opened.push(parts);
    const head = headWatch(journal);
    opened.push(head);
    const server = serverOf(parts, head.position, vault, logger);
    const address = await listen(server, configuration);
    return {
      address,
      current: await parts.projector.waitFor(await journal.head(), FIRST_VIEW_MS),
      queries: parts.queries,
      sandbox,
      newKey,
      failed: journal.failed,
      async stop() {
        const outcome = await closeServer(server);
        await head.close();
        await parts.close();
        await journal.close();
        return outcome;
      },
    };
  } catch (error) {
    for (const part of opened.reverse()) await part.close();
    throw error;
  }
}

/** How long a start waits for its read models, so that it can show what is there. It serves meanwhile. */
const FIRST_VIEW_MS = 3_000;

const LOOK_AT_HEAD_MS = 1_000;

/** The log's head as it was a second ago at most, for metrics. */
function headWatch(journal: Journal): { readonly position: () => Position; close(): Promise<void> } {
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
  return { position: () => position, close: async () => clearInterval(timer) };
}

async function openJournal(location: LogLocation, logger: Logger): Promise<Journal> {
  let journal: Journal | undefined;
  try {
    journal = await openJournalAt(location, { onTrouble: (sentence) => logger.warn({}, sentence) });
    // A server is asked only by the first call.
    await journal.head();
    return journal;
  } catch (error) {
    await journal?.close();
    if (error instanceof JournalUnavailable) {
      throw new Refusal(`${describeLocation(location)} cannot be used: ${error.message}`, EXIT.cannotStart);
    }
    throw journalRefusal(error);
  }
}

async function openKeyedVault(configuration: Configuration, journal: Journal): Promise<Vault> {
  const { key, save } = await fingerprintKeyOf(configuration);
  const vault = openVault({ key, bin: configuration.bin });
  await checkFingerprintKey(journal, vault.keyId);
  await save();
  return vault;
}

/** Makes the sandbox, or completes it, and issues the key that was asked for, before anything is served. */
async function prepare(
  { data, sandbox: wanted, newKey: another, mode }: Configuration,
  journal: Journal,
  vault: Vault,
  logger: Logger,
): Promise<{ readonly sandbox: SandboxState; readonly newKey: string | undefined }> {
  const before = await sandboxState(journal);
  const make = wanted && (before === 'unfinished' || (await firstEventId(journal)) === undefined);
  let newKey: string | undefined;
  if (make) {
    const { key, secretHash } = await prepareSandboxKey(data);
    await withEngine(data, journal, logger, (engine) =>
      makeSandbox(engine, vault, { now: systemClock.now(), secretHash }),
    );
    newKey = key;
  }
  if (another && newKey === undefined) {
    await withEngine(data, journal, logger, async (engine) => {
      newKey = await issueAnotherKey(engine);
    });
    if (newKey !== undefined && mode === 'sandbox') await writeSecret(sandboxKeyPath(data), newKey);
  }
  return { sandbox: make ? 'made' : before, newKey };
}

/** Cards are still to be authorized: the server stays ready. */
const STANDING_STILL = 'the read models stand still: decisions go on, reads are old';

function serverOf(parts: Parts, head: () => Position, vault: Vault, logger: Logger): Server {
  const { engine, projector, queries } = parts;
  let caughtUp = false;
  let projectorFailed = false;
  projector.caughtUp.then(
    () => {
      caughtUp = true;
    },
    () => undefined,
  );
  projector.failed.catch((error: unknown) => {
    projectorFailed = true;
    logger.error({ err: error }, STANDING_STILL);
  });
  const metrics = createMeters(parts, head, () => projectorFailed);
  const server = buildServer({ logger, redact, apiKey: engine.apiKey, metrics });
  const notReadyBecause = (): readonly string[] => {
    const reasons: string[] = [];
    if (!engine.ready) reasons.push('the engine is stopping');
    if (!caughtUp && !projectorFailed) reasons.push('the read models are catching up with the log');
    return reasons;
  };
  const degradedBecause = (): readonly string[] => (projectorFailed ? [STANDING_STILL] : []);
  server.register(healthRoutes({ notReadyBecause, degradedBecause, metrics }));
  server.register(networkRoutes({ engine, vault, clock: systemClock }));
  server.register(issuingRoutes({ engine, queries, vault, clock: systemClock }));
  return server;
}

async function listen(server: Server, { host, port }: Configuration): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    throw notListening(error, host, port);
  }
}
