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

/**
 * Who sends a request with this `Authorization` header, having one of `roles`.
 * Throws `ApiError` `unauthorized` or `forbidden`.
 */
export function callerOf(authorization: string | undefined, roles: readonly Role[], lookup: ApiKeyLookup): Caller {
  const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  const caller = key === undefined ? undefined : lookup(secretHashOf(key));
  if (caller === undefined) throw new ApiError('unauthorized', {}, { headers: { 'www-authenticate': 'Bearer' } });
  for (const role of roles) if (caller.roles.includes(role)) return caller;
  throw new ApiError('forbidden', { roles: roles.join(', ') });
}
