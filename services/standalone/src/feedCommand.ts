// feedCommand.ts: `holdfast feed`: publishes the log to NATS JetStream until a signal stops it.

import { type Feed, startFeed } from '@holdfast/feed-service';
import { buildServer, closeServer, createLogger, createMetrics, healthRoutes, onStopSignal } from '@holdfast/http';
import { describeLocation, openReaderAt } from '@holdfast/journal';
import { redact } from '@holdfast/vault';
import { z } from 'zod';
import { endOnDefect } from './defects.ts';
import { journalRefusal } from './journalRefusal.ts';
import { notListening } from './notListening.ts';
import { EXIT, type ExitStatus } from './refusal.ts';
import {
  COMMON,
  COMMON_NAMES,
  type CommonFlags,
  commonOf,
  type Environment,
  locationOf,
  needEventStore,
  parseSettings,
  portOr,
  set,
} from './settings.ts';

const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
const MUST_BE_TOKEN = 'must be 1 to 64 letters, digits, - and _';

const settings = z
  .object({
    ...COMMON,
    port: portOr(2604),
    nats: z
      .string()
      .regex(
        /^(?:nats|tls):\/\/[^\s,@]+(?:,(?:nats|tls):\/\/[^\s,@]+)*$/,
        'must be like nats://host:4222, several with commas',
      )
      .default('nats://127.0.0.1:4222'),
    user: z.string().optional(),
    password: z.string().optional(),
    credentialsFile: z.string().optional(),
    caFile: z.string().optional(),
    stream: z.string().regex(TOKEN, MUST_BE_TOKEN).default('HOLDFAST'),
    subject: z.string().regex(TOKEN, MUST_BE_TOKEN).default('holdfast'),
    replicas: z
      .string()
      .regex(/^[1-5]$/, 'must be a number from 1 to 5')
      .transform(Number)
      .default(1),
    source: z
      .string()
      .regex(/^[!-~]{1,200}$/, 'must be a URI reference')
      .default('urn:holdfast'),
  })
  .superRefine(needEventStore);

const NAMES: Readonly<Record<string, string>> = {
  ...COMMON_NAMES,
  nats: 'HOLDFAST_NATS',
  user: 'HOLDFAST_NATS_USER',
  password: 'HOLDFAST_NATS_PASSWORD',
  credentialsFile: 'HOLDFAST_NATS_CREDENTIALS',
  caFile: 'HOLDFAST_NATS_CA',
  stream: 'HOLDFAST_FEED_STREAM',
  subject: 'HOLDFAST_FEED_SUBJECT',
  replicas: 'HOLDFAST_FEED_REPLICAS',
  source: 'HOLDFAST_FEED_SOURCE',
};

/** Resolves when it was stopped as asked, or when somebody must look. Rejects with `Refusal` when it cannot start. */
export async function feed(flags: CommonFlags, environment: Environment): Promise<ExitStatus> {
  const { nats, user, password, credentialsFile, caFile, stream, subject, replicas, source, ...common } = parseSettings(
    settings,
    NAMES,
    {
      ...commonOf(flags, environment),
      nats: set(environment.HOLDFAST_NATS),
      user: set(environment.HOLDFAST_NATS_USER),
      password: set(environment.HOLDFAST_NATS_PASSWORD),
      credentialsFile: set(environment.HOLDFAST_NATS_CREDENTIALS),
      caFile: set(environment.HOLDFAST_NATS_CA),
      stream: set(environment.HOLDFAST_FEED_STREAM),
      subject: set(environment.HOLDFAST_FEED_SUBJECT),
      replicas: set(environment.HOLDFAST_FEED_REPLICAS),
      source: set(environment.HOLDFAST_FEED_SOURCE),
    },
  );
  const { data, host, port, logLevel = 'info', eventStore, streamPrefix, appenders } = common;
  const logger = createLogger({ level: logLevel, name: 'feed', redact, destination: process.stderr });
  endOnDefect(logger);
  const stopping = Promise.withResolvers<NodeJS.Signals>();
  onStopSignal(stopping.resolve);
  const location = locationOf(data, { eventStore, streamPrefix, appenders });
  const warn = (sentence: string): void => logger.warn({}, sentence);
  const reader = await openReaderAt(location, { onTrouble: warn }).catch((error: unknown) => {
    throw journalRefusal(error);
  });
  const running = startFeed({
    reader,
    nats: {
      servers: nats,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(credentialsFile === undefined ? {} : { credentialsFile }),
      ...(caFile === undefined ? {} : { caFile }),
    },
    stream: { name: stream, prefix: subject, replicas },
    source,
    directory: data,
    onTrouble: warn,
  });
  const server = serverOf(running, logger);
  try {
    await server.listen({ host, port }).catch((error: unknown) => {
      throw notListening(error, host, port);
    });
    logger.info({ log: describeLocation(location), nats, stream, subjects: `${subject}.>`, host, port }, 'publishing');
    const signal = await Promise.race([stopping.promise, running.failed]);
    logger.info({ signal, position: running.position().toString() }, 'stopping');
    return EXIT.ok;
  } catch (error) {
    if (!isFeedFailure(error)) throw error;
    logger.fatal({ err: error }, 'nothing is published any more: somebody must look');
    return EXIT.fatal;
  } finally {
    await running.close();
    await closeServer(server);
    await reader.close();
  }
}

function isFeedFailure(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'feed_failed';
}

function serverOf(running: Feed, logger: ReturnType<typeof createLogger>) {
  const metrics = createMetrics({
    counters: [{ name: 'holdfast_feed_published_total', help: 'Events published.', read: () => running.published }],
    gauges: [
      { name: 'holdfast_feed_position', help: 'Of the last published event.', read: () => Number(running.position()) },
      { name: 'holdfast_feed_caught_up', help: '1: the log is published.', read: () => (running.caughtUp ? 1 : 0) },
    ],
  });
  // Nothing here needs a key: what is published is published elsewhere.
  const server = buildServer({ logger, redact, apiKey: () => undefined, metrics });
  const notReadyBecause = (): readonly string[] => (running.caughtUp ? [] : ['the feed is behind the log']);
  server.register(healthRoutes({ notReadyBecause, metrics }));
  return server;
}
