// accounts.ts: open, close, control and read accounts.

import { accountId } from '@holdfast/events';
import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import type { AccountView } from '@holdfast/projections';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { controlsBody, toControls } from '../controls.ts';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { accountClosedJson, accountControlsJson, accountOpenedJson } from '../outcomes.ts';
import { asOfField, consistentRead, listQuery, page, reached, readQuery } from '../reads.ts';
import { accountJson, balanceJson, standingJson } from '../resources.ts';
import { creditLine, currency, id, name, reasonBody } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

const openBody = z.strictObject({
  program_id: id('prog'),
  currency,
  name: name.optional(),
  credit_line: creditLine.optional(),
});
const params = z.object({ id: id('acct') });
const query = z.object(readQuery);
const balanceFields = { ...readQuery, as_of: asOfField };
const balanceQuery = z.object(balanceFields);
const filters = { ...listQuery, program_id: id('prog').optional() };
const listed = z.object(filters);

export function accountRoutes(app: Server, options: IssuingOptions): void {
  writes(app, options);
  reads(app, options);
}

function writes(app: Server, { engine }: IssuingOptions): void {
  const write = { config: { roles: ['admin', 'issuer'] } } as const;

  app.post('/v1/accounts', write, async (request, reply) => {
    const body = parseFields(openBody, request.body);
    const context = commandContext(request, { path: '/v1/accounts', programId: body.program_id });
    const done = await execute(
      engine,
      {
        type: 'openAccount',
        accountId: accountId(context.commandId),
        programId: body.program_id,
        currency: body.currency,
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.credit_line === undefined ? {} : { creditLineMinor: BigInt(body.credit_line) }),
      },
      context,
    );
    return answerWrite(reply, 201, done, accountOpenedJson(done));
  });

  app.post('/v1/accounts/:id/close', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/close` });
    const { reason } = parseFields(reasonBody, request.body ?? {});
    const because = reason === undefined ? {} : { reason };
    const done = await execute(engine, { type: 'closeAccount', accountId: id, ...because }, context);
    return answerWrite(reply, 200, done, accountClosedJson(done));
  });

  app.put('/v1/accounts/:id/controls', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/controls` });
    const controls = toControls(parseFields(controlsBody, request.body), context.commandId);
    const done = await execute(engine, { type: 'setAccountControls', accountId: id, controls }, context);
    return answerWrite(reply, 200, done, accountControlsJson(done, id));
  });
}

function reads(app: Server, { queries }: IssuingOptions): void {
  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };

  async function found(request: FastifyRequest, reply: FastifyReply): Promise<AccountView> {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    const account = queries.account(id);
    if (account === undefined) throw new ApiError('account_not_found');
    return account;
  }

  app.get('/v1/accounts/:id', read, async (request, reply) => accountJson(await found(request, reply)));

  const balanceRead = { config: { roles: READERS, query: Object.keys(balanceFields) } };
  app.get('/v1/accounts/:id/balance', balanceRead, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const { as_of: asOf } = await consistentRead(balanceQuery, queries, request, reply);
    const account = queries.account(id);
    if (account === undefined) throw new ApiError('account_not_found');
    if (asOf === undefined) return balanceJson(account);
    if ('position' in asOf) await reached(queries, asOf.position);
    const standing = queries.standing(id, asOf);
    if (standing === undefined) throw new ApiError('account_not_open_then');
    return standingJson(account, standing);
  });

  const list = { config: { roles: READERS, query: Object.keys(filters) } };
  app.get('/v1/accounts', list, async (request, reply) => {
    const { program_id: programId, ...rest } = await consistentRead(listed, queries, request, reply);
    const filter = programId === undefined ? {} : { programId };
    return page(rest, (options) => queries.accounts(filter, options), accountJson);
  });
}
