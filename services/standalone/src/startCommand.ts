// startCommand.ts: `holdfast start`: everything in one process. `holdfast issuing`: all but the deciding of network messages.

import { banner } from './banner.ts';
import type { IssuingFlags, StartFlags } from './commandLine.ts';
import { type Configuration, type Environment, readConfiguration, readIssuingConfiguration } from './configuration.ts';
import { startHoldfast } from './holdfast.ts';
import { colours, print } from './output.ts';
import type { ExitStatus } from './refusal.ts';
import { serve } from './service.ts';

export function start(flags: StartFlags, environment: Environment): Promise<ExitStatus> {
  return run('holdfast', readConfiguration(flags, environment));
}

export function startIssuing(flags: IssuingFlags, environment: Environment): Promise<ExitStatus> {
  return run('issuing', readIssuingConfiguration(flags, environment));
}

function run(name: string, configuration: Configuration): Promise<ExitStatus> {
  return serve(
    { name, logLevel: configuration.logLevel },
    (logger) => startHoldfast(configuration, logger),
    (holdfast) => print(banner(holdfast, configuration, Date.now(), colours)),
  );
}
