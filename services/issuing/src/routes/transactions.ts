// transactions.ts: reads transactions, and one with its messages.

import { TRANSACTION_STATUSES } from '@holdfast/domain';
import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { consistentRead, listQuery, page, readQuery } from '../reads.ts';
import { id } from '../schemas.ts';
import { messageJson, sidesJson, transactionJson } from '../transactionJson.ts';

const params = z.object({ id: id('txn') });
const query = z.object(readQuery);
const filters = {
  ...listQuery,
  account_id: id('acct').optional(),
  card_id: id('card').optional(),
  status: z.enum(TRANSACTION_STATUSES).optional(),
};
const listed = z.object(filters);

export function transactionRoutes(app: Server, { queries }: IssuingOptions): void {
  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };
  app.get('/v1/transactions/:id', read, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    const transaction = queries.transaction(id);
    if (transaction === undefined) throw new ApiError('transaction_not_found');
    const messages = queries.messages(id);
    return {
      ...transactionJson(transaction),
      sides: sidesJson(transaction, messages),
      messages: messages.map(messageJson),
    };
  });

  const list = { config: { roles: READERS, query: Object.keys(filters) } };
  app.get('/v1/transactions', list, async (request, reply) => {
    const {
      account_id: accountId,
      card_id: cardId,
      status,
      ...rest
    } = await consistentRead(listed, queries, request, reply);
    const filter = {
      ...(accountId === undefined ? {} : { accountId }),
      ...(cardId === undefined ? {} : { cardId }),
      ...(status === undefined ? {} : { status }),
    };
    return page(rest, (options) => queries.transactions(filter, options), transactionJson);
  });
}
