// node.ts: what the handlers of one server share.

import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import type { Journal } from '@holdfast/journal';
import type { Faults } from './faults.ts';

export type Node = {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly host: string;
  readonly port: number;
  /** What it says that it is. */
  readonly version: string;
  /** While the nodes of a cluster choose a leader, nothing is written, nor read where a leader is needed. */
  readonly electing: boolean;
  /** Ends the connection that a call came on, as a lost network would. */
  cut(call: ServerDuplexStream<unknown, unknown> | ServerWritableStream<unknown, unknown>): void;
};
