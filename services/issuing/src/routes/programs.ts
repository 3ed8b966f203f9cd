// programs.ts: create, read, pause and resume card programs, and say how they mark up and how long they hold.

import { HOLD_EXPIRY_DAYS, MAX_MARKUP_BASIS_POINTS } from '@holdfast/domain';
import { programId } from '@holdfast/events';
import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { holdExpirySetJson, markupJson, programCreatedJson, programStatusJson } from '../outcomes.ts';
import { consistentRead, readQuery } from '../reads.ts';
import { programJson } from '../resources.ts';
import { id, name, reasonBody } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

const days = z.int().min(HOLD_EXPIRY_DAYS.least).max(HOLD_EXPIRY_DAYS.most);
const createBody = z.strictObject({ name, hold_expiry_days: days.default(HOLD_EXPIRY_DAYS.usual) });
const markupBody = z.strictObject({ basis_points: z.int().min(0).max(MAX_MARKUP_BASIS_POINTS) });
/** A call sets all groups: what is left out by mistake would change. */
const holdExpiryBody = z.strictObject({
  lodging_days: days,
  car_rental_days: days,
  cruise_days: days,
  fuel_days: days,
  other_days: days,
});
const params = z.object({ id: id('prog') });
const query = z.object(readQuery);

export function programRoutes(app: Server, { engine, queries }: IssuingOptions): void {
  const write = { config: { roles: ['admin'] } } as const;

  app.post('/v1/programs', write, async (request, reply) => {
    const context = commandContext(request, { path: '/v1/programs' });
    const body = parseFields(createBody, request.body);
    const done = await execute(
      engine,
      {
        type: 'createProgram',
        programId: programId(context.commandId),
        name: body.name,
        holdExpiryDays: body.hold_expiry_days,
      },
      context,
    );
    return answerWrite(reply, 201, done, programCreatedJson(done));
  });

  for (const [action, type] of [
    ['pause', 'pauseProgram'],
    ['resume', 'resumeProgram'],
  ] as const) {
    app.post(`/v1/programs/:id/${action}`, write, async (request, reply) => {
      const { id } = parseFields(params, request.params);
      const context = commandContext(request, { path: `/v1/programs/${id}/${action}` });
      const { reason } = parseFields(reasonBody, request.body ?? {});
      const done = await execute(engine, { type, programId: id, ...(reason === undefined ? {} : { reason }) }, context);
      return answerWrite(reply, 200, done, programStatusJson(done));
    });
  }

  app.put('/v1/programs/:id/markup', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/programs/${id}/markup` });
    const { basis_points: basisPoints } = parseFields(markupBody, request.body);
    const done = await execute(engine, { type: 'setMarkup', programId: id, basisPoints }, context);
    return answerWrite(reply, 200, done, markupJson(done));
  });

  app.put('/v1/programs/:id/hold-expiry', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/programs/${id}/hold-expiry` });
    const body = parseFields(holdExpiryBody, request.body);
    const days = {
      lodging: body.lodging_days,
      carRental: body.car_rental_days,
      cruise: body.cruise_days,
      fuel: body.fuel_days,
      other: body.other_days,
    };
    const done = await execute(engine, { type: 'setHoldExpiry', programId: id, days }, context);
    return answerWrite(reply, 200, done, holdExpirySetJson(done));
  });

  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };
  app.get('/v1/programs/:id', read, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    const program = queries.program(id);
    if (program === undefined) throw new ApiError('program_not_found');
    return programJson(program);
  });
}
