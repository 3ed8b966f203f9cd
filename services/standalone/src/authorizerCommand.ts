// authorizerCommand.ts: `holdfast authorizer`: decides network messages, one of several on one log.

import { mkdir } from 'node:fs/promises';
import { clearingRoutes, networkRoutes } from '@holdfast/authorizer-service';
import { type Engine, systemClock } from '@holdfast/engine';
import { buildServer, healthRoutes, type Server } from '@holdfast/http';
import { openReaderAt } from '@holdfast/journal';
import { redact, type Vault } from '@holdfast/vault';
import type { AuthorizerFlags } from './commandLine.ts';
import { type AuthorizerConfiguration, type Environment, readAuthorizerConfiguration } from './configuration.ts';
import { startEngineThread } from './engineThread.ts';
import { createMeters } from './meters.ts';
import { openKeyedVault, watchHead } from './parts.ts';
import type { ExitStatus } from './refusal.ts';
import { listen, opening, type Service, type ServiceLogger, serve, stopServing } from './service.ts';
import { withWritableLog } from './writableLog.ts';

export function startAuthorizer(flags: AuthorizerFlags, environment: Environment): Promise<ExitStatus> {
  const configuration = readAuthorizerConfiguration(flags, environment);
  return serve({ name: configuration.name, logLevel: configuration.logLevel }, (logger) => open(configuration, logger));
}

function open(configuration: AuthorizerConfiguration, logger: ServiceLogger): Promise<Service> {
  const { data, log, name } = configuration;
  return opening(async (opened) => {
    const deciding = startEngineThread(logger);
    opened.push(deciding);
    const vault = await withWritableLog(log, logger, (journal) => openKeyedVault(configuration, journal));
    await mkdir(data, { recursive: true, mode: 0o700 });
    const reader = await openReaderAt(log);
    opened.push(reader);
    const engine = await deciding.open({ directory: data, log, shared: { authorizer: name } });
    // Pushed a second time: open, it is closed before what it is on; the first is for a start that fails on the way.
    opened.push(deciding);
    const metrics = createMeters({ engine, deciding, head: watchHead(reader, opened) });
    const server = serverOf(engine, vault, { logger, metrics });
    return {
      address: await listen(server, configuration),
      failed: deciding.failed,
      stop: () => stopServing(server, opened),
    };
  });
}

function serverOf(
  engine: Engine,
  vault: Vault,
  { logger, metrics }: { readonly logger: ServiceLogger; readonly metrics: ReturnType<typeof createMeters> },
): Server {
  const { apiKey, current: refreshKeys } = engine;
  const server = buildServer({ logger, redact, apiKey, refreshKeys, metrics });
  const notReadyBecause = (): readonly string[] => (engine.ready ? [] : ['the engine is stopping']);
  server.register(healthRoutes({ notReadyBecause, metrics }));
  server.register(networkRoutes({ engine, vault, clock: systemClock }));
  server.register(clearingRoutes({ engine, vault, clock: systemClock }));
  return server;
}
