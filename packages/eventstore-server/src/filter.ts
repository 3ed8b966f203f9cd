// filter.ts: which events a subscription asks for, and how often it hears how far the server has looked.

import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import type { StoredEvent } from '@holdfast/journal';
import { rpcError } from './wire.ts';

/** Events that are looked at together, unless the client says otherwise. */
const SEARCH_WINDOW = 32;

export type SubscriptionFilter = {
  matches(event: StoredEvent): boolean;
  /** A checkpoint comes after so many events were looked at, matching or not. */
  readonly checkpointEvery: number;
};

/** Undefined without a filter. Throws as a real server does for an expression that cannot be read. */
export function toFilter(options: ReadReq.Options.FilterOptions | undefined): SubscriptionFilter | undefined {
  if (options === undefined) return undefined;
  const byName = options.getStreamIdentifier();
  const expression = byName ?? options.getEventType();
  if (expression === undefined) throw rpcError(grpc.status.INVALID_ARGUMENT, 'a filter by neither stream nor type');
  const matches = matcher(expression.getRegex(), expression.getPrefixList());
  const window = options.hasMax() ? options.getMax() : SEARCH_WINDOW;
  return {
    matches: byName === undefined ? ({ type }) => matches(type) : ({ stream }) => matches(stream),
    checkpointEvery: Math.max(1, options.getCheckpointintervalmultiplier()) * window,
  };
}

function matcher(regex: string, prefixes: readonly string[]): (text: string) => boolean {
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    // Like a real server's, it may match anywhere in the text.
    const pattern = new RegExp(regex);
    return (text) => pattern.test(text);
  } catch {
    throw rpcError(grpc.status.UNKNOWN, 'Exception was thrown by handler.');
  }
}
