// defects.ts: the end of a process that can no longer be trusted.

import { EXIT } from './refusal.ts';

type FatalLogger = { fatal(details: object, message: string): void };

/** A defect may have left anything half done: only the log is right, so the process starts from it again. */
export function endOnDefect(logger: FatalLogger): void {
  process.on('uncaughtException', (error) => end(logger, error, 'a defect: start again'));
  process.on('unhandledRejection', (reason) => end(logger, reason, 'a defect: start again'));
}

/** At once: whoever waits for an answer gets none. */
export function end(logger: FatalLogger, error: unknown, message: string): never {
  logger.fatal({ err: error }, message);
  process.exit(EXIT.fatal);
}
