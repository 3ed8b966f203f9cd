// clearingFiles.ts: the clearing files that came, and what became of them.

import { CLEARING_FILE_LIMITS } from '@holdfast/events';
import { READERS, type Server } from '@holdfast/http';
import { CLEARING_FILE_STATUSES } from '@holdfast/projections';
import { z } from 'zod';
import { clearingFileJson, clearingFilesSchema } from '../clearingFileJson.ts';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { consistentRead, listQuery, page } from '../reads.ts';

const filters = {
  ...listQuery,
  sender: z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9._-]{1,${CLEARING_FILE_LIMITS.sender}}$`),
      `must be 1 to ${CLEARING_FILE_LIMITS.sender} letters, digits, dots, hyphens or underscores`,
    )
    .optional(),
  status: z.enum(CLEARING_FILE_STATUSES).optional(),
};
const listed = z.object(filters);

export function clearingFileRoutes(app: Server, { queries }: IssuingOptions): void {
  const list = {
    config: { roles: READERS, query: Object.keys(filters) },
    schema: { response: { 200: clearingFilesSchema } },
  };
  // Not below /v1/network, which authorizers serve: they have no read models.
  app.get('/v1/clearing_files', list, async (request, reply) => {
    const { sender, status, ...rest } = await consistentRead(listed, queries, request, reply);
    const filter = { ...(sender === undefined ? {} : { sender }), ...(status === undefined ? {} : { status }) };
    return page(rest, (options) => queries.clearingFiles(filter, options), clearingFileJson);
  });
}
