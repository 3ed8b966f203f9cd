// filter.ts: a filter as conditions of SQL.

import type { Filter } from '../journal.ts';

/** Prefixes or types in one filter at most. */
export const FILTER_LIMIT = 100;

// Names are printable ASCII, so that this character comes after every name that begins with a prefix.
const AFTER_EVERY_NAME = '\x7f';

export type Condition = { readonly sql: string; readonly values: readonly string[] };

/** Throws `RangeError` for an empty list, which would match nothing, and for one that is too long. */
export function checkFilter({ streamPrefixes, types }: Filter): void {
  for (const [name, list] of Object.entries({ streamPrefixes, types })) {
    if (list === undefined) continue;
    if (list.length === 0) throw new RangeError(`an empty list of ${name} matches nothing: leave it out`);
    if (list.length > FILTER_LIMIT) throw new RangeError(`${list.length} ${name} are more than ${FILTER_LIMIT}`);
  }
}

/** Streams whose name begins with one of the prefixes; `name` is the column. */
export function nameCondition(name: string, prefixes: readonly string[]): Condition {
  return {
    sql: `(${prefixes.map(() => `(${name} >= ? AND ${name} < ?)`).join(' OR ')})`,
    values: prefixes.flatMap((prefix) => [prefix, prefix + AFTER_EVERY_NAME]),
  };
}

/** Events of one of the types; without any, all events. */
export function typeCondition(types: readonly string[] | undefined): Condition {
  if (types === undefined) return { sql: '', values: [] };
  const marks = types.map(() => '?').join(', ');
  return { sql: `AND e.type IN (SELECT id FROM types WHERE name IN (${marks}))`, values: types };
}
