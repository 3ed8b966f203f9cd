// canonicalJson.ts: one text for one JSON value, whatever the order of its keys: what a repeated call is compared by.

/** Keys sorted by UTF-16 code unit, no whitespace, as RFC 8785 has it; the API's numbers are integers. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
