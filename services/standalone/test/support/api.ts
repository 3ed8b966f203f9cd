// api.ts: for tests: calls of the HTTP API with a key.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Json = Readonly<Record<string, unknown>>;
export type Answered = { readonly status: number; readonly body: Json; readonly position: string | null };

export type Api = {
  /** Rejects when no whole answer came: the connection was refused or broke, or after 20 s. */
  get(path: string): Promise<Answered>;
  send(method: 'POST' | 'PUT', path: string, body: unknown, idempotencyKey?: string): Promise<Answered>;
};

const WAIT_MS = 20_000;

export function api(address: string, key: string): Api {
  async function call(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answered> {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const json: unknown = await answer.json();
    if (!isJson(json)) throw new Error(`${method} ${path} answered no JSON object`);
    return { status: answer.status, body: json, position: answer.headers.get('holdfast-position') };
  }
  return {
    get: (path) => call('GET', path),
    send: (method, path, body, idempotencyKey) => call(method, path, body, idempotencyKey),
  };
}

export async function sandboxApi(address: string, data: string): Promise<Api> {
  return api(address, (await readFile(join(data, 'sandbox-key'), 'utf8')).trim());
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(json: Json, field: string): string {
  const value = json[field];
  if (typeof value !== 'string') throw new Error(`"${field}" is no text in ${JSON.stringify(json)}`);
  return value;
}

export function listOf(json: Json, field: string): readonly Json[] {
  const value = json[field];
  if (!Array.isArray(value)) throw new Error(`"${field}" is no list in ${JSON.stringify(json)}`);
  return value.filter(isJson);
}
