import type { ApiKeyId } from '../ids.ts';
import type { Event } from './parts.ts';

export type ApiKeyIssued = Event<
  'ApiKeyIssued',
  { readonly apiKeyId: ApiKeyId; readonly name: string; readonly roles: readonly string[]; readonly secretHash: string }
>;
export type ApiKeyEvent = ApiKeyIssued;
