// configuration.ts: everything that can be set, from flags and the environment, checked at once.

import type { LogLevel } from '@holdfast/http';
import type { LogLocation } from '@holdfast/journal';
import { TEST_BIN, VAULT_LIMITS } from '@holdfast/vault';
import { z } from 'zod';
import type { StartFlags } from './commandLine.ts';
import {
  COMMON,
  COMMON_NAMES,
  commonOf,
  DEFAULT_DATA,
  type Environment,
  locationOf,
  needEventStore,
  parseSettings,
  portOr,
  set,
} from './settings.ts';

export type { Environment } from './settings.ts';

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

const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -base64 32';

const settings = z
  .object({
    ...COMMON,
    port: portOr(2600),
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
  })
  .superRefine(({ mode, fingerprintKey, eventStore, streamPrefix, appenders }, context) => {
    needEventStore({ eventStore, streamPrefix, appenders }, context);
    if (mode === 'production' && fingerprintKey === undefined) {
      const message = `is needed in production: without it no card is found by its number; ${HOW_TO_MAKE_A_KEY}`;
      context.addIssue({ code: 'custom', path: ['fingerprintKey'], message });
    }
  });

const NAMES: Readonly<Record<string, string>> = {
  ...COMMON_NAMES,
  mode: 'HOLDFAST_MODE (--mode)',
  fingerprintKey: 'HOLDFAST_FINGERPRINT_KEY',
  bin: 'HOLDFAST_BIN',
};

/** A flag wins over the environment. Throws one `Refusal` that lists all that is wrong, and never what a key is. */
export function readConfiguration(flags: StartFlags, environment: Environment): Configuration {
  const parsed = parseSettings(settings, NAMES, {
    ...commonOf(flags, environment),
    mode: flags.mode ?? set(environment.HOLDFAST_MODE),
    fingerprintKey: set(environment.HOLDFAST_FINGERPRINT_KEY),
    bin: set(environment.HOLDFAST_BIN),
  });
  const { fingerprintKey, logLevel, eventStore, streamPrefix, appenders, ...rest } = parsed;
  return {
    ...rest,
    log: locationOf(rest.data, { eventStore, streamPrefix, appenders }),
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
    // The sandbox is looked at by a person, for whom a line per start and stop is noise.
    logLevel: logLevel ?? (rest.mode === 'production' ? 'info' : 'warn'),
    sandbox: flags.sandbox && rest.mode === 'sandbox',
    newKey: flags.newKey,
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

/** Hex when it can be hex, else base64 in either alphabet. */
function keyOf(text: string): Uint8Array | undefined {
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
