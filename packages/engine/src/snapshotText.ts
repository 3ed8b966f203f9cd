// snapshotText.ts: state as JSON text and back, exactly. A bigint is an object with one field that no state has: names of
// fields can come from outside (`privateData`), so they must not say what a value is.

const BIGINT = '$bigint';

export function toSnapshotText(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? { [BIGINT]: field.toString() } : field));
}

export function fromSnapshotText(text: string): unknown {
  return JSON.parse(text, (_key, field) => (isBigint(field) ? BigInt(field[BIGINT]) : field));
}

function isBigint(field: unknown): field is { readonly [BIGINT]: string } {
  return typeof field === 'object' && field !== null && BIGINT in field;
}
