// transfers.ts: money from one account of a program to another.

import { transferId } from '@holdfast/events';
import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { transferSentJson } from '../outcomes.ts';
import { consistentRead, readQuery } from '../reads.ts';
import { transferJson } from '../resources.ts';
import { amount, currency, id, note } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

const sendParams = z.object({ id: id('acct') });
const sendBody = z.strictObject({ to_account_id: id('acct'), amount, currency, reference: note.optional() });
const params = z.object({ id: id('trf') });
const query = z.object(readQuery);

export function transferRoutes(app: Server, { engine, queries }: IssuingOptions): void {
  const write = { config: { roles: ['admin', 'issuer'] } } as const;

  // The path names the account that sends: a key is remembered in the stream that the call writes first.
  app.post('/v1/accounts/:id/transfers', write, async (request, reply) => {
    const { id } = parseFields(sendParams, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/transfers` });
    const body = parseFields(sendBody, request.body);
    const done = await execute(
      engine,
      {
        type: 'transfer',
        accountId: id,
        transferId: transferId(context.commandId),
        target: body.to_account_id,
        amountMinor: BigInt(body.amount),
        currency: body.currency,
        ...(body.reference === undefined ? {} : { reference: body.reference }),
      },
      context,
    );
    return answerWrite(reply, 201, done, transferSentJson(done, id));
  });

  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };
  app.get('/v1/transfers/:id', read, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    const transfer = queries.transfer(id);
    if (transfer === undefined) throw new ApiError('transfer_not_found');
    return transferJson(transfer);
  });
}
