// filter.ts: a filter as conditions of SQL.

// Names are printable ASCII, so that this character comes after every name that begins with a prefix.
const AFTER_EVERY_NAME = '\x7f';

export type Condition = { readonly sql: string; readonly values: readonly string[] };

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
