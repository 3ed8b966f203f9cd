// startCommand.ts: `holdfast start`: runs until a signal stops it, or until the log can no longer be written.

import { createLogger, onStopSignal } from '@holdfast/http';
import { redact } from '@holdfast/vault';
import { banner } from './banner.ts';
import type { StartFlags } from './commandLine.ts';
import { type Environment, readConfiguration } from './configuration.ts';
import { end, endOnDefect } from './defects.ts';
import { startHoldfast } from './holdfast.ts';
import { colours, print } from './output.ts';
import { EXIT, type ExitStatus } from './refusal.ts';

/** Resolves when it was stopped as asked. Rejects with `Refusal` when it cannot start. */
export async function start(flags: StartFlags, environment: Environment): Promise<ExitStatus> {
  const configuration = readConfiguration(flags, environment);
  const logger = createLogger({ level: configuration.logLevel, name: 'holdfast', redact, destination: process.stderr });
  endOnDefect(logger);
  // From here on a signal lets what has begun finish: half a start is stopped like a whole one.
  const stopping = Promise.withResolvers<NodeJS.Signals>();
  onStopSignal(stopping.resolve);
  const holdfast = await startHoldfast(configuration, logger);
  holdfast.failed.catch((error: unknown) => end(logger, error, 'the log cannot be written any more: start again'));
  logger.info({ address: holdfast.address, mode: configuration.mode }, 'started');
  await print(banner(holdfast, configuration, Date.now(), colours));
  const signal = await stopping.promise;
  logger.info({ signal }, 'stopping');
  const outcome = await holdfast.stop();
  logger.info({ outcome }, 'stopped');
  return EXIT.ok;
}
