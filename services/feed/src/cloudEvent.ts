// cloudEvent.ts: an event of the log as a CloudEvent 1.0, in the structured mode of its NATS binding: one JSON text.

import type { StoredEvent } from '@holdfast/journal';

export const CLOUD_EVENT_CONTENT = 'application/cloudevents+json';

/** Fields of an event's metadata that become extension attributes, whose names have no capitals. */
const EXTENSIONS: readonly (readonly [attribute: string, field: string])[] = [
  ['schemaversion', 'schemaVersion'],
  ['commandid', 'commandId'],
  ['correlationid', 'correlationId'],
  ['causationid', 'causationId'],
  ['programid', 'programId'],
  ['actor', 'actor'],
];

/**
 * `id` is the event's, `type` its name, `subject` its stream, `time` when it occurred; `sequence` is its revision in the
 * stream, `holdfastposition` its place in the log (texts: both may outgrow what JSON numbers hold). The data is the event's,
 * byte for byte.
 */
export function cloudEventOf(
  source: string,
  { id, type, stream, revision, position, data, metadata }: StoredEvent,
): string {
  const given = parsed(metadata);
  const attributes: Record<string, unknown> = {
    specversion: '1.0',
    id,
    source,
    type,
    subject: stream,
    ...(typeof given.occurredAt === 'string' ? { time: given.occurredAt } : {}),
    datacontenttype: 'application/json',
    sequence: String(revision),
    holdfastposition: position.toString(),
  };
  for (const [attribute, field] of EXTENSIONS) {
    const value = given[field];
    // CloudEvents has no empty attributes, and no objects among them.
    if ((typeof value === 'string' && value !== '') || Number.isInteger(value)) attributes[attribute] = value;
  }
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${data}}`;
}

function parsed(metadata: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(metadata);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
