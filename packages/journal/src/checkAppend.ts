// checkAppend.ts: what every adapter refuses before it touches the log.

import { InvalidAppend } from './errors.ts';
import type { EventToAppend, ExpectedRevision } from './journal.ts';
import { LIMITS } from './journal.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// Printable ASCII, a category before the first '-', something after it. EventStoreDB puts names into gRPC trailers
// (ASCII only), takes the category from the name, and keeps '$' for itself.
const STREAM_NAME = /^[!-#%-,.-~][!-,.-~]*-[!-~]+$/;
const JSON_SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
// A UTF-16 code unit takes at most 3 bytes of UTF-8, so short texts need no exact count.
const MAX_BYTES_PER_UNIT = 3;

/**
 * Throws `InvalidAppend`, saying which rule of `LIMITS` or of an event's shape is broken, and where. `prefixLength` is the
 * length of what an adapter puts before the name.
 */
export function checkAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
  prefixLength = 0,
): void {
  const length = prefixLength + stream.length;
  if (length > LIMITS.streamNameLength) {
    throw new InvalidAppend(`a stream name of ${length} characters is longer than ${LIMITS.streamNameLength}`);
  }
  if (!STREAM_NAME.test(stream)) {
    throw new InvalidAppend(
      `stream name ${JSON.stringify(stream)} must be printable ASCII like category-id, without a leading '$'`,
    );
  }
  if (expected !== 'no_stream' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new InvalidAppend(`expected revision ${expected} must be a whole number from 0, or no_stream`);
  }
  if (events.length === 0) throw new InvalidAppend(`an append to ${stream} must hold at least one event`);
  if (events.length > LIMITS.appendEvents) {
    throw new InvalidAppend(
      `${events.length} events in one append to ${stream} are more than ${LIMITS.appendEvents}: split it`,
    );
  }
  let mostBytes = 0;
  for (const event of events) mostBytes += checkEvent(stream, event);
  if (mostBytes <= LIMITS.appendBytes) return;
  let bytes = 0;
  for (const event of events) bytes += eventBytes(event);
  if (bytes > LIMITS.appendBytes) {
    throw new InvalidAppend(`an append of ${bytes} bytes to ${stream} is larger than ${LIMITS.appendBytes}: split it`);
  }
}

/** Size of an event in bytes by the formula of `LIMITS`: data + metadata + 2 × type length. */
export function eventBytes(event: Omit<EventToAppend, 'id'>): number {
  return Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + 2 * event.type.length;
}

/** Returns an upper bound of the event's bytes. */
function checkEvent(stream: string, event: EventToAppend): number {
  const { id, type, data, metadata } = event;
  if (!UUID.test(id)) {
    throw new InvalidAppend(`event id ${JSON.stringify(id)} for ${stream} must be a UUID in lower case`);
  }
  if (type.length === 0 || type.length > LIMITS.typeLength) {
    throw new InvalidAppend(
      `the type of event ${id} has ${type.length} characters: it must have 1 to ${LIMITS.typeLength}`,
    );
  }
  // EventStoreDB hides events whose type begins with '$' from subscribers.
  if (type.startsWith('$')) throw new InvalidAppend(`the type of event ${id} must not begin with '$'`);
  checkText(id, 'type', type);
  checkJson(id, 'data', data);
  checkJson(id, 'metadata', metadata);
  const most = (data.length + metadata.length) * MAX_BYTES_PER_UNIT + 2 * type.length;
  if (most <= LIMITS.eventBytes) return most;
  const bytes = eventBytes(event);
  if (bytes > LIMITS.eventBytes) {
    throw new InvalidAppend(`event ${id} of ${bytes} bytes for ${stream} is larger than ${LIMITS.eventBytes}`);
  }
  return bytes;
}

/** A lone surrogate would be stored as another character, and a NUL ends a text in many tools. */
function checkText(id: string, field: string, text: string): void {
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new InvalidAppend(`the ${field} of event ${id} holds a NUL or half a surrogate pair: escape it`);
  }
}

/** Looks at both ends only, since it runs once for each event: the caller encoded the text, nobody typed it. */
function checkJson(id: string, field: string, text: string): void {
  if (!hasEndsOfJson(text)) {
    throw new InvalidAppend(`the ${field} of event ${id} must be JSON without white space around it`);
  }
  checkText(id, field, text);
}

function hasEndsOfJson(text: string): boolean {
  const last = text.at(-1);
  switch (text[0]) {
    case '{':
      return last === '}';
    case '[':
      return last === ']';
    case '"':
      return last === '"' && text.length > 1;
    default:
      return JSON_SCALAR.test(text);
  }
}
