// sending.ts: answers of a reading, one after the other, as fast as the other side takes them.

import streams, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Position, StoredEvent } from '@holdfast/journal';
import { NO_METADATA } from './batchAppend.ts';
import { toIdentifier, toUuid } from './wire.ts';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Resolves when the next one may be sent: at once, after the other side has read on, or when it has gone. */
export async function send(call: ReadCall, response: ReadResp): Promise<void> {
  if (gone(call) || call.write(response)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ['drain', 'cancelled', 'close']) call.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'cancelled', 'close']) call.on(event, go);
  });
}

export function gone(call: ReadCall): boolean {
  return call.cancelled || call.destroyed;
}

export function eventResponse(
  { id, type, data, metadata, stream, revision, position }: StoredEvent,
  structuredIds: boolean,
): ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  event.setId(toUuid(id, structuredIds));
  event.setStreamIdentifier(toIdentifier(stream));
  event.setStreamRevision(String(revision));
  event.setCommitPosition(position.toString());
  event.setPreparePosition(position.toString());
  const map = event.getMetadataMap();
  map.set('type', type);
  map.set('content-type', 'application/json');
  // The journal keeps no time of its own.
  map.set('created', '0');
  event.setData(Buffer.from(data));
  if (metadata !== NO_METADATA) event.setCustomMetadata(Buffer.from(metadata));
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(event);
  read.setCommitPosition(position.toString());
  const response = new streams.ReadResp();
  response.setEvent(read);
  return response;
}

export function checkpointResponse(position: Position): ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(position.toString());
  checkpoint.setPreparePosition(position.toString());
  const response = new streams.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

export function caughtUpResponse(): ReadResp {
  const response = new streams.ReadResp();
  response.setCaughtUp(new streams.ReadResp.CaughtUp());
  return response;
}

export function confirmationResponse(id: string): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(id);
  const response = new streams.ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

export function notFoundResponse(stream: string): ReadResp {
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(toIdentifier(stream));
  const response = new streams.ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}
