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
  const events =
    stream !== undefined ? streamEvents(node, stream, backwards, count) : all && allEvents(node, all, backwards);
  if (events === undefined)
    throw rpcError(grpc.status.INVALID_ARGUMENT, 'a read of neither a stream nor the whole log');
  const sent = await sendEvents(call, events, count, structured);
  if (sent > 0 || stream === undefined) return;
  const name = nameOf(stream.getStreamIdentifier());
  if (!(await exists(node.journal, name))) await send(call, notFoundResponse(name));
}

/** Returns how many were sent. */
async function sendEvents(
  call: ReadCall,
  events: AsyncIterable<StoredEvent>,
  count: number,
  structured: boolean,
): Promise<number> {
  let sent = 0;
  if (count === 0) return sent;
  for await (const event of events) {
    await send(call, eventResponse(event, structured));
    sent++;
    if (sent >= count || gone(call)) break;
  }
  return sent;
}

async function* streamEvents(
  { journal }: Node,
  options: ReadReq.Options.StreamOptions,
  backwards: boolean,
  count: number,
): AsyncGenerator<StoredEvent> {
  if (options.hasEnd() && !backwards) throw rpcError(grpc.status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const given = options.hasRevision() ? Number(options.getRevision()) : undefined;
  const from = options.hasStart() ? 0 : given;
  const pages = journal.readStream(nameOf(options.getStreamIdentifier()), {
    direction: backwards ? 'backwards' : 'forwards',
    limit: Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY,
    ...(from === undefined ? {} : { from }),
  });
  for await (const page of pages) yield* page;
}

async function* allEvents(
  { journal }: Node,
  options: ReadReq.Options.AllOptions,
  backwards: boolean,
): AsyncGenerator<StoredEvent> {
  if (backwards ? options.hasStart() : options.hasEnd()) return;
  const from = positionOf(options);
  if (from !== undefined) await checkRecord(journal, from);
  if (!backwards) {
    const first = from === undefined ? undefined : await journal.eventAt(from);
    if (first !== undefined) yield first;
    for await (const { events } of journal.readAll({ after: from ?? 0n })) yield* events;
    return;
  }
  // Positions without gaps: so many of them are so many events.
  let upTo = from === undefined ? await journal.head() : from - 1n;
  for (let step = FIRST_STEP; upTo > 0n; step *= 2n) {
    const after = upTo > step ? upTo - step : 0n;
    const pages = await Array.fromAsync(journal.readAll({ after, upTo }));
    yield* pages.flatMap(({ events }) => events).reverse();
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

function isRpcError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function asRpcError(error: unknown): Error {
  return rpcError(grpc.status.UNKNOWN, error instanceof Error ? error.message : String(error));
}
