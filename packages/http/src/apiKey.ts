// apiKey.ts: API keys: how one is made, what is kept of it, and what it may call.

import { hash, randomBytes } from 'node:crypto';
import { ApiError } from './problem.ts';

export const ROLES = ['admin', 'issuer', 'network', 'accountant', 'auditor', 'support'] as const;
export type Role = (typeof ROLES)[number];

/** Each role but `network`, whose keys stand in a processor's configuration and need to read nothing. */
export const READERS: readonly Role[] = ROLES.filter((role) => role !== 'network');

/** Who sends a request. */
export type Caller = { readonly apiKeyId: string; readonly roles: readonly string[] };

/** The key in force whose secret hashes to this, or undefined. Synchronous: it is asked for every request. */
export type ApiKeyLookup = (secretHash: string) => Caller | undefined;

/** Resolves when keys that were issued elsewhere until now are known here too. */
export type RefreshKeys = () => Promise<void>;

/** `hf_` and 32 random bytes as base64url. The key is shown once; only its hash is kept. */
export function newApiKey(): { readonly key: string; readonly secretHash: string } {
  const key = `hf_${randomBytes(32).toString('base64url')}`;
  return { key, secretHash: secretHashOf(key) };
}

/** SHA-256 as base64url. The key has 256 random bits, so there is nothing to stretch or salt. */
export function secretHashOf(key: string): string {
  return hash('sha256', key, 'base64url');
}

/** `Bearer` in any case (RFC 9110, 11.1), one space, and a key exactly as `newApiKey` writes it. */
const BEARER = /^bearer (hf_[\w-]{43})$/i;

/** Whether there is a key in this `Authorization` header, known or not. */
export function hasKey(authorization: string | undefined): boolean {
  return authorization !== undefined && BEARER.test(authorization);
}

/** The last header of each connection, and the hash of its secret: most connections say the same each time. */
const lastOf = new WeakMap<object, { readonly authorization: string; readonly secretHash: string }>();

function hashIn(authorization: string, connection: object): string | undefined {
  const last = lastOf.get(connection);
  if (last?.authorization === authorization) return last.secretHash;
  const key = BEARER.exec(authorization)?.[1];
  if (key === undefined) return undefined;
  const secretHash = secretHashOf(key);
  lastOf.set(connection, { authorization, secretHash });
  return secretHash;
}

/**
 * Who sends a request with this `Authorization` header over this connection, having one of `roles`. Whether the key is in
 * force is looked up each time. Throws `ApiError` `unauthorized` or `forbidden`.
 */
export function callerOf(
  authorization: string | undefined,
  connection: object,
  roles: readonly Role[],
  lookup: ApiKeyLookup,
): Caller {
  const secretHash = authorization === undefined ? undefined : hashIn(authorization, connection);
  const caller = secretHash === undefined ? undefined : lookup(secretHash);
  if (caller === undefined) throw new ApiError('unauthorized', {}, { headers: { 'www-authenticate': 'Bearer' } });
  for (const role of roles) if (caller.roles.includes(role)) return caller;
  throw new ApiError('forbidden', { roles: roles.join(', ') });
}
