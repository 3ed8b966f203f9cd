// subscribe.ts: catch-up subscriptions: confirmation, what is there, a checkpoint, caught-up, then what comes.

import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, StoredEvent } from '@holdfast/journal';
import { toFilter } from './filter.ts';
import type { Node } from './node.ts';
import { positionOf } from './position.ts';
import type { ReadCall } from './sending.ts';
import { caughtUpResponse, checkpointResponse, confirmationResponse, eventResponse, gone, send } from './sending.ts';
import { nameOf } from './wire.ts';

type Follower = {
  readonly after: Position | 'end';
  readonly streamPrefixes?: readonly string[];
  onEvent(event: StoredEvent): Promise<void>;
  /** Before caught-up is sent; `position` is how far the log was read. */
  onCaughtUp?(position: Position): Promise<void>;
};

export async function subscribeToStream(
  node: Node,
  call: ReadCall,
  options: ReadReq.Options.StreamOptions,
  structured: boolean,
): Promise<void> {
  const stream = nameOf(options.getStreamIdentifier());
  const after = options.hasRevision() ? Number(options.getRevision()) : -1;
  await follow(node, call, {
    after: options.hasEnd() ? 'end' : 0n,
    streamPrefixes: [stream],
    onEvent: async (event) => {
      if (event.stream === stream && event.revision > after) await send(call, eventResponse(event, structured));
    },
  });
}

export async function subscribeToAll(
  node: Node,
  call: ReadCall,
  options: ReadReq.Options.AllOptions,
  filterOptions: ReadReq.Options.FilterOptions | undefined,
  structured: boolean,
): Promise<void> {
  const filter = toFilter(filterOptions);
  let considered = 0;
  let told = -1n;
  /** Never the same one twice. */
  const checkpoint = async (position: Position): Promise<void> => {
    considered = 0;
    if (position <= told) return;
    told = position;
    await send(call, checkpointResponse(position));
  };
  await follow(node, call, {
    after: options.hasEnd() ? 'end' : (positionOf(options) ?? 0n),
    onEvent: async (event) => {
      if (filter === undefined || filter.matches(event)) await send(call, eventResponse(event, structured));
      if (filter !== undefined && ++considered >= filter.checkpointEvery) await checkpoint(event.position);
    },
    onCaughtUp: async (position) => {
      if (filter !== undefined && position > 0n) await checkpoint(position);
    },
  });
}

/** Runs until the other side has gone, or fails with what ended the subscription to the journal. */
async function follow({ journal }: Node, call: ReadCall, follower: Follower): Promise<void> {
  await send(call, confirmationResponse(randomUUID()));
  let caughtUp = false;
  let read = follower.after === 'end' ? 0n : follower.after;
  const tell = async (position: Position): Promise<void> => {
    caughtUp = true;
    await follower.onCaughtUp?.(position);
    await send(call, caughtUpResponse());
  };
  let telling: Promise<void> = Promise.resolve();
  const subscription = journal.subscribe({
    after: follower.after,
    ...(follower.streamPrefixes === undefined ? {} : { filter: { streamPrefixes: follower.streamPrefixes } }),
    onPage: async ({ events, position }) => {
      await telling;
      for (const event of events) {
        if (gone(call)) return;
        await follower.onEvent(event);
      }
      read = position;
    },
    onCaughtUp: (position) => {
      // Once: a journal says it again after each further page, a server only after it had fallen behind.
      if (!caughtUp) telling = tell(position > read ? position : read);
    },
  });
  const close = (): void => void subscription.close();
  call.on('cancelled', close);
  call.on('close', close);
  if (gone(call)) close();
  await subscription.ended;
}
