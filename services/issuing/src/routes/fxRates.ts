// fxRates.ts: publish and read the exchange rates of a program.

import { type Instant, MAX_RATES, pairOf, type RatesPublished, rateFor, toIso } from '@holdfast/domain';
import { ApiError, parseFields, READERS, type Server } from '@holdfast/http';
import { isRate } from '@holdfast/money';
import type { PairRatesView } from '@holdfast/projections';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { type Done, expectEvent } from '../outcomes.ts';
import { consistentRead, readQuery } from '../reads.ts';
import { currency, id, moment, name } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

/** Text, since a JSON number loses digits: it is kept and shown as it was sent. */
const rate = z
  .string()
  .refine(isRate, 'must be a decimal above zero such as "1.09", of at most 12 digits before the point and 12 after it');

const publishBody = z.strictObject({
  source: name,
  valid_from: moment,
  valid_until: moment,
  rates: z
    .array(z.strictObject({ base: currency, quote: currency, rate }))
    .min(1)
    .max(MAX_RATES),
});
const params = z.object({ id: id('prog') });
const query = z.object(readQuery);

export function fxRateRoutes(app: Server, { engine, queries, clock }: IssuingOptions): void {
  app.post('/v1/programs/:id/fx_rates', { config: { roles: ['admin'] } }, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/programs/${id}/fx_rates` });
    const body = parseFields(publishBody, request.body);
    const { source, rates } = body;
    const valid = { validFrom: body.valid_from, validUntil: body.valid_until };
    const done = await execute(engine, { type: 'publishRates', programId: id, source, ...valid, rates }, context);
    return answerWrite(reply, 201, done, publishedJson(done));
  });

  const read = { config: { roles: READERS, query: Object.keys(readQuery) } };
  app.get('/v1/programs/:id/fx_rates', read, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    await consistentRead(query, queries, request, reply);
    if (queries.program(id) === undefined) throw new ApiError('program_not_found');
    const now = clock.now();
    return { program_id: id, rates: queries.rates(id).flatMap((pair) => pairJson(pair, now)) };
  });
}

function publishedJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'RatesPublished');
  return { program_id: data.programId, ...publicationJson(data), created_at: toIso(metadata.occurredAt) };
}

function publicationJson({ source, validFrom, validUntil, rates }: RatesPublished['data']) {
  return { source, valid_from: validFrom, valid_until: validUntil, rates };
}

/** The rate that a message would be converted by now, and when the next one begins. */
function pairJson({ base, quote, rates }: PairRatesView, now: Instant) {
  const found = rateFor({ rates: { [pairOf(base, quote)]: rates } }, base, quote, now);
  if (found === undefined) return [];
  const { rate, source, validFrom, validUntil, usable } = found;
  const next = rates.findLast((each) => each.validFrom > toIso(now));
  const valid = { valid_from: validFrom, valid_until: validUntil, usable };
  return [{ base, quote, rate, source, ...valid, next_valid_from: next?.validFrom ?? null }];
}
