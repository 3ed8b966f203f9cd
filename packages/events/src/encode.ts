// encode.ts: an event as two JSON texts. Amounts become decimal strings, moments ISO 8601; what is undefined is left out.

import type { DomainEvent, EventMetadata, Instant } from '@holdfast/domain';
import { currentVersion } from './versions.ts';

/** An event as the log takes it: `data` and `metadata` are JSON texts. */
export type EncodedEvent = { readonly type: DomainEvent['type']; readonly data: string; readonly metadata: string };

/** Encodes in the newest version of its type. Throws `TypeError` for a value that JSON cannot hold exactly. */
export function encode(event: DomainEvent, metadata: EventMetadata): EncodedEvent {
  return { type: event.type, data: writeObject(event.data), metadata: encodeMetadata(event.type, metadata) };
}

function encodeMetadata(type: DomainEvent['type'], metadata: EventMetadata): string {
  let text = `{"schemaVersion":${currentVersion(type)},"occurredAt":"${isoTime(metadata.occurredAt)}"`;
  text += `,"commandId":${writeString(metadata.commandId)}`;
  if (metadata.contentHash !== undefined) text += `,"contentHash":${writeString(metadata.contentHash)}`;
  text += `,"correlationId":${writeString(metadata.correlationId)}`;
  if (metadata.causationId !== undefined) text += `,"causationId":${writeString(metadata.causationId)}`;
  text += `,"actor":${writeString(metadata.actor)}`;
  if (metadata.programId !== undefined) text += `,"programId":${writeString(metadata.programId)}`;
  return `${text}}`;
}

/** `1772366400000` is `2026-03-01T12:00:00.000Z`. Throws `RangeError` for what is no moment of the years 0 to 9999. */
export function isoTime(instant: Instant): string {
  const second = Math.floor(instant / 1000);
  if (second !== formattedSecond) {
    const text = new Date(second * 1000).toISOString();
    if (text.length !== ISO_LENGTH) throw new RangeError(`${instant} is not a moment of the years 0 to 9999`);
    formatted = text.slice(0, 20);
    formattedSecond = second;
  }
  const millisecond = instant - second * 1000;
  if (!Number.isInteger(millisecond)) throw new RangeError(`${instant} is not a whole number of milliseconds`);
  return `${formatted}${millisecond.toString().padStart(3, '0')}Z`;
}
const ISO_LENGTH = '2026-03-01T12:00:00.000Z'.length;

// Formatting a date costs as much as a fifth of the encoding, and most events of a second share it.
let formattedSecond = Number.NaN;
let formatted = '';

/** What `JSON.stringify` would have to escape: everything but printable ASCII without `"` and `\`. */
const NEEDS_ESCAPE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

function writeString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function write(value: unknown, key: string): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'bigint':
      if (!key.endsWith('Minor')) throw new TypeError(`"${key}" is a bigint, but its name does not end in Minor`);
      return `"${value}"`;
    case 'number':
      if (!Number.isSafeInteger(value) || key.endsWith('Minor')) {
        throw new TypeError(`"${key}" is ${value}: numbers in events are safe integers, amounts are bigints`);
      }
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) break;
      if (Array.isArray(value)) return writeArray(value, key);
      // The only names that come from outside: they need escaping, and may end in anything.
      return key === 'privateData' ? JSON.stringify(value) : writeObject(value);
  }
  throw new TypeError(`"${key}" is ${value === null ? 'null' : `a ${typeof value}`}: not part of any event`);
}

function writeArray(items: readonly unknown[], key: string): string {
  let text = '[';
  for (let at = 0; at < items.length; at += 1) text += (at === 0 ? '' : ',') + write(items[at], key);
  return `${text}]`;
}

function writeObject(object: object): string {
  let text = '';
  for (const key in object) {
    const value: unknown = object[key as keyof typeof object];
    if (value !== undefined) text += `${text === '' ? '{"' : ',"'}${key}":${write(value, key)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}
