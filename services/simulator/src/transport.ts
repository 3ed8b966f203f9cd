// transport.ts: messages over HTTP, kept-alive connections, one message at a time on each. What got no answer, or 503, is
// sent again as a network does it: the same message with `repeat`.

import { Pool } from 'undici';
import type { Clock } from './clock.ts';
import type { JsonObject } from './source.ts';

export const MOST_ATTEMPTS = 4;
/** Before the second, third and fourth attempt. */
const PAUSES_MS = [100, 400, 1_600];
/** Holdfast answers within 5 s (`answer_by`); twice that, and the answer is lost. */
const TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 1_048_576;

export type Sent = {
  /** As it was sent last. */
  readonly message: JsonObject;
  /** Of the last attempt; undefined when it got no answer. */
  readonly status: number | undefined;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
  /** Names of what went wrong, one for each attempt that failed. */
  readonly failures: readonly string[];
  readonly attempts: number;
};

export type Transport = {
  /** Never rejects for what the other side does. Once `stop` is aborted it does not try again. */
  send(message: JsonObject, stop: AbortSignal): Promise<Sent>;
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
};

export type Addresses = {
  /** It may have a path before `/v1`. */
  readonly url: URL;
  /** Each attempt of a message goes to the next of them. Left out: all go to `url`. */
  readonly authorizers?: readonly URL[];
  /** To each address. */
  readonly connections: number;
};

export function httpTransport({ url, authorizers, connections }: Addresses, key: string, clock: Clock): Transport {
  const platform = targetOf(url, connections);
  const network = authorizers?.map((each) => targetOf(each, connections)) ?? [platform];
  let turn = 0;
  const headers = { authorization: `Bearer ${key}`, accept: 'application/json' };

  const post = async (message: JsonObject) => {
    const { pool, prefix } = network[turn++ % network.length] ?? platform;
    const response = await pool.request({
      method: 'POST',
      path: `${prefix}/v1/network/messages`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    return { status: response.statusCode, body: parsed(await response.body.text()) };
  };

  return {
    async send(message, stop) {
      const failures: string[] = [];
      let current = message;
      for (let attempts = 1; ; attempts += 1) {
        let status: number | undefined;
        let body: unknown;
        try {
          ({ status, body } = await post(current));
          if (status >= 500) failures.push(`http ${status}`);
        } catch (error) {
          failures.push(failureName(error));
        }
        const again = status === undefined || status === 503;
        if (!again || attempts === MOST_ATTEMPTS || stop.aborted) {
          return { message: current, status, body, failures, attempts };
        }
        await clock.until(clock.nowMs() + (PAUSES_MS[attempts - 1] ?? 0), stop);
        if (stop.aborted) return { message: current, status, body, failures, attempts };
        current = { ...message, repeat: true };
      }
    },
    async get(path) {
      const { pool, prefix } = platform;
      const response = await pool.request({ method: 'GET', path: `${prefix}${path}`, headers });
      return { status: response.statusCode, body: parsed(await response.body.text()) };
    },
    close: async () => {
      await Promise.all([...new Set([platform, ...network])].map(({ pool }) => pool.close()));
    },
  };
}

function targetOf(url: URL, connections: number): { readonly pool: Pool; readonly prefix: string } {
  const pool = new Pool(url.origin, {
    connections,
    pipelining: 1,
    connectTimeout: TIMEOUT_MS,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    maxResponseSize: MOST_ANSWER_BYTES,
  });
  return { pool, prefix: url.pathname.replace(/\/+$/, '') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

/** A short name for what went wrong with a request. */
export function failureName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? error.name : (NAMES[code] ?? code);
}
