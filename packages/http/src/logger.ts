// logger.ts: structured logs that never show a key or a card number.

import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LoggerOptions = {
  readonly level: LogLevel;
  readonly name: string;
  /** Takes card numbers out of text (`redact` of `@holdfast/vault`). It sees every line before it is written. */
  readonly redact: (text: string) => string;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
};

/** What is secret whatever it looks like, wherever an object with it is logged: at the top or up to two levels down. */
const SECRET_FIELDS = ['authorization', 'cvv2', 'expiry', 'number', 'pin', 'secret', 'secretHash', 'idempotency-key'];
const SECRET_PATHS = SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]);

const API_KEY = /hf_[\w-]{43}/g;

/** A card number as a bare JSON number; its mask needs quotes to leave the line JSON. */
const BARE_NUMBER = /(?<=[:,[])[0-9]{12,19}(?=[,}\]])/g;

export function createLogger({ level, name, redact, destination }: LoggerOptions): Logger {
  const clean = (line: string) =>
    redact(line.replace(BARE_NUMBER, (digits) => quotedWhenMasked(digits, redact(digits)))).replace(API_KEY, 'hf_***');
  const options = {
    level,
    name,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    // Errors of parsers carry what they could not parse (`rawPacket`, `input`): only what people need is logged.
    serializers: { err: errorForLog },
    hooks: { streamWrite: clean },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function quotedWhenMasked(digits: string, masked: string): string {
  return masked === digits ? digits : `"${masked}"`;
}

function errorForLog(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  };
}
