// unapplied.ts: messages that moved nothing when they came, although they say that something moves.

import { READERS, type Server } from '@holdfast/http';
import { UNAPPLIED_STATUSES } from '@holdfast/projections';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { consistentRead, listQuery, page } from '../reads.ts';
import { id } from '../schemas.ts';
import { unappliedJson } from '../unappliedJson.ts';

const filters = {
  ...listQuery,
  program_id: id('prog').optional(),
  account_id: id('acct').optional(),
  status: z.enum(UNAPPLIED_STATUSES).optional(),
};
const listed = z.object(filters);

export function unappliedRoutes(app: Server, { queries, clock }: IssuingOptions): void {
  const list = { config: { roles: READERS, query: Object.keys(filters) } };
  app.get('/v1/unapplied_messages', list, async (request, reply) => {
    const query = await consistentRead(listed, queries, request, reply);
    const { program_id: programId, account_id: accountId, status, ...rest } = query;
    const filter = {
      ...(programId === undefined ? {} : { programId }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(status === undefined ? {} : { status }),
    };
    const now = clock.now();
    return page(rest, (options) => queries.unapplied(filter, now, options), unappliedJson);
  });
}
