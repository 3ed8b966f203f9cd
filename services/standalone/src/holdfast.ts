// holdfast.ts: the platform's API on its engine and read models; and, unless other processes do that, network messages too.

import { mkdir } from 'node:fs/promises';
import { clearingRoutes, networkRoutes } from '@holdfast/authorizer-service';
import { type Engine, systemClock } from '@holdfast/engine';
import { buildServer, healthRoutes, type Server } from '@holdfast/http';
import { issuingRoutes } from '@holdfast/issuing-service';
import { type Journal, openReaderAt, type Position } from '@holdfast/journal';
import type { Queries } from '@holdfast/projections';
import { redact, type Vault } from '@holdfast/vault';
import { issueAnotherKey, prepareSandboxKey, sandboxKeyPath } from './apiKeys.ts';
import type { Configuration } from './configuration.ts';
import { type EngineThread, startEngineThread } from './engineThread.ts';
import { createMeters } from './meters.ts';
import {
  openKeyedVault,
  openOthersReadModels,
  openOwnReadModels,
  type ReadModels,
  watchHead,
  withEngine,
} from './parts.ts';
import { isUnused, makeSandbox, type SandboxState, sandboxState } from './sandbox.ts';
import { writeSecret } from './secretFile.ts';
import { listen, opening, type Service, type ServiceLogger, stopServing } from './service.ts';
import { withWritableLog } from './writableLog.ts';

export type Holdfast = Service & {
  readonly queries: Queries;
  readonly sandbox: SandboxState;
  /** The read models have come to the log's head: what is not in them is not there. */
  readonly current: boolean;
  /** Issued by this start, to be shown once. */
  readonly newKey: string | undefined;
};

/** Rejects with `Refusal` when it cannot start: the log is not ours or locked, the key is wrong, the port is taken. */
export function startHoldfast(configuration: Configuration, logger: ServiceLogger): Promise<Holdfast> {
  const { data, log: location, shared, readModels: others } = configuration;
  return opening(async (opened) => {
    const deciding = startEngineThread(logger);
    opened.push(deciding);
    const { vault, sandbox, newKey } = await withWritableLog(location, logger, (journal) =>
      prepare(configuration, journal, logger),
    );
    const log = await openReaderAt(location);
    opened.push(log);
    const readModels =
      others === undefined
        ? await openOwnReadModels(data, location, logger, opened)
        : openOthersReadModels(others, opened);
    const { queries } = readModels;
    const engine = await deciding.open({ directory: data, log: location, shared, readModels: others ?? data });
    // Pushed a second time: open, it is closed before what it is on; the first is for a start that fails on the way.
    opened.push(deciding);
    const head = watchHead(log, opened);
    const server = serverOf(configuration, engine, readModels, { deciding, head, vault, logger });
    const address = await listen(server, configuration);
    return {
      address,
      current: await queries.waitFor(await log.head(), FIRST_VIEW_MS),
      queries,
      sandbox,
      newKey,
      failed: deciding.failed,
      stop: () => stopServing(server, opened),
    };
  });
}

/** How long a start waits for its read models, so that it can show what is there. It serves meanwhile. */
const FIRST_VIEW_MS = 3_000;

type Prepared = { readonly vault: Vault; readonly sandbox: SandboxState; readonly newKey: string | undefined };

/** Makes the sandbox, or completes it, and issues the key that was asked for, before anything is served. */
async function prepare(configuration: Configuration, journal: Journal, logger: ServiceLogger): Promise<Prepared> {
  const { data, shared, sandbox: wanted, newKey: another, mode } = configuration;
  // An embedded log has made it already, and only where nothing else was.
  await mkdir(data, { recursive: true, mode: 0o700 });
  const vault = await openKeyedVault(configuration, journal);
  const parts = { directory: data, journal, shared, logger };
  const before = await sandboxState(journal);
  const make = wanted && (before === 'unfinished' || (await isUnused(journal)));
  let newKey: string | undefined;
  if (make) {
    const { key, secretHash } = await prepareSandboxKey(data);
    await withEngine(parts, (engine) => makeSandbox(engine, vault, { now: systemClock.now(), secretHash }));
    newKey = key;
  }
  if (another && newKey === undefined) {
    await withEngine(parts, async (engine) => {
      newKey = await issueAnotherKey(engine);
    });
    if (newKey !== undefined && mode === 'sandbox') await writeSecret(sandboxKeyPath(data), newKey);
  }
  return { vault, sandbox: make ? 'made' : before, newKey };
}

/** Cards are still to be authorized: the server stays ready. */
const STANDING_STILL = 'the read models stand still: decisions go on, reads are old';

type Around = {
  readonly deciding: EngineThread;
  readonly head: () => Position;
  readonly vault: Vault;
  readonly logger: ServiceLogger;
};

function serverOf(
  { decides }: Configuration,
  engine: Engine,
  { queries, projector }: ReadModels,
  { deciding, head, vault, logger }: Around,
): Server {
  let caughtUp = projector === undefined;
  let projectorFailed = false;
  projector?.caughtUp.then(
    () => {
      caughtUp = true;
    },
    () => undefined,
  );
  projector?.failed.catch((error: unknown) => {
    projectorFailed = true;
    logger.error({ err: error }, STANDING_STILL);
  });
  const metrics = createMeters({
    engine,
    deciding,
    head,
    readModels: { position: queries.position, failed: () => projectorFailed },
  });
  const { apiKey, current: refreshKeys } = engine;
  const server = buildServer({ logger, redact, apiKey, refreshKeys, metrics });
  const notReadyBecause = (): readonly string[] => {
    const reasons: string[] = [];
    if (!engine.ready) reasons.push('the engine is stopping');
    if (!caughtUp && !projectorFailed) reasons.push('the read models are catching up with the log');
    return reasons;
  };
  const degradedBecause = (): readonly string[] => (projectorFailed ? [STANDING_STILL] : []);
  server.register(healthRoutes({ notReadyBecause, degradedBecause, metrics }));
  if (decides) {
    server.register(networkRoutes({ engine, vault, clock: systemClock }));
    server.register(clearingRoutes({ engine, vault, clock: systemClock }));
  }
  server.register(issuingRoutes({ engine, queries, vault, clock: systemClock }));
  return server;
}
