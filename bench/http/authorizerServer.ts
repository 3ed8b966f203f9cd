// authorizerServer.ts: log, engine and the network's route in one process, wired as the standalone server wires them.

import { networkRoutes } from '@holdfast/authorizer-service';
import { systemClock } from '@holdfast/engine';
import { buildServer, createLogger, createMetrics } from '@holdfast/http';
import type { LogLocation } from '@holdfast/journal';
import { startEngineThread } from '@holdfast/standalone-service';
import { redact } from '@holdfast/vault';
import { openOn } from '../support/engine.ts';
import { given, serve } from '../support/parent.ts';
import { makeWorld, vault } from '../support/world.ts';
import { listen } from './bareRoute.ts';

export type AuthorizerGiven = {
  readonly directory: string;
  readonly accounts: number;
  /** Transactions that may be in memory. Left out: the engine's own bound. */
  readonly maxResidents?: number;
  /** Left out: in the directory. */
  readonly log?: LogLocation;
};

const { directory, accounts, log = { directory }, ...options } = given<AuthorizerGiven>();

await serve(async () => {
  const first = await openOn(directory, { log });
  await makeWorld(first.engine, accounts);
  await first.close();
  const logger = createLogger({ level: 'warn', name: 'bench', redact });
  const deciding = startEngineThread(logger);
  const engine = await deciding.open({ directory, log, shared: undefined, ...options });
  const app = buildServer({ logger, redact, apiKey: engine.apiKey, metrics: createMetrics() });
  app.register(networkRoutes({ engine, vault, clock: systemClock }));
  return {
    ready: { port: await listen(app) },
    async stop() {
      await app.close();
      await deciding.close();
    },
  };
});
