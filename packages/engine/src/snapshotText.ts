// snapshotText.ts: state as JSON text and back, exactly. Fields that end in `Minor` are bigints, as in events.

export function toSnapshotText(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? field.toString() : field));
}

export function fromSnapshotText(text: string): unknown {
  return JSON.parse(text, (key, field) => (key.endsWith('Minor') && typeof field === 'string' ? BigInt(field) : field));
}
