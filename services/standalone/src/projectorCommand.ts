// projectorCommand.ts: `holdfast projector`: the read models in a process of their own.

import { buildServer, createMetrics, healthRoutes } from '@holdfast/http';
import { startProjector } from '@holdfast/projector-service';
import { redact } from '@holdfast/vault';
import { type Environment, type ProjectorConfiguration, readProjectorConfiguration } from './configuration.ts';
import { readModelGauges } from './meters.ts';
import type { ExitStatus } from './refusal.ts';
import { listen, opening, type Service, type ServiceLogger, serve, stopServing } from './service.ts';
import type { CommonFlags } from './settings.ts';

export function runProjector(flags: CommonFlags, environment: Environment): Promise<ExitStatus> {
  const configuration = readProjectorConfiguration(flags, environment);
  return serve({ name: 'projector', logLevel: configuration.logLevel }, (logger) => open(configuration, logger));
}

function open(configuration: ProjectorConfiguration, logger: ServiceLogger): Promise<Service> {
  const { data: directory, log } = configuration;
  return opening(async (opened) => {
    const projector = await startProjector({ directory, log });
    opened.push(projector);
    const { rebuilt, position, failed } = projector;
    if (rebuilt !== undefined) logger.info({ reason: rebuilt }, 'the read models are made anew');
    let caughtUp = false;
    projector.caughtUp.then(
      () => {
        caughtUp = true;
        logger.info({ position: position().toString() }, 'the read models have caught up with the log');
      },
      () => undefined,
    );
    const metrics = createMetrics({ gauges: readModelGauges({ position, failed: () => false }) });
    // Nothing here needs a key: reads are served elsewhere.
    const server = buildServer({ logger, redact, apiKey: () => undefined, metrics });
    const notReadyBecause = (): readonly string[] => (caughtUp ? [] : ['the read models are catching up with the log']);
    server.register(healthRoutes({ notReadyBecause, metrics }));
    return { address: await listen(server, configuration), failed, stop: () => stopServing(server, opened) };
  });
}
