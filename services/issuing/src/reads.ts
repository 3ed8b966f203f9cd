// reads.ts: what all reads share: waiting for a position, and pages of lists.

import { ApiError, invalid, parseFields } from '@holdfast/http';
import { type AsOf, InvalidCursor, type Listed, type ListOptions, type Queries } from '@holdfast/projections';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { API_LIMITS } from './schemas.ts';

export const WAIT_FOR_POSITION_MS = 2_000;

const CURSOR = 'must be the next_cursor of an earlier answer of this list';

/** The query of a read of one thing. */
export const readQuery = {
  min_position: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,17})$/, 'must be a position as Holdfast-Position gives it')
    .optional(),
};

const POSITION = /^(0|[1-9][0-9]{0,17})$/;
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z$/;

/** Of a read that has history: a position of the log, or a moment. */
export const asOfField = z
  .string()
  .transform((text, context): AsOf => {
    if (POSITION.test(text)) return { position: BigInt(text) };
    const instant = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(instant)) return { instant };
    context.addIssue({
      code: 'custom',
      message: 'must be a position as Holdfast-Position gives it, or a moment such as 2026-03-01T12:00:00Z',
    });
    return z.NEVER;
  })
  .optional();

/** Waits until the read models have come to `position`. Throws `ApiError` `position_not_reached` after 2 s. */
export async function reached(queries: Queries, position: bigint): Promise<void> {
  if (await queries.waitFor(position, WAIT_FOR_POSITION_MS)) return;
  throw new ApiError('position_not_reached', { position: position.toString() }, { headers: { 'retry-after': '1' } });
}

/** The query of a list; each list adds its filters. */
export const listQuery = {
  ...readQuery,
  limit: z
    .string()
    .regex(/^([1-9][0-9]?|100)$/, `must be an integer from 1 to ${API_LIMITS.list}`)
    .optional(),
  cursor: z
    .string()
    .regex(new RegExp(`^[\\w-]{1,${API_LIMITS.cursor}}$`), CURSOR)
    .optional(),
};

/**
 * The parsed query of a read, once the read models have what it asks for. Sets `Holdfast-Position` to how far they had
 * come before the read, so the answer is at least that new.
 * Throws `ApiError` `invalid_request`, or `position_not_reached` after 2 s.
 */
export async function consistentRead<Schema extends z.ZodType<{ min_position?: string | undefined }>>(
  schema: Schema,
  queries: Queries,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<z.output<Schema>> {
  const query = parseFields(schema, request.query);
  const wanted = query.min_position;
  if (wanted !== undefined) await reached(queries, BigInt(wanted));
  reply.header('holdfast-position', queries.position().toString());
  return query;
}

/** One page as JSON, newest first. Throws `ApiError` `invalid_request` for a cursor of another list. */
export function page<View, Json>(
  query: { readonly limit?: string | undefined; readonly cursor?: string | undefined },
  list: (options: ListOptions) => Listed<View>,
  toJson: (view: View) => Json,
) {
  const limit = query.limit === undefined ? API_LIMITS.listDefault : Number(query.limit);
  try {
    const { data, nextCursor } = list({ limit, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) });
    return { data: data.map(toJson), next_cursor: nextCursor ?? null };
  } catch (error) {
    if (error instanceof InvalidCursor) throw invalid('invalid_request', [{ field: 'cursor', message: CURSOR }]);
    throw error;
  }
}
