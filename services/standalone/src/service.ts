// service.ts: the life of a process that serves: it starts, runs until a signal stops it, and ends when it cannot go on.

import { closeServer, createLogger, type LogLevel, onStopSignal, type Server } from '@holdfast/http';
import { redact } from '@holdfast/vault';
import { end, endOnDefect } from './defects.ts';
import { notListening } from './notListening.ts';
import { EXIT, type ExitStatus } from './refusal.ts';

export type ServiceLogger = ReturnType<typeof createLogger>;

/** What was opened, in the order in which one thing needs another: closed in reverse. */
export type Opened = { close(): Promise<unknown> }[];

/** Closes what was opened also when a later part of `open` fails. */
export async function opening<Service>(open: (opened: Opened) => Promise<Service>): Promise<Service> {
  const opened: Opened = [];
  try {
    return await open(opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/** Answers what was accepted first. */
export async function stopServing(server: Server, opened: Opened): Promise<'drained' | 'cut'> {
  const outcome = await closeServer(server);
  await closeAll(opened);
  return outcome;
}

export async function closeAll(opened: Opened): Promise<void> {
  for (const part of opened.toReversed()) await part.close();
}

export type Service = {
  /** `http://127.0.0.1:2600`. */
  readonly address: string;
  /** Nobody may be answered any more. Rejects with why; resolves never. */
  readonly failed: Promise<never>;
  /** Answers what was accepted, and lets go of every file. */
  stop(): Promise<'drained' | 'cut'>;
};

/** Listens, or rejects with `Refusal`. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    throw notListening(error, host, port);
  }
}

/** Less than a container is given (`stop_grace_period`): so it says why it has not stopped before it is killed. */
const STOP_WITHIN_MS = 25_000;
const CUT_SHORT =
  'it still waits, for the log most likely: what that was sent is there at the next start, or comes again';

/** Resolves when it was stopped as asked. Rejects with `Refusal` when it cannot start. */
export async function serve<Started extends Service>(
  {
    name,
    logLevel,
    stopWithinMs = STOP_WITHIN_MS,
  }: { readonly name: string; readonly logLevel: LogLevel; readonly stopWithinMs?: number },
  start: (logger: ServiceLogger) => Promise<Started>,
  started: (service: Started) => Promise<void> = async () => {},
): Promise<ExitStatus> {
  const logger = createLogger({ level: logLevel, name, redact, destination: process.stderr });
  endOnDefect(logger);
  // From here on a signal lets what has begun finish: half a start is stopped like a whole one.
  const stopping = Promise.withResolvers<NodeJS.Signals>();
  onStopSignal(stopping.resolve);
  const service = await start(logger);
  service.failed.catch((error: unknown) => end(logger, error, 'it cannot go on: start it again'));
  logger.info({ address: service.address }, 'started');
  await started(service);
  const signal = await stopping.promise;
  logger.info({ signal }, 'stopping');
  const late = setTimeout(
    () => end(logger, new Error(`not stopped within ${stopWithinMs} ms`), CUT_SHORT),
    stopWithinMs,
  );
  const outcome = await service.stop().finally(() => clearTimeout(late));
  logger.info({ outcome }, 'stopped');
  return EXIT.ok;
}
