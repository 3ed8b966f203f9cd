// settings.ts: what the services that start alone have in common: where the log is, where to listen, what to say.

import { AUTHORIZER_NAME } from '@holdfast/domain';
import { LOG_LEVELS } from '@holdfast/http';
import type { LogLocation } from '@holdfast/journal';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_DATA = './data';

export const COMMON = {
  data: z.string().min(1, 'is empty').default(DEFAULT_DATA),
  host: z
    .string()
    .regex(/^[0-9a-zA-Z.:_-]{1,255}$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  eventStore: z
    .string()
    .regex(/^esdb(?:\+discover)?:\/\/\S+$/, 'must be like esdb://user:password@host:2113?tls=true')
    .optional(),
  streamPrefix: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits')
    .optional(),
  appenders: z
    .string()
    .regex(/^(?:[1-9]|1[0-6])$/, 'must be a number from 1 to 16')
    .transform(Number)
    .optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
};

/** What an authorizer is called in the log, over all its starts. */
export const authorizerName = z
  .string()
  .regex(AUTHORIZER_NAME, 'must be 1 to 63 small letters, digits and -, such as eu-west-1');

/** A port, `port` unless told otherwise. */
export function portOr(port: number) {
  return z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((given) => given <= 65_535, 'must be a number from 0 to 65535')
    .default(port);
}

export const COMMON_NAMES: Readonly<Record<string, string>> = {
  data: 'HOLDFAST_DATA (--data)',
  host: 'HOLDFAST_HOST (--host)',
  port: 'HOLDFAST_PORT (--port)',
  eventStore: 'HOLDFAST_EVENTSTORE',
  streamPrefix: 'HOLDFAST_STREAM_PREFIX',
  appenders: 'HOLDFAST_APPENDERS',
  logLevel: 'HOLDFAST_LOG_LEVEL (--log-level)',
};

export type CommonFlags = {
  readonly data?: string;
  readonly host?: string;
  readonly port?: string;
  readonly logLevel?: string;
};

/** A flag wins over the environment. */
export function commonOf(flags: CommonFlags, environment: Environment) {
  return {
    data: flags.data ?? set(environment.HOLDFAST_DATA),
    host: flags.host ?? set(environment.HOLDFAST_HOST),
    port: flags.port ?? set(environment.HOLDFAST_PORT),
    eventStore: set(environment.HOLDFAST_EVENTSTORE),
    streamPrefix: set(environment.HOLDFAST_STREAM_PREFIX),
    appenders: set(environment.HOLDFAST_APPENDERS),
    logLevel: flags.logLevel ?? set(environment.HOLDFAST_LOG_LEVEL),
  };
}

type EventStoreFields = {
  readonly eventStore?: string | undefined;
  readonly streamPrefix?: string | undefined;
  readonly appenders?: number | undefined;
};

/** A setting of the event store without one would do nothing, and somebody meant it to. */
export function needEventStore(
  { eventStore, streamPrefix, appenders }: EventStoreFields,
  context: z.RefinementCtx,
): void {
  for (const [setting, value] of Object.entries({ streamPrefix, appenders })) {
    if (eventStore !== undefined || value === undefined) continue;
    context.addIssue({ code: 'custom', path: [setting], message: 'needs HOLDFAST_EVENTSTORE' });
  }
}

export function locationOf(
  directory: string,
  { eventStore: connectionString, streamPrefix, appenders }: EventStoreFields,
): LogLocation {
  if (connectionString === undefined) return { directory };
  return {
    eventStore: {
      connectionString,
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
      ...(appenders === undefined ? {} : { appenders }),
    },
  };
}

/** Throws one `Refusal` that lists all that is wrong, by the names that a person set, and never what a secret is. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  names: Readonly<Record<string, string>>,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    ({ path, message }) => `${names[String(path[0])] ?? String(path[0])} ${message}`,
  );
  throw new Refusal(wrong.length === 1 ? `${wrong[0]}.` : `the configuration is wrong:\n  ${wrong.join('\n  ')}`);
}

/** An empty variable is none. */
export function set(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
