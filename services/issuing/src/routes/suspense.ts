// suspense.ts: what stands in suspense, and where somebody says that it belongs.

import { SUSPENSE_TO } from '@holdfast/domain';
import { parseFields, READERS, type Server } from '@holdfast/http';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { resolvedJson } from '../outcomes.ts';
import { consistentRead, listQuery, page } from '../reads.ts';
import { suspenseJson } from '../resources.ts';
import { amount, id, note, suspenseId } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

const params = z.object({ id: suspenseId });
const toAccount = z.strictObject({
  to: z.literal('account'),
  account_id: id('acct'),
  account_amount: amount.optional(),
  reason: note,
});
const toNobody = z.strictObject({ to: z.enum(SUSPENSE_TO), reason: note });
const body = z.discriminatedUnion('to', [toAccount, toNobody]);
const filters = {
  ...listQuery,
  account_id: id('acct').optional(),
  status: z.enum(['open', 'resolved']).optional(),
};
const listed = z.object(filters);

export function suspenseRoutes(app: Server, { engine, queries }: IssuingOptions): void {
  const write = { config: { roles: ['admin', 'accountant'] } } as const;

  // The path names the item: a key is remembered in the stream that the call writes first.
  app.post('/v1/suspense/:id/resolve', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/suspense/${id}/resolve` });
    const { reason, ...target } = parseFields(body, request.body);
    const at = id.indexOf('@');
    const item = { stream: id.slice(0, at), revision: Number(id.slice(at + 1)) };
    const done = await execute(engine, { type: 'resolve', ...item, to: destination(target), reason }, context);
    return answerWrite(reply, 200, done, resolvedJson(done, id));
  });

  const list = { config: { roles: READERS, query: Object.keys(filters) } };
  app.get('/v1/suspense', list, async (request, reply) => {
    const query = await consistentRead(listed, queries, request, reply);
    const { account_id: accountId, status = 'open', ...rest } = query;
    const filter = { status, ...(accountId === undefined ? {} : { accountId }) };
    return page(rest, (options) => queries.suspense(filter, options), suspenseJson);
  });
}

function destination(target: Omit<z.output<typeof toAccount>, 'reason'> | Omit<z.output<typeof toNobody>, 'reason'>) {
  if (target.to !== 'account') return target.to;
  const { account_id: accountId, account_amount: given } = target;
  return { accountId, accountMinor: given === undefined ? undefined : BigInt(given) };
}
