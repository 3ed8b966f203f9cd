// configuration.ts: everything that can be set, from flags and the environment, checked at once.

import type { Shared } from '@holdfast/engine';
import type { LogLevel } from '@holdfast/http';
import type { LogLocation } from '@holdfast/journal';
import { TEST_BIN, VAULT_LIMITS } from '@holdfast/vault';
import { z } from 'zod';
import type { AuthorizerFlags, IssuingFlags, PlatformFlags, StartFlags } from './commandLine.ts';
import {
  authorizerName,
  COMMON,
  COMMON_NAMES,
  type CommonFlags,
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
  /** Network messages come here. */
  readonly decides: boolean;
  /** Undefined: no other process writes the log. */
  readonly shared: Shared | undefined;
  /** The folder of another process's read models. Absent: this process makes its own. */
  readonly readModels?: string;
};

const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -base64 32';

const fingerprintKey = z
  .string()
  .transform((text) => keyOf(text))
  .refine(
    (key) => key !== undefined && key.byteLength >= VAULT_LIMITS.keyBytes,
    `must be at least ${VAULT_LIMITS.keyBytes} bytes in base64 or hex; ${HOW_TO_MAKE_A_KEY}`,
  );

const bin = z
  .string()
  .regex(/^\d{6,8}$/, 'must be 6 to 8 digits')
  .default(TEST_BIN);

const platform = {
  ...COMMON,
  port: portOr(2600),
  mode: z.enum(['sandbox', 'production'], 'must be sandbox or production').default('sandbox'),
  fingerprintKey: fingerprintKey.optional(),
  bin,
};

type Platform = {
  readonly mode: 'sandbox' | 'production';
  readonly fingerprintKey?: Uint8Array | undefined;
} & Parameters<typeof needEventStore>[0];

function checkPlatform(given: Platform, context: z.RefinementCtx): void {
  needEventStore(given, context);
  const { mode, fingerprintKey } = given;
  if (mode === 'production' && fingerprintKey === undefined) {
    const message = `is needed in production: without it no card is found by its number; ${HOW_TO_MAKE_A_KEY}`;
    context.addIssue({ code: 'custom', path: ['fingerprintKey'], message });
  }
}

const ALONE = 'is needed: the embedded log takes one process, which holdfast start runs';

const startSettings = z.object({ ...platform, name: authorizerName.default('holdfast') }).superRefine(checkPlatform);

const issuingSettings = z
  .object({
    ...platform,
    eventStore: COMMON.eventStore.refine((given) => given !== undefined, ALONE),
    readModels: z.string().optional(),
  })
  .superRefine(checkPlatform);

const authorizerSettings = z
  .object({
    ...COMMON,
    eventStore: COMMON.eventStore.refine((given) => given !== undefined, ALONE),
    port: portOr(2601),
    name: z.string('is needed: the lasting name of this authorizer, such as eu-west-1').pipe(authorizerName),
    fingerprintKey: z
      .string('is needed: the one of the process that issues the cards; a sandbox keeps it in its data folder')
      .pipe(fingerprintKey),
    bin,
  })
  .superRefine(needEventStore);

const projectorSettings = z.object({ ...COMMON, port: portOr(2603) }).superRefine(needEventStore);

const NAMES: Readonly<Record<string, string>> = {
  ...COMMON_NAMES,
  mode: 'HOLDFAST_MODE (--mode)',
  name: 'HOLDFAST_AUTHORIZER (--name)',
  readModels: 'HOLDFAST_READ_MODELS (--read-models)',
  fingerprintKey: 'HOLDFAST_FINGERPRINT_KEY',
  bin: 'HOLDFAST_BIN',
};

/** A flag wins over the environment. Throws one `Refusal` that lists all that is wrong, and never what a key is. */
export function readConfiguration(flags: StartFlags, environment: Environment): Configuration {
  const { name, ...rest } = parseSettings(startSettings, NAMES, {
    ...platformOf(flags, environment),
    name: flags.name ?? set(environment.HOLDFAST_AUTHORIZER),
  });
  // Nobody else can write an embedded log.
  const shared = rest.eventStore === undefined ? undefined : { authorizer: name };
  return { ...configurationOf(rest, flags), decides: true, shared };
}

/** The same, of a process that leaves network messages to authorizers. */
export function readIssuingConfiguration(flags: IssuingFlags, environment: Environment): Configuration {
  const { readModels, ...rest } = parseSettings(issuingSettings, NAMES, {
    ...platformOf(flags, environment),
    readModels: flags.readModels ?? set(environment.HOLDFAST_READ_MODELS),
  });
  return {
    ...configurationOf(rest, flags),
    decides: false,
    shared: {},
    ...(readModels === undefined ? {} : { readModels }),
  };
}

export type AuthorizerConfiguration = Pick<Configuration, 'data' | 'log' | 'host' | 'port' | 'bin' | 'logLevel'> & {
  readonly name: string;
  readonly fingerprintKey: Uint8Array;
};

export function readAuthorizerConfiguration(flags: AuthorizerFlags, environment: Environment): AuthorizerConfiguration {
  const {
    eventStore,
    streamPrefix,
    appenders,
    logLevel = 'info',
    fingerprintKey,
    ...rest
  } = parseSettings(authorizerSettings, NAMES, {
    ...commonOf(flags, environment),
    name: flags.name ?? set(environment.HOLDFAST_AUTHORIZER),
    fingerprintKey: set(environment.HOLDFAST_FINGERPRINT_KEY),
    bin: set(environment.HOLDFAST_BIN),
  });
  if (fingerprintKey === undefined) throw new Error('a key that was accepted is none');
  return { ...rest, logLevel, fingerprintKey, log: locationOf(rest.data, { eventStore, streamPrefix, appenders }) };
}

export type ProjectorConfiguration = Pick<Configuration, 'data' | 'log' | 'host' | 'port' | 'logLevel'>;

export function readProjectorConfiguration(flags: CommonFlags, environment: Environment): ProjectorConfiguration {
  const parsed = parseSettings(projectorSettings, NAMES, commonOf(flags, environment));
  const { eventStore, streamPrefix, appenders, logLevel = 'info', ...rest } = parsed;
  return { ...rest, logLevel, log: locationOf(rest.data, { eventStore, streamPrefix, appenders }) };
}

function platformOf(flags: PlatformFlags, environment: Environment) {
  return {
    ...commonOf(flags, environment),
    mode: flags.mode ?? set(environment.HOLDFAST_MODE),
    fingerprintKey: set(environment.HOLDFAST_FINGERPRINT_KEY),
    bin: set(environment.HOLDFAST_BIN),
  };
}

type ParsedPlatform = Omit<z.output<typeof startSettings>, 'name'>;

function configurationOf(
  { fingerprintKey, logLevel, eventStore, streamPrefix, appenders, ...rest }: ParsedPlatform,
  { sandbox, newKey }: PlatformFlags,
) {
  return {
    ...rest,
    log: locationOf(rest.data, { eventStore, streamPrefix, appenders }),
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
    // The sandbox is looked at by a person, for whom a line per start and stop is noise.
    logLevel: logLevel ?? (rest.mode === 'production' ? 'info' : 'warn'),
    sandbox: sandbox && rest.mode === 'sandbox',
    newKey,
  } as const;
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
