// checkRead.ts: what every adapter refuses before it reads.

import type { Filter, Position, StoredEvent } from './journal.ts';

/** Prefixes or types in one filter at most. */
export const FILTER_LIMIT = 100;

/** Throws `RangeError` for an empty list, which would match nothing, and for one that is too long. */
export function checkFilter({ streamPrefixes, types }: Filter): void {
  for (const [name, list] of Object.entries({ streamPrefixes, types })) {
    if (list === undefined) continue;
    if (list.length === 0) throw new RangeError(`an empty list of ${name} matches nothing: leave it out`);
    if (list.length > FILTER_LIMIT) throw new RangeError(`${list.length} ${name} are more than ${FILTER_LIMIT}`);
  }
}

/** Throws `RangeError` for a `from` or `limit` that is no whole number from 0. */
export function checkReadStream({
  from,
  limit,
}: {
  readonly from?: number | undefined;
  readonly limit?: number | undefined;
}): void {
  if (from !== undefined) checkWhole('from', from);
  if (limit !== undefined && limit !== Number.POSITIVE_INFINITY) checkWhole('limit', limit);
}

/** Throws `RangeError` for a position below zero, which no log has. */
export function checkPosition(position: Position): void {
  if (position < 0n) throw new RangeError(`position ${position} must not be negative`);
}

/** Whether a filter lets an event through. */
export function passes(
  { streamPrefixes, types }: Filter,
  { stream, type }: Pick<StoredEvent, 'stream' | 'type'>,
): boolean {
  const named = streamPrefixes === undefined || streamPrefixes.some((prefix) => stream.startsWith(prefix));
  return named && (types === undefined || types.includes(type));
}

function checkWhole(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new RangeError(`${name} ${value} must be a whole number from 0`);
}
