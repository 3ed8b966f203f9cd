// position.ts: where a reading of the whole log begins.

import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import type { Position } from '@holdfast/journal';
import { rpcError } from './wire.ts';

/** Undefined for the start or the end. Throws as a real server does when the halves cannot be. */
export function positionOf(options: ReadReq.Options.AllOptions): Position | undefined {
  const position = options.getPosition();
  if (position === undefined) return undefined;
  const commit = BigInt(position.getCommitPosition());
  if (commit < BigInt(position.getPreparePosition())) {
    throw rpcError(grpc.status.UNKNOWN, 'Exception was thrown by handler.');
  }
  return commit;
}
