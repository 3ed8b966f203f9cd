// metadata.ts: the stored form of what stands beside every event.

import { z } from 'zod';
import { commandId, hash22, programId, text, time } from './fields.ts';

export const metadataSchema = z.strictObject({
  schemaVersion: z.int().min(1),
  occurredAt: time,
  commandId,
  contentHash: hash22.exactOptional(),
  correlationId: text,
  causationId: text.exactOptional(),
  actor: text,
  programId: programId.exactOptional(),
});
