// configuration.ts: everything that can be set, from flags and the environment, checked at once.

import { LOG_LEVELS, type LogLevel } from '@holdfast/http';
import type { LogLocation } from '@holdfast/journal';
import { TEST_BIN, VAULT_LIMITS } from '@holdfast/vault';
import { z } from 'zod';
import type { StartFlags } from './commandLine.ts';
import { Refusal } from './refusal.ts';

export type Configuration = {
  /** The folder of what is derived from the log, and of the log itself unless that is on an EventStoreDB. */
  readonly data: string;
  readonly log: LogLocation;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly mode: 'sandbox' | 'production';
  /** Absent: the sandbox makes itself one. */
  readonly fingerprintKey?: Uint8Array;
  readonly bin: string;
  readonly logLevel: LogLevel;
  /** Create a program, accounts and cards on an empty log. */
  readonly sandbox: boolean;
  /** Issue another API key. */
  readonly newKey: boolean;
};

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_DATA = './data';
const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -base64 32';

const settings = z
  .object({
    data: z.string().min(1, 'is empty').default(DEFAULT_DATA),
    host: z
      .string()
      .regex(/^[0-9a-zA-Z.:_-]{1,255}$/, 'must be a host name or an address')
      .default('127.0.0.1'),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
      .default(2600),
    mode: z.enum(['sandbox', 'production'], 'must be sandbox or production').default('sandbox'),
    fingerprintKey: z
      .string()
      .transform((text) => keyOf(text))
      .refine(
        (key) => key !== undefined && key.byteLength >= VAULT_LIMITS.keyBytes,
        `must be at least ${VAULT_LIMITS.keyBytes} bytes in base64 or hex; ${HOW_TO_MAKE_A_KEY}`,
      )
      .optional(),
    bin: z
      .string()
      .regex(/^\d{6,8}$/, 'must be 6 to 8 digits')
      .default(TEST_BIN),
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
  })
  .superRefine(({ mode, fingerprintKey, eventStore, streamPrefix, appenders }, context) => {
    for (const [setting, value] of Object.entries({ streamPrefix, appenders })) {
      if (eventStore !== undefined || value === undefined) continue;
      context.addIssue({ code: 'custom', path: [setting], message: 'needs HOLDFAST_EVENTSTORE' });
    }
    if (mode === 'production' && fingerprintKey === undefined) {
      const message = `is needed in production: without it no card is found by its number; ${HOW_TO_MAKE_A_KEY}`;
      context.addIssue({ code: 'custom', path: ['fingerprintKey'], message });
    }
  });

type Setting = keyof z.input<typeof settings>;

const NAMES: Readonly<Record<Setting, string>> = {
  data: 'HOLDFAST_DATA (--data)',
  host: 'HOLDFAST_HOST (--host)',
  port: 'HOLDFAST_PORT (--port)',
  mode: 'HOLDFAST_MODE (--mode)',
  fingerprintKey: 'HOLDFAST_FINGERPRINT_KEY',
  bin: 'HOLDFAST_BIN',
  eventStore: 'HOLDFAST_EVENTSTORE',
  streamPrefix: 'HOLDFAST_STREAM_PREFIX',
  appenders: 'HOLDFAST_APPENDERS',
  logLevel: 'HOLDFAST_LOG_LEVEL (--log-level)',
};

/** A flag wins over the environment. Throws one `Refusal` that lists all that is wrong, and never what a key is. */
export function readConfiguration(flags: StartFlags, environment: Environment): Configuration {
  const parsed = settings.safeParse({
    data: flags.data ?? set(environment.HOLDFAST_DATA),
    host: flags.host ?? set(environment.HOLDFAST_HOST),
    port: flags.port ?? set(environment.HOLDFAST_PORT),
    mode: flags.mode ?? set(environment.HOLDFAST_MODE),
    fingerprintKey: set(environment.HOLDFAST_FINGERPRINT_KEY),
    bin: set(environment.HOLDFAST_BIN),
    eventStore: set(environment.HOLDFAST_EVENTSTORE),
    streamPrefix: set(environment.HOLDFAST_STREAM_PREFIX),
    appenders: set(environment.HOLDFAST_APPENDERS),
    logLevel: flags.logLevel ?? set(environment.HOLDFAST_LOG_LEVEL),
  });
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${nameOf(path[0])} ${message}`);
    throw new Refusal(wrong.length === 1 ? `${wrong[0]}.` : `the configuration is wrong:\n  ${wrong.join('\n  ')}`);
  }
  const { fingerprintKey, logLevel, eventStore, streamPrefix, appenders, ...rest } = parsed.data;
  return {
    ...rest,
    log: locationOf(rest.data, eventStore, streamPrefix, appenders),
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
    // The sandbox is looked at by a person, for whom a line per start and stop is noise.
    logLevel: logLevel ?? (rest.mode === 'production' ? 'info' : 'warn'),
    sandbox: flags.sandbox && rest.mode === 'sandbox',
    newKey: flags.newKey,
  };
}

function locationOf(
  directory: string,
  connectionString: string | undefined,
  streamPrefix: string | undefined,
  appenders: number | undefined,
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

/** The log that a command reads: a folder that is given wins over the server that the environment names. */
export function readLocation(data: string | undefined, environment: Environment): LogLocation {
  if (data !== undefined || set(environment.HOLDFAST_EVENTSTORE) === undefined) {
    return { directory: data ?? set(environment.HOLDFAST_DATA) ?? DEFAULT_DATA };
  }
  const { HOLDFAST_EVENTSTORE, HOLDFAST_STREAM_PREFIX } = environment;
  const flags = { sandbox: false, newKey: false };
  return readConfiguration(flags, { HOLDFAST_EVENTSTORE, HOLDFAST_STREAM_PREFIX }).log;
}

/** An empty variable is none. */
function set(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function nameOf(setting: PropertyKey | undefined): string {
  return NAMES[isSetting(setting) ? setting : 'data'];
}

function isSetting(name: PropertyKey | undefined): name is Setting {
  return typeof name === 'string' && Object.hasOwn(NAMES, name);
}

/** Hex when it can be hex, else base64 in either alphabet. */
function keyOf(text: string): Uint8Array | undefined {
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
