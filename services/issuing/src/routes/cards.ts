// cards.ts: issue, pause, resume, close, control and read cards.

import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import { z } from 'zod';
import { expiryAfter, issueCard } from '../cardNumber.ts';
import { controlsBody, toControls } from '../controls.ts';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { cardControlsJson, cardIssuedJson, cardStatusJson } from '../outcomes.ts';
import { consistentRead, listQuery, page, readQuery } from '../reads.ts';
import { cardJson } from '../resources.ts';
import { id, name, reasonBody } from '../schemas.ts';
import { answerWrite, available, commandContext, execute, refused } from '../writes.ts';

const issueBody = z.strictObject({ account_id: id('acct'), label: name.optional() });
const params = z.object({ id: id('card') });
const query = z.object(readQuery);
const filters = {
  ...listQuery,
  account_id: id('acct').optional(),
  status: z.enum(['active', 'paused', 'closed']).optional(),
};
const listed = z.object(filters);

export function cardRoutes(app: Server, options: IssuingOptions): void {
  writes(app, options);
  reads(app, options);
}

function writes(app: Server, { engine, vault, clock }: IssuingOptions): void {
  const write = { config: { roles: ['admin', 'issuer'] } } as const;

  app.post('/v1/cards', write, async (request, reply) => {
    const { account_id: accountId, label } = parseFields(issueBody, request.body);
    // The key's scope is the program, which the body does not name. The read models may lag; the engine knows.
    const programId = await available(engine.programOf(accountId));
    if (programId === undefined) throw refused('account_not_found', { type: 'issueCard' });
    const context = commandContext(request, { path: '/v1/cards', programId });
    const card = { accountId, expiry: expiryAfter(clock.now()), ...(label === undefined ? {} : { label }) };
    const { done, number } = await issueCard(engine, vault, card, context);
    return answerWrite(reply, 201, done, cardIssuedJson(done, number));
  });

  for (const [action, type, event] of [
    ['pause', 'pauseCard', 'CardPaused'],
    ['resume', 'resumeCard', 'CardResumed'],
    ['close', 'closeCard', 'CardClosed'],
  ] as const) {
    app.post(`/v1/cards/:id/${action}`, write, async (request, reply) => {
      const { id } = parseFields(params, request.params);
      const context = commandContext(request, { path: `/v1/cards/${id}/${action}` });
      const { reason } = parseFields(reasonBody, request.body ?? {});
      const done = await execute(engine, { type, cardId: id, ...(reason === undefined ? {} : { reason }) }, context);
      return answerWrite(reply, 200, done, cardStatusJson(done, event));
    });
  }

  app.put('/v1/cards/:id/controls', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/cards/${id}/controls` });
    const controls = toControls(parseFields(controlsBody, request.body), context.commandId);
    const done = await execute(engine, { type: 'setCardControls', cardId: id, controls }, context);
    return answerWrite(reply, 200, done, cardControlsJson(done));
  });
}

function reads(app: Server, { queries }: IssuingOptions): void {
  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };
  app.get('/v1/cards/:id', read, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    const card = queries.card(id);
    if (card === undefined) throw new ApiError('card_not_found');
    return cardJson(card);
  });

  const list = { config: { roles: READERS, query: Object.keys(filters) } };
  app.get('/v1/cards', list, async (request, reply) => {
    const { account_id: accountId, status, ...rest } = await consistentRead(listed, queries, request, reply);
    const filter = { ...(accountId === undefined ? {} : { accountId }), ...(status === undefined ? {} : { status }) };
    return page(rest, (options) => queries.cards(filter, options), cardJson);
  });
}
