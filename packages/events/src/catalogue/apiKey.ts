// apiKey.ts: the stored form of the events of an API key's stream. The secret is never stored, only its hash.

import { z } from 'zod';
import { apiKeyId, text } from './fields.ts';

export const apiKeyEvents = {
  ApiKeyIssued: z.strictObject({ apiKeyId, name: text, roles: z.array(text).max(16), secretHash: text }),
};
