// codec.ts: reads a stored event back: parse, upcast, revive, assert. No schema library: this runs for every event.

import type { CommandId, ContentHash, DomainEvent, EventMetadata, ProgramId, Recorded } from '@holdfast/domain';
import { revive } from './revive.ts';
import { isObject, Malformed, type StoredData } from './stored.ts';
import { upcast } from './upcasters.ts';
import { isEventType } from './versions.ts';

export { type EncodedEvent, encode } from './encode.ts';

/** What decoding needs of an event in the log. `stream` is only for the error. */
export type EventToDecode = {
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly revision: number;
  readonly stream?: string;
};

/** An event that this release cannot read, or that nobody could have written: whoever reads it must stop, never skip. */
export class UndecodableEvent extends Error {
  override name = 'UndecodableEvent';
  readonly code = 'undecodable_event';
  readonly type: string;
  readonly stream: string | undefined;
  readonly revision: number;
  constructor(stored: EventToDecode, what: string) {
    const place = stored.stream === undefined ? '' : ` of stream ${stored.stream}`;
    super(`event ${stored.type.slice(0, 100)} at revision ${stored.revision}${place} cannot be read: ${what}`);
    this.type = stored.type;
    this.stream = stored.stream;
    this.revision = stored.revision;
  }
}

/** The JSON of an event: undefined for what is none. Decoding it takes it over: what was parsed is changed. */
export type ParsedEvent = { readonly data: unknown; readonly metadata: unknown };

export function parseEvent({ data, metadata }: Pick<EventToDecode, 'data' | 'metadata'>): ParsedEvent {
  return { data: parseJson(data), metadata: parseJson(metadata) };
}

/**
 * The event in the newest version of its type. Throws `UndecodableEvent`, and nothing else, whatever the bytes are.
 * `parsed` is for whoever has looked at its JSON before.
 */
export function decode(stored: EventToDecode, parsed?: ParsedEvent): Recorded<DomainEvent> {
  const { type, revision } = stored;
  if (!isEventType(type)) throw new UndecodableEvent(stored, 'its type is unknown to this release');
  const metadata = parsed === undefined ? parse(stored, 'metadata') : objectIn(stored, parsed, 'metadata');
  try {
    const dataBefore = parsed === undefined ? parse(stored, 'data') : objectIn(stored, parsed, 'data');
    const data = upcast(type, schemaVersionOf(metadata), dataBefore);
    revive(type, data);
    const recorded = { type, data, metadata: metadataOf(metadata), revision };
    // What `revive` has asserted is what the domain relies on; the rest of the shape is the audit's to validate.
    return recorded as unknown as Recorded<DomainEvent>;
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) throw new UndecodableEvent(stored, error.message);
    throw error;
  }
}

function parse(stored: EventToDecode, part: 'data' | 'metadata'): StoredData {
  return objectIn(stored, { [part]: parseJson(stored[part]) }, part);
}

function objectIn(stored: EventToDecode, parsed: Partial<ParsedEvent>, part: 'data' | 'metadata'): StoredData {
  const object = parsed[part];
  if (!isObject(object)) throw new UndecodableEvent(stored, `its ${part} is not a JSON object`);
  return object;
}

/** Undefined for what is not JSON. The parser's own message quotes the text, which must not get into an error. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function schemaVersionOf(metadata: StoredData): number {
  const { schemaVersion } = metadata;
  if (typeof schemaVersion !== 'number' || !Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    throw new Malformed('"schemaVersion" is not a positive integer');
  }
  return schemaVersion;
}

function metadataOf(stored: StoredData): EventMetadata {
  const contentHash = optional(stored, 'contentHash');
  const causationId = optional(stored, 'causationId');
  const programId = optional(stored, 'programId');
  return {
    occurredAt: instant(stored),
    commandId: required(stored, 'commandId') as CommandId,
    ...(contentHash === undefined ? undefined : { contentHash: contentHash as ContentHash }),
    correlationId: required(stored, 'correlationId'),
    ...(causationId === undefined ? undefined : { causationId }),
    actor: required(stored, 'actor'),
    ...(programId === undefined ? undefined : { programId: programId as ProgramId }),
  };
}

function instant(stored: StoredData): number {
  const text = required(stored, 'occurredAt');
  const parsed = text.length === ISO_LENGTH && text.endsWith('Z') ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(parsed)) throw new Malformed('"occurredAt" is not an ISO 8601 time in UTC with milliseconds');
  return parsed;
}
const ISO_LENGTH = '2026-03-01T12:00:00.000Z'.length;

function required(stored: StoredData, field: string): string {
  const value = stored[field];
  if (typeof value !== 'string' || value === '') throw new Malformed(`"${field}" of the metadata is not a text`);
  return value;
}

function optional(stored: StoredData, field: string): string | undefined {
  return stored[field] === undefined ? undefined : required(stored, field);
}
