// read.ts: readings that end: of one stream, or of the whole log.

import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import type { JournalReader, Position, StoredEvent } from '@holdfast/journal';
import type { Node } from './node.ts';
import { positionOf } from './position.ts';
import type { ReadCall } from './sending.ts';
import { eventResponse, gone, notFoundResponse, send } from './sending.ts';
import { subscribeToAll, subscribeToStream } from './subscribe.ts';
import { nameOf, rpcError } from './wire.ts';

const BACKWARDS = 1;
/** Events that a reading backwards of the whole log looks for first; then twice as many, and so on. */
const FIRST_STEP = 64n;

export async function read(node: Node, call: ReadCall): Promise<void> {
  call.on('error', () => {});
  try {
    await readOrSubscribe(node, call);
    if (!gone(call)) call.end();
  } catch (error) {
    // The library ends the call with the status that the error names.
    if (!gone(call)) call.emit('error', isRpcError(error) ? error : asRpcError(error));
  }
}

async function readOrSubscribe(node: Node, call: ReadCall): Promise<void> {
  if (node.electing && call.metadata.get('requires-leader')[0] === 'true') {
    throw rpcError(grpc.status.UNAVAILABLE, 'Server Is Not Ready');
  }
  const options = call.request.getOptions();
  const stream = options?.getStream();
  const all = options?.getAll();
  if (options === undefined) throw rpcError(grpc.status.INVALID_ARGUMENT, 'a read without options');
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  if (options.hasSubscription()) {
    if (options.getReadDirection() === BACKWARDS)
      throw rpcError(grpc.status.INVALID_ARGUMENT, 'a subscription backwards');
    if (stream !== undefined) return subscribeToStream(node, call, stream, structured);
    if (all !== undefined) return subscribeToAll(node, call, all, options.getFilter(), structured);
  }
  if (options.hasFilter()) throw rpcError(grpc.status.UNIMPLEMENTED, 'this server filters subscriptions only');
  const count = Number(options.getCount());
  const backwards = options.getReadDirection() === BACKWARDS;
  const send = (event: StoredEvent): Promise<void> => sendEvent(call, event, structured);
  if (stream !== undefined) return readStream(node, call, stream, backwards, count, send);
  if (all !== undefined)
    return backwards ? allBackwards(node, call, all, count, send) : allForwards(node, call, all, count, send);
  throw rpcError(grpc.status.INVALID_ARGUMENT, 'a read of neither a stream nor the whole log');
}

async function readStream(
  { journal }: Node,
  call: ReadCall,
  options: ReadReq.Options.StreamOptions,
  backwards: boolean,
  count: number,
  send: (event: StoredEvent) => Promise<void>,
): Promise<void> {
  const stream = nameOf(options.getStreamIdentifier());
  if (options.hasEnd() && !backwards) throw rpcError(grpc.status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const from = options.hasRevision() ? Number(options.getRevision()) : undefined;
  const limit = Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY;
  let sent = 0;
  const direction = backwards ? ('backwards' as const) : ('forwards' as const);
  const first = options.hasStart() && backwards ? 0 : from;
  for await (const page of journal.readStream(stream, {
    direction,
    limit,
    ...(first === undefined ? {} : { from: first }),
  })) {
    for (const event of page) {
      await send(event);
      sent++;
      if (gone(call)) return;
    }
  }
  if (sent === 0 && !(await exists(journal, stream))) await sendNotFound(call, stream);
}

async function allForwards(
  { journal }: Node,
  call: ReadCall,
  options: ReadReq.Options.AllOptions,
  count: number,
  send: (event: StoredEvent) => Promise<void>,
): Promise<void> {
  if (options.hasEnd()) return;
  const from = positionOf(options);
  if (from !== undefined) await checkRecord(journal, from);
  let sent = 0;
  for await (const { events } of journal.readAll({ after: from === undefined || from === 0n ? 0n : from - 1n })) {
    for (const event of events) {
      if (sent >= count || gone(call)) return;
      await send(event);
      sent++;
    }
  }
}

async function allBackwards(
  { journal }: Node,
  call: ReadCall,
  options: ReadReq.Options.AllOptions,
  count: number,
  send: (event: StoredEvent) => Promise<void>,
): Promise<void> {
  if (options.hasStart()) return;
  const from = positionOf(options);
  if (from !== undefined) await checkRecord(journal, from);
  let upTo = from === undefined ? await journal.head() : from - 1n;
  let sent = 0;
  for (let step = FIRST_STEP; upTo > 0n && sent < count; step *= 2n) {
    const after = upTo > step ? upTo - step : 0n;
    const pages = await Array.fromAsync(journal.readAll({ after, upTo }));
    for (const event of pages.flatMap(({ events }) => events).reverse()) {
      if (sent >= count || gone(call)) return;
      await send(event);
      sent++;
    }
    upTo = after;
  }
}

/** A real server reads its file at the position, and finds there that no record begins; beyond the head it finds nothing. */
async function checkRecord(journal: JournalReader, position: Position): Promise<void> {
  if (position > (await journal.head())) return;
  if (position > 0n && (await journal.eventAt(position)) === undefined) {
    throw rpcError(grpc.status.UNKNOWN, 'Unexpected ReadAllResult: InvalidPosition');
  }
}

async function exists(journal: JournalReader, stream: string): Promise<boolean> {
  for await (const page of journal.readStream(stream, { limit: 1 })) if (page.length > 0) return true;
  return false;
}

function sendEvent(call: ReadCall, event: StoredEvent, structured: boolean): Promise<void> {
  return send(call, eventResponse(event, structured));
}

function sendNotFound(call: ReadCall, stream: string): Promise<void> {
  return send(call, notFoundResponse(stream));
}

function isRpcError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function asRpcError(error: unknown): Error {
  return rpcError(grpc.status.UNKNOWN, error instanceof Error ? error.message : String(error));
}
