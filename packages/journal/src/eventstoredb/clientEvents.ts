// clientEvents.ts: events as the client takes and gives them.

import type { AllStreamRecordedEvent, EventData, JSONType, RecordedEvent } from '@eventstore/db-client';
import { InvalidAppend, JournalCorrupt } from '../errors.ts';
import type { EventToAppend, StoredEvent } from '../journal.ts';

/**
 * The client parses and writes JSON itself, so a text comes back as it was given only when JSON.stringify would write
 * the same: anything else is `InvalidAppend`. (EventStoreDB's own tools show JSON only of events that say they are JSON.)
 */
export function toClientEvent({ id, type, data, metadata }: EventToAppend): EventData {
  const parsed = parsedExactly(id, 'data', data) as JSONType;
  parsedExactly(id, 'metadata', metadata);
  // As bytes, metadata is stored as it is.
  return { id, type, contentType: 'application/json', data: parsed, metadata: new Uint8Array(Buffer.from(metadata)) };
}

function parsedExactly(id: string, field: string, text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InvalidAppend(`the ${field} of event ${id} is no JSON`);
  }
  if (JSON.stringify(parsed) !== text) {
    throw new InvalidAppend(
      `the ${field} of event ${id} must be as JSON.stringify writes it, so that it stays as it is`,
    );
  }
  return parsed;
}

/** Not the server's own, nor of another installation. */
export function isOurs(
  { streamId, type }: { readonly streamId: string; readonly type: string },
  before: string,
): boolean {
  return streamId.startsWith(before) && !streamId.startsWith('$') && !type.startsWith('$');
}

/** `before` is the stream prefix, which the name loses. Throws `JournalCorrupt` for an event that is none of Holdfast's. */
export function toStoredEvent(event: RecordedEvent | AllStreamRecordedEvent, before: string): StoredEvent {
  const { streamId, id, type, position, isJson } = event;
  if (!isJson || position === undefined) {
    throw new JournalCorrupt(`event ${id} of stream ${streamId} is not JSON: it was not written by Holdfast`);
  }
  return {
    id,
    type,
    data: JSON.stringify(event.data),
    metadata: event.metadata === undefined ? 'null' : JSON.stringify(event.metadata),
    stream: streamId.slice(before.length),
    revision: Number(event.revision),
    position: position.commit,
  };
}
